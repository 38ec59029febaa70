package io.headrace.cli;

/** How results are printed. */
enum OutputFormat {
  TEXT,
  JSON
}
