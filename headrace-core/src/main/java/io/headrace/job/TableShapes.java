package io.headrace.job;

import static io.headrace.job.Terms.ANYTHING;
import static io.headrace.job.Terms.OPEN_TABLE;
import static io.headrace.job.Terms.TEXT;
import static io.headrace.job.Terms.VERSION;
import static io.headrace.job.Terms.either;
import static io.headrace.job.Terms.field;
import static io.headrace.job.Terms.items;
import static io.headrace.job.Terms.needed;
import static io.headrace.job.Terms.object;
import static io.headrace.job.Terms.words;

/** The {@code MLTable} file in a folder of tabular data. */
final class TableShapes {
  private TableShapes() {}

  static Shape mlTable() {
    var path = object("a path", field("file", TEXT), field("folder", TEXT), field("pattern", TEXT));
    return object(
        "an MLTable",
        field("$schema", ANYTHING),
        field("type", words("mltable")),
        needed("paths", items(path)),
        field("transformations", items(either("a name, or a mapping", TEXT, OPEN_TABLE))),
        field("metadata", OPEN_TABLE),
        field("traits", OPEN_TABLE),
        field("name", TEXT),
        field("version", VERSION),
        field("description", TEXT),
        field("tags", OPEN_TABLE));
  }
}
