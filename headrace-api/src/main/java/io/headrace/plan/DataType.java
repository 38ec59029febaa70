package io.headrace.plan;

import java.util.Locale;

/** The types of data that steps hand on, in Azure ML's words. */
public enum DataType {
  URI_FILE,
  URI_FOLDER,
  MLTABLE,
  CUSTOM_MODEL,
  MLFLOW_MODEL,
  TRITON_MODEL;

  /** As written in YAML. */
  public String yaml() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the path that a command gets names one file; all others name a folder. */
  public boolean isFile() {
    return this == URI_FILE;
  }
}
