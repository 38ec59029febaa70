package io.headrace.http;

/**
 * A call that there is. What is not in the table of routes is not answered.
 *
 * @param path as it is sent; {@code {name}} stands for one part, {@code {name...}} for all the rest
 * @param label the path without what differs among versions of an API
 */
public record Route(String method, String path, String label, Needs needs, Trail trail) {
  /** What of the calls goes into the log of deeds; a refusal always does. */
  public enum Trail {
    /** None: they change nothing. */
    NONE,
    /** Each. */
    EACH,
    /** The first in an hour by one user on one object: they come in thousands. */
    FIRST
  }

  /** A route whose calls change something, unless they are GETs. */
  public static Route of(String method, String path, Needs needs) {
    return new Route(method, path, path, needs, method.equals("GET") ? Trail.NONE : Trail.EACH);
  }

  /** The same with another trail. */
  public Route with(Trail other) {
    return new Route(method, path, label, needs, other);
  }

  /** The same below another path. */
  public Route below(String prefix) {
    return new Route(method, prefix + path, label, needs, trail);
  }

  /** As logs and metrics show it. */
  public String text() {
    return method + " " + label;
  }
}
