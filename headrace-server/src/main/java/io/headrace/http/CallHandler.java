package io.headrace.http;

import java.io.IOException;

/** Answers requests, many at once, each on a thread of its own. */
@FunctionalInterface
public interface CallHandler {
  /** What is thrown becomes an answer with status 500 and a line in the log. */
  Answer answer(Call call) throws IOException;
}
