package io.headrace.http;

import io.headrace.access.Asker;
import java.io.InputStream;
import java.util.Optional;

/** One request. */
public interface Call {
  /** In upper case. */
  String method();

  /** As it came: percent-encoded, not normalised, without the query. */
  String path();

  /** As it came, without the question mark; empty when there is none. */
  String query();

  /** The first header of that name; case does not matter. */
  Optional<String> header(String name);

  /** Read once; blocks. */
  InputStream body();

  /** The address of the other end. */
  String from();

  /** Who asks, once that was looked at. */
  default Asker asker() {
    return Asker.NOBODY;
  }

  /** Which call it is, once that was looked at; empty for one that there is not. */
  default Optional<RouteTable.Match> match() {
    return Optional.empty();
  }

  /** Says what the call is about, for the log of deeds. */
  default void concerns(String what) {}
}
