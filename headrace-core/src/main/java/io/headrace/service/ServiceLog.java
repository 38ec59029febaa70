package io.headrace.service;

/** Where a process that goes on tells what nobody waits for. Called on any thread. */
public interface ServiceLog {
  /** Something was done. */
  void note(String line);

  /**
   * Something could not be done.
   *
   * @param doing one line, without secrets
   */
  void failed(String doing, Throwable cause);
}
