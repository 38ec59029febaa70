package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.Optional;

/** A whole file of a user. */
public sealed interface Document permits Job, Component, Environment, Resource {
  /** Where it begins. */
  Where where();

  /** Its own name, when it gives one. */
  Optional<String> name();
}
