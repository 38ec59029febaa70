package io.headrace.access;

import java.util.List;

/** The tables of this room. Of tokens and sessions only digests are kept. */
final class Tables {
  static final String ROOM = "access";

  /** Released steps never change; add to the end. */
  static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              create table access_users (
                name text not null primary key,
                display_name text not null,
                password text,
                created_ms bigint not null)\
              """,
              """
              create table access_tokens (
                number bigint not null primary key,
                user_name text not null,
                label text not null,
                digest text not null unique,
                created_ms bigint not null,
                expires_ms bigint)\
              """,
              "create index access_tokens_user on access_tokens (user_name)",
              // The object is empty for what counts everywhere.
              """
              create table access_grants (
                user_name text not null,
                scope text not null,
                object text not null,
                role text not null,
                primary key (user_name, scope, object))\
              """,
              """
              create table access_sessions (
                digest text not null primary key,
                user_name text not null,
                created_ms bigint not null,
                expires_ms bigint not null)\
              """,
              """
              create table access_audit (
                number bigint not null primary key,
                at_ms bigint not null,
                user_name text not null,
                action text not null,
                object text not null,
                origin text not null,
                answer bigint not null)\
              """,
              "create index access_audit_user on access_audit (user_name, number)"));

  private Tables() {}
}
