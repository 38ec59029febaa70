package io.headrace.asset;

import io.headrace.spi.MetadataStore;
import java.util.List;

/** The tables of this room. */
final class Tables {
  static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              create table asset (
                kind text not null,
                name text not null,
                version text not null,
                number bigint not null,
                body text not null,
                description text not null,
                tags text not null,
                properties text not null,
                archived bigint not null,
                created_ms bigint not null,
                modified_ms bigint not null,
                created_by text not null,
                job text not null,
                primary key (kind, name, version))\
              """,
              "create index asset_by_number on asset (kind, number)",
              """
              create table asset_label (
                kind text not null,
                name text not null,
                label text not null,
                version text not null,
                primary key (kind, name, label))\
              """,
              // What runs are to register; version is empty for the next one.
              """
              create table asset_output (
                run_id text not null,
                step text not null,
                output text not null,
                name text not null,
                version text not null,
                made text not null,
                refused text not null,
                primary key (run_id, step, output))\
              """),
          List.of(
              // Which file holds the secrets that are in force.
              """
              create table asset_secret (
                kind text not null,
                name text not null,
                file text not null,
                primary key (kind, name))\
              """,
              // Secrets once were in the bodies: what may hold one still, or a trace of one.
              """
              create table asset_unsealed as select kind, name from asset
                where version = ''\
              """));

  private Tables() {}

  static void migrate(MetadataStore records) {
    records.migrate("asset", STEPS);
  }
}
