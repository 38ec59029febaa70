package io.headrace.http;

import io.headrace.access.Asker;
import java.io.InputStream;
import java.util.Optional;

/** A call whose route and caller are known. */
final class Admitted implements Call {
  private final Call call;
  private final Optional<RouteTable.Match> match;
  private volatile Asker asker = Asker.NOBODY;
  private volatile String object = "";

  Admitted(Call call, Optional<RouteTable.Match> match) {
    this.call = call;
    this.match = match;
  }

  void by(Asker known) {
    asker = known;
  }

  @Override
  public String method() {
    return call.method();
  }

  @Override
  public String path() {
    return call.path();
  }

  @Override
  public String query() {
    return call.query();
  }

  @Override
  public Optional<String> header(String name) {
    return call.header(name);
  }

  @Override
  public InputStream body() {
    return call.body();
  }

  @Override
  public String from() {
    return call.from();
  }

  @Override
  public Asker asker() {
    return asker;
  }

  @Override
  public Optional<RouteTable.Match> match() {
    return match;
  }

  @Override
  public void concerns(String what) {
    object = what;
  }

  String object() {
    return object;
  }
}
