package io.headrace.spec;

/** Where a command's files are. */
public sealed interface CodeReference {
  /** No {@code code:}. */
  record None() implements CodeReference {}

  /** A folder or one file. */
  record Local(LocalPath path) implements CodeReference {}

  /** {@code git+https://…}, {@code azureml:name:version} or a URL. */
  record Remote(Written reference) implements CodeReference {}
}
