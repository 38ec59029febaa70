package io.headrace.tracking;

/** Whether an experiment, a run or a model is in use or put aside; what is put aside can return. */
public enum Lifecycle {
  ACTIVE,
  DELETED;

  /** As stored and as MLflow writes it: {@code active}, {@code deleted}. */
  public String word() {
    return this == ACTIVE ? "active" : "deleted";
  }

  static Lifecycle of(String word) {
    return word.equals("active") ? ACTIVE : DELETED;
  }

  /** Which of both a search shows. */
  public enum View {
    ACTIVE_ONLY,
    DELETED_ONLY,
    ALL
  }
}
