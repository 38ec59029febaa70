package io.headrace.registry;

import java.util.List;

/**
 * The tables of this room. Models have numbers, so that a rename changes one row. A deleted version
 * leaves its row, so that its number is not given again while the model lives.
 */
final class Tables {
  static final String ROOM = "registry";

  /** Released steps never change; add to the end. */
  static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              create table registry_models (
                number bigint primary key,
                name text not null unique,
                description text not null,
                deployment_job text not null,
                created bigint not null,
                updated bigint not null)\
              """,
              """
              create table registry_model_tags (
                model bigint not null,
                name text not null,
                value text not null,
                primary key (model, name))\
              """,
              "create index registry_model_tags_value on registry_model_tags (name, value)",
              """
              create table registry_versions (
                model bigint not null,
                version bigint not null,
                description text,
                user_id text not null,
                stage text not null,
                source text not null,
                location text not null,
                run_id text,
                run_link text,
                model_id text not null,
                status text not null,
                status_message text not null,
                created bigint not null,
                updated bigint not null,
                asset_version text not null,
                inspected bigint not null,
                path text not null,
                bytes bigint not null,
                format text not null,
                signature text not null,
                findings text not null,
                primary key (model, version))\
              """,
              "create index registry_versions_newest on registry_versions (updated desc)",
              "create index registry_versions_run on registry_versions (run_id)",
              "create index registry_versions_asset on registry_versions (model, asset_version)",
              """
              create table registry_version_tags (
                model bigint not null,
                version bigint not null,
                name text not null,
                value text not null,
                primary key (model, version, name))\
              """,
              "create index registry_version_tags_value on registry_version_tags (name, value)",
              """
              create table registry_aliases (
                model bigint not null,
                name text not null,
                version bigint not null,
                primary key (model, name))\
              """,
              """
              create table registry_alias_moves (
                number bigint primary key,
                model text not null,
                alias text not null,
                from_version bigint,
                to_version bigint,
                at bigint not null,
                user_id text not null)\
              """,
              "create index registry_alias_moves_model on registry_alias_moves (model, alias, number)",
              """
              create table registry_webhooks (
                number bigint primary key,
                webhook_id text not null unique,
                name text not null,
                description text not null,
                url text not null,
                secret text not null,
                status text not null,
                created bigint not null,
                updated bigint not null)\
              """,
              """
              create table registry_webhook_events (
                webhook bigint not null,
                event text not null,
                primary key (webhook, event))\
              """,
              "create index registry_webhook_events_event on registry_webhook_events (event)",
              """
              create table registry_deliveries (
                number bigint primary key,
                delivery_id text not null,
                webhook bigint not null,
                event text not null,
                body text not null,
                tries bigint not null,
                due bigint not null)\
              """,
              "create index registry_deliveries_due on registry_deliveries (due)"));

  private Tables() {}
}
