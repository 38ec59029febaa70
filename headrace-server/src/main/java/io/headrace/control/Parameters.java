package io.headrace.control;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of a query; of a repeated one the last counts. */
record Parameters(Map<String, String> fields) {
  private static final int MOST = 100;

  static Parameters of(String query) {
    var fields = new LinkedHashMap<String, String>();
    for (String pair : query.split("&", MOST)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        fields.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return new Parameters(fields);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "the query is not percent-encoded rightly")
          .asException(e);
    }
  }

  /** A field's text; empty when it is not there. */
  String text(String field) {
    return fields.getOrDefault(field, "");
  }

  /** A field's number. */
  long number(String field, long otherwise) {
    String text = text(field);
    try {
      return text.isEmpty() ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "'" + field + "' must be a whole number")
          .asException(e);
    }
  }
}
