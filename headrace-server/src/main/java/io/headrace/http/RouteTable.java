package io.headrace.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All calls that a server answers. Thread-safe once made. */
public final class RouteTable {
  private final List<Route> all;
  private final Map<String, Route> exact = new HashMap<>();
  private final Map<String, List<Route>> shaped = new HashMap<>();
  private final List<Route> deep = new ArrayList<>();

  /**
   * A route and what stands for the names in its path.
   *
   * @param parts percent-encoded, as they came
   */
  public record Match(Route route, Map<String, String> parts) {
    public Match {
      parts = Map.copyOf(parts);
    }
  }

  /**
   * Makes the table.
   *
   * @throws IllegalArgumentException when a call is there twice
   */
  public RouteTable(Collection<Route> routes) {
    all = List.copyOf(routes);
    for (Route route : all) {
      if (route.path().endsWith("...}")) {
        deep.add(route);
      } else if (route.path().indexOf('{') >= 0) {
        shaped
            .computeIfAbsent(shape(route.method(), route.path()), _ -> new ArrayList<>())
            .add(route);
      } else if (exact.put(route.method() + " " + route.path(), route) != null) {
        throw new IllegalArgumentException("declared twice: " + route);
      }
    }
  }

  /** All routes, in their order. */
  public List<Route> all() {
    return all;
  }

  private static String shape(String method, String path) {
    return method + " " + path.chars().filter(c -> c == '/').count();
  }

  /** The route of a call; a HEAD is a GET without the body. */
  public Optional<Match> find(String method, String path) {
    String its = method.equals("HEAD") ? "GET" : method;
    Route known = exact.get(its + " " + path);
    if (known != null) {
      return Optional.of(new Match(known, Map.of()));
    }
    for (Route route : shaped.getOrDefault(shape(its, path), List.of())) {
      Optional<Match> match = match(route, path);
      if (match.isPresent()) {
        return match;
      }
    }
    for (Route route : deep) {
      int brace = route.path().indexOf('{');
      if (route.method().equals(its) && path.startsWith(route.path().substring(0, brace))) {
        String name = route.path().substring(brace + 1, route.path().length() - "...}".length());
        return Optional.of(new Match(route, Map.of(name, path.substring(brace))));
      }
    }
    return Optional.empty();
  }

  private static Optional<Match> match(Route route, String path) {
    String[] wanted = route.path().split("/", -1);
    String[] given = path.split("/", -1);
    Map<String, String> parts = new LinkedHashMap<>();
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].startsWith("{")) {
        if (given[i].isEmpty()) {
          return Optional.empty();
        }
        parts.put(wanted[i].substring(1, wanted[i].length() - 1), given[i]);
      } else if (!wanted[i].equals(given[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(new Match(route, parts));
  }
}
