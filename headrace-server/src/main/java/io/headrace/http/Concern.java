package io.headrace.http;

/** What a call is about, as a room names it; the room finds the object in the call. */
public interface Concern {
  /** No object in particular: the role must be had for everything. */
  Concern EVERYTHING = new Concern() {};
}
