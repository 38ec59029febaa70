package io.headrace.cli;

/** How results are printed. */
enum OutputFormat {
  /** For people. */
  TEXT,
  JSON,
  JSONC,
  YAML,
  YAMLC,
  TABLE,
  TSV,
  NONE
}
