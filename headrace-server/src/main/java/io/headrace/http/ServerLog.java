package io.headrace.http;

/** Where a server tells what nobody else would learn of. Called on any thread. */
@FunctionalInterface
public interface ServerLog {
  /**
   * Something went wrong that is not the client's mistake.
   *
   * @param doing what was being done, one line without secrets
   */
  void failed(String doing, Throwable cause);
}
