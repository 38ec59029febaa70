package io.headrace.tracking;

import java.util.List;

/** The tables of evaluation datasets. What a record expects, and its tags, are JSON each. */
final class EvaluationTables {
  static final String ROOM = "evaluation";

  /** Released steps never change; add to the end. */
  static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              create table evaluation_datasets (
                number bigint primary key,
                dataset_id text not null unique,
                name text not null,
                created bigint not null,
                updated bigint not null,
                created_by text,
                updated_by text)\
              """,
              "create index evaluation_datasets_newest on evaluation_datasets (created desc, dataset_id)",
              """
              create table evaluation_dataset_tags (
                dataset bigint not null,
                name text not null,
                value text not null,
                primary key (dataset, name))\
              """,
              """
              create table evaluation_dataset_experiments (
                dataset bigint not null,
                experiment bigint not null,
                primary key (dataset, experiment))\
              """,
              """
              create table evaluation_schema (
                dataset bigint not null,
                part text not null,
                name text not null,
                type text not null,
                primary key (dataset, part, name))\
              """,
              """
              create table evaluation_records (
                number bigint primary key,
                record_id text not null unique,
                dataset bigint not null,
                inputs_digest text not null,
                inputs text not null,
                outputs text,
                source text,
                source_type text not null,
                created bigint not null,
                updated bigint not null,
                created_by text,
                updated_by text,
                unique (dataset, inputs_digest))\
              """,
              "create index evaluation_records_order on evaluation_records (dataset, number)",
              """
              create table evaluation_record_fields (
                record bigint not null,
                kind text not null,
                name text not null,
                value text not null,
                primary key (record, kind, name))\
              """));

  private EvaluationTables() {}
}
