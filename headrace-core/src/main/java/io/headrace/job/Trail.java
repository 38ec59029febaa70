package io.headrace.job;

import org.jspecify.annotations.Nullable;

/**
 * The way from a document's top to a field, written out only when a message needs it.
 *
 * @param above absent at the top
 */
record Trail(@Nullable Trail above, String name) {
  static final Trail TOP = new Trail(null, "");

  Trail to(String field) {
    return new Trail(this, field);
  }

  @Override
  public String toString() {
    Trail parent = above;
    if (parent == null) {
      return name;
    }
    String before = parent.toString();
    return before.isEmpty() ? name : before + "." + name;
  }
}
