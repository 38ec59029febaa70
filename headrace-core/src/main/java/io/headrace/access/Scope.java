package io.headrace.access;

/** What a role is for. */
public sealed interface Scope {
  /** All that the server has. */
  record Everywhere() implements Scope {}

  /**
   * One experiment with its runs, traces and files.
   *
   * @param id stays when the experiment gets another name
   */
  record Experiment(String id) implements Scope {}

  /** One registered model, whether it is there yet or not. */
  record Model(String name) implements Scope {}

  /** As the log shows it. */
  default String text() {
    return switch (this) {
      case Everywhere() -> "everything";
      case Experiment(String id) -> "experiment " + id;
      case Model(String name) -> "model " + name;
    };
  }
}
