package io.headrace.cli;

/** How results are printed. */
enum OutputFormat {
  TEXT,
  JSON,
  /** What az calls the text for people. */
  TABLE
}
