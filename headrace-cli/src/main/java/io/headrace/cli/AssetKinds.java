package io.headrace.cli;

import io.headrace.asset.AssetKind;
import io.headrace.spec.Kind;
import java.util.EnumSet;
import java.util.Set;

/** Which kinds of document become which kinds of asset. */
final class AssetKinds {
  private AssetKinds() {}

  static Set<Kind> of(AssetKind kind) {
    return switch (kind) {
      case DATA -> EnumSet.of(Kind.DATA);
      case MODEL -> EnumSet.of(Kind.MODEL);
      case ENVIRONMENT -> EnumSet.of(Kind.ENVIRONMENT);
      case COMPONENT ->
          EnumSet.of(
              Kind.COMMAND_COMPONENT,
              Kind.PIPELINE_COMPONENT,
              Kind.PARALLEL_COMPONENT,
              Kind.SPARK_COMPONENT,
              Kind.IMPORT_COMPONENT,
              Kind.DATA_TRANSFER_COMPONENT);
      case COMPUTE -> EnumSet.of(Kind.COMPUTE);
      case DATASTORE -> EnumSet.of(Kind.DATASTORE);
      case SCHEDULE -> EnumSet.of(Kind.SCHEDULE);
      case CONNECTION -> EnumSet.of(Kind.CONNECTION);
    };
  }
}
