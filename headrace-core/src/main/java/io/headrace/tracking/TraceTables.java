package io.headrace.tracking;

import java.util.List;

/**
 * The tables of traces. A trace has a number besides its id, as a run has; what a filter may ask
 * for is a column, or a row that is found by the trace's number and a key.
 */
final class TraceTables {
  static final String ROOM = "traces";

  /** Released steps never change; add to the end. */
  static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              create table traces (
                number bigint primary key,
                trace_id text not null unique,
                experiment bigint not null,
                started bigint not null,
                duration bigint,
                state text not null,
                client_request_id text,
                request_preview text,
                response_preview text,
                name text,
                session text,
                complete bigint not null)\
              """,
              "create index traces_newest on traces (experiment, started desc, trace_id)",
              "create index traces_session on traces (session) where session is not null",
              """
              create table trace_tags (
                trace bigint not null,
                name text not null,
                value text not null,
                primary key (trace, name))\
              """,
              """
              create table trace_metadata (
                trace bigint not null,
                name text not null,
                value text not null,
                primary key (trace, name))\
              """,
              """
              create table trace_spans (
                trace bigint not null,
                span_id text not null,
                parent text not null,
                name text not null,
                type text,
                status text not null,
                started bigint not null,
                content text not null,
                primary key (trace, span_id))\
              """,
              """
              create table trace_assessments (
                assessment_id text primary key,
                trace bigint not null,
                kind text not null,
                name text not null,
                value text not null,
                number double precision,
                error_code text,
                error_message text,
                error_trace text,
                source_type text not null,
                source_id text not null,
                created bigint not null,
                updated bigint not null,
                span_id text,
                rationale text,
                overrides text,
                valid bigint not null)\
              """,
              "create index trace_assessments_trace on trace_assessments (trace, kind, name)",
              """
              create table trace_assessment_metadata (
                assessment text not null,
                name text not null,
                value text not null,
                primary key (assessment, name))\
              """,
              """
              create table trace_links (
                trace bigint not null,
                kind text not null,
                target text not null,
                primary key (trace, kind, target))\
              """,
              "create index trace_links_target on trace_links (kind, target)"));

  private TraceTables() {}
}
