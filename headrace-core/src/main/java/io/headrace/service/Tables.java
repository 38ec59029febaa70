package io.headrace.service;

import io.headrace.spi.MetadataStore;
import java.util.List;

/** The tables of this room. */
final class Tables {
  private static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              create table served_run (
                run_id text not null primary key,
                parallel bigint not null)\
              """,
              // The latest moment that was dealt with.
              """
              create table schedule_state (
                name text not null primary key,
                last_ms bigint not null)\
              """,
              """
              create table schedule_start (
                name text not null,
                moment_ms bigint not null,
                run_id text not null,
                missed bigint not null,
                state text not null,
                why text not null,
                primary key (name, moment_ms))\
              """,
              "create index schedule_start_open on schedule_start (state)"));

  private Tables() {}

  static void migrate(MetadataStore records) {
    records.migrate("service", STEPS);
  }
}
