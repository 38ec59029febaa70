package io.headrace.plan;

import java.util.Optional;

/**
 * What a step is to make under one output's name.
 *
 * @param registerAs the asset to register it as when the step succeeds
 * @param path where the user wants it kept, as written; empty for the default place
 * @param value what the text of the file must be, when others take it as a value
 */
public record StepOutput(
    DataType type,
    Mode mode,
    Optional<AssetRef> registerAs,
    Optional<String> path,
    Optional<ValueType> value) {

  /** One that is data only. */
  public StepOutput(
      DataType type, Mode mode, Optional<AssetRef> registerAs, Optional<String> path) {
    this(type, mode, registerAs, path, Optional.empty());
  }

  /** How the bytes leave the step. On one machine all but {@link #DIRECT} are the same. */
  public enum Mode {
    RW_MOUNT,
    UPLOAD,
    DIRECT
  }

  /** A name and perhaps a version; without one the next is chosen. */
  public record AssetRef(String name, Optional<String> version) {}
}
