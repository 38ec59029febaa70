package io.headrace.http;

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
}
