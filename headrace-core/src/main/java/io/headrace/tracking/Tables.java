package io.headrace.tracking;

import java.util.List;

/**
 * The tables of this room. Runs and metric series have numbers besides their names, since a number
 * in each of a million points is cheaper than a name. A metric's row holds its latest point; all
 * points lie in a table of their own, in the order in which a history is read.
 */
final class Tables {
  static final String ROOM = "tracking";

  /** Released steps never change; add to the end. */
  static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              create table tracking_experiments (
                id bigint primary key,
                name text not null unique,
                location text not null,
                lifecycle text not null,
                created bigint not null,
                updated bigint not null)\
              """,
              """
              create table tracking_experiment_tags (
                experiment bigint not null,
                name text not null,
                value text not null,
                primary key (experiment, name))\
              """,
              """
              create table tracking_runs (
                number bigint primary key,
                run_id text not null unique,
                experiment bigint not null,
                parent text not null,
                name text not null,
                user_id text not null,
                status text not null,
                started bigint not null,
                ended bigint,
                lifecycle text not null,
                with_experiment bigint not null,
                manifest text not null,
                reused_from text not null)\
              """,
              "create index tracking_runs_newest on tracking_runs (experiment, started desc, run_id)",
              "create index tracking_runs_parent on tracking_runs (parent, number)",
              """
              create table tracking_params (
                run bigint not null,
                name text not null,
                value text not null,
                primary key (run, name))\
              """,
              """
              create table tracking_tags (
                run bigint not null,
                name text not null,
                value text not null,
                primary key (run, name))\
              """,
              """
              create table tracking_metrics (
                series bigint primary key,
                run bigint not null,
                name text not null,
                value double precision not null,
                is_nan bigint not null,
                logged_at bigint not null,
                step bigint not null,
                unique (run, name))\
              """,
              """
              create table tracking_points (
                series bigint not null,
                logged_at bigint not null,
                step bigint not null,
                value double precision not null,
                is_nan bigint not null,
                primary key (series, logged_at, step, value, is_nan))\
              """,
              """
              create table tracking_datasets (
                number bigint primary key,
                experiment bigint not null,
                name text not null,
                digest text not null,
                source_type text not null,
                source text not null,
                schema_text text not null,
                profile text not null,
                unique (experiment, name, digest))\
              """,
              """
              create table tracking_inputs (
                run bigint not null,
                dataset bigint not null,
                primary key (run, dataset))\
              """,
              """
              create table tracking_input_tags (
                run bigint not null,
                dataset bigint not null,
                name text not null,
                value text not null,
                primary key (run, dataset, name))\
              """,
              """
              create table tracking_model_inputs (
                run bigint not null,
                model_id text not null,
                primary key (run, model_id))\
              """,
              """
              create table tracking_model_outputs (
                run bigint not null,
                model_id text not null,
                step bigint not null,
                primary key (run, model_id))\
              """,
              """
              create table tracking_models (
                number bigint primary key,
                model_id text not null unique,
                experiment bigint not null,
                name text not null,
                model_type text not null,
                source_run text not null,
                status text not null,
                status_message text not null,
                created bigint not null,
                updated bigint not null,
                lifecycle text not null)\
              """,
              "create index tracking_models_newest on tracking_models (experiment, created desc, number desc)",
              """
              create table tracking_model_params (
                model bigint not null,
                name text not null,
                value text not null,
                primary key (model, name))\
              """,
              """
              create table tracking_model_tags (
                model bigint not null,
                name text not null,
                value text not null,
                primary key (model, name))\
              """,
              """
              create table tracking_model_metrics (
                model bigint not null,
                name text not null,
                run_id text not null,
                dataset_name text not null,
                dataset_digest text not null,
                value double precision not null,
                is_nan bigint not null,
                logged_at bigint not null,
                step bigint not null,
                primary key (model, name, run_id, dataset_name, dataset_digest))\
              """,
              """
              create table tracking_artifacts (
                folder text not null,
                name text not null,
                digest text not null,
                size bigint not null,
                primary key (folder, name))\
              """,
              "create index tracking_artifacts_digest on tracking_artifacts (digest)"),
          // Params that the engine gave: the step's own word replaces them.
          List.of("alter table tracking_params add column given bigint not null default 0"),
          // Points that came together, see PointList; the times first, so that a reader can pass
          // over the rest.
          List.of(
              """
              create table tracking_chunks (
                series bigint not null,
                first_at bigint not null,
                number bigint not null,
                last_at bigint not null,
                points blob not null,
                primary key (series, first_at, number))\
              """),
          // When a run was put aside: what is put aside long enough may be removed for good.
          List.of("alter table tracking_runs add column deleted bigint"));

  private Tables() {}
}
