package io.headrace.job;

import io.headrace.spec.Kind;
import java.util.HashMap;
import java.util.Map;

/**
 * Every kind of document and what it may hold, as Azure's client (azure-ai-ml 1.35) has it. Made
 * when first asked for; one instance serves one reading. The descriptions are in the classes of
 * their families, such as {@link JobShapes}.
 */
final class Shapes {
  /** As the components where a node uses them: they need no name. */
  static final String INLINE_COMMAND_COMPONENT = "inlineCommandComponent";

  static final String INLINE_PIPELINE_COMPONENT = "inlinePipelineComponent";
  static final String INLINE_PARALLEL_COMPONENT = "inlineParallelComponent";
  static final String INLINE_SPARK_COMPONENT = "inlineSparkComponent";
  static final String INLINE_IMPORT_COMPONENT = "inlineImportComponent";
  static final String INLINE_DATA_TRANSFER_COMPONENT = "inlineDataTransferComponent";

  static final String NODE = "node";
  static final String AUTOML_NODE = "autoMLNode";
  static final String JOB_INPUT = "jobInput";
  static final String NODE_INPUT = "nodeInput";
  static final String MONITOR = "monitor";
  static final String INLINE_DATA_IMPORT = "inlineDataImport";

  /** One in a file that a job names: it needs no name. */
  static final String FILE_ENVIRONMENT = "fileEnvironment";

  static final String HYPERPARAMETER = "hyperparameter";

  private final Map<String, Shape> made = new HashMap<>();

  /** The description of a kind of document. */
  Shape of(Kind kind) {
    return remembered(kind.yaml(), () -> make(kind));
  }

  /** The description of a part, under a name. */
  Shape named(String name) {
    return remembered(name, () -> make(name));
  }

  /** The description of a component of a type, in a file of its own or in a node. */
  Shape component(String type, boolean named) {
    return switch (type) {
      case "pipeline" -> named ? of(Kind.PIPELINE_COMPONENT) : named(INLINE_PIPELINE_COMPONENT);
      case "parallel" -> named ? of(Kind.PARALLEL_COMPONENT) : named(INLINE_PARALLEL_COMPONENT);
      case "spark" -> named ? of(Kind.SPARK_COMPONENT) : named(INLINE_SPARK_COMPONENT);
      case "import" -> named ? of(Kind.IMPORT_COMPONENT) : named(INLINE_IMPORT_COMPONENT);
      case "data_transfer" ->
          named ? of(Kind.DATA_TRANSFER_COMPONENT) : named(INLINE_DATA_TRANSFER_COMPONENT);
      default -> named ? of(Kind.COMMAND_COMPONENT) : named(INLINE_COMMAND_COMPONENT);
    };
  }

  private Shape remembered(String name, java.util.function.Supplier<Shape> maker) {
    Shape known = made.get(name);
    if (known == null) {
      known = maker.get();
      made.put(name, known);
    }
    return known;
  }

  private static Shape make(Kind kind) {
    return switch (kind) {
      case COMMAND_JOB -> JobShapes.command();
      case PIPELINE_JOB -> JobShapes.pipeline();
      case SWEEP_JOB -> JobShapes.sweep();
      case SPARK_JOB -> JobShapes.spark();
      case IMPORT_JOB -> JobShapes.importing();
      case AUTOML_JOB -> AutoMlShapes.job();
      case FINETUNING_JOB -> TuningShapes.finetuning();
      case DISTILLATION_JOB -> TuningShapes.distillation();
      case COMMAND_COMPONENT -> ComponentShapes.command(true);
      case PIPELINE_COMPONENT -> ComponentShapes.pipeline(true);
      case PARALLEL_COMPONENT -> ComponentShapes.parallel(true);
      case SPARK_COMPONENT -> ComponentShapes.spark(true);
      case IMPORT_COMPONENT -> ComponentShapes.importing(true);
      case DATA_TRANSFER_COMPONENT -> ComponentShapes.dataTransfer(true);
      case ENVIRONMENT -> CommonShapes.environmentFields(true);
      case DATA -> AssetShapes.data();
      case DATA_IMPORT -> AssetShapes.dataImport();
      case MLTABLE -> TableShapes.mlTable();
      case MODEL -> AssetShapes.model(true);
      case MODEL_PACKAGE -> AssetShapes.modelPackage();
      case COMPUTE -> ComputeShapes.compute();
      case DATASTORE -> ComputeShapes.datastore();
      case SCHEDULE -> ScheduleShapes.schedule();
      case CONNECTION -> WorkspaceShapes.connection();
      case FEATURE_STORE -> WorkspaceShapes.featureStore();
      case FEATURE_SET -> WorkspaceShapes.featureSet();
      case FEATURE_STORE_ENTITY -> WorkspaceShapes.featureStoreEntity();
      case ONLINE_ENDPOINT -> EndpointShapes.onlineEndpoint();
      case ONLINE_DEPLOYMENT -> EndpointShapes.onlineDeployment();
      case BATCH_ENDPOINT -> EndpointShapes.batchEndpoint();
      case BATCH_DEPLOYMENT -> EndpointShapes.batchDeployment();
      case SERVERLESS_ENDPOINT -> EndpointShapes.serverlessEndpoint();
      case REGISTRY -> WorkspaceShapes.registry();
      case WORKSPACE -> WorkspaceShapes.workspace();
    };
  }

  private static Shape make(String name) {
    return switch (name) {
      case INLINE_COMMAND_COMPONENT -> ComponentShapes.command(false);
      case INLINE_PIPELINE_COMPONENT -> ComponentShapes.pipeline(false);
      case INLINE_PARALLEL_COMPONENT -> ComponentShapes.parallel(false);
      case INLINE_SPARK_COMPONENT -> ComponentShapes.spark(false);
      case INLINE_IMPORT_COMPONENT -> ComponentShapes.importing(false);
      case INLINE_DATA_TRANSFER_COMPONENT -> ComponentShapes.dataTransfer(false);
      case NODE -> NodeShapes.node();
      case AUTOML_NODE -> AutoMlShapes.node();
      case MONITOR -> MonitorShapes.monitor();
      case INLINE_DATA_IMPORT -> AssetShapes.dataImport();
      case FILE_ENVIRONMENT -> CommonShapes.environmentFields(false);
      case JOB_INPUT -> PortShapes.input(false);
      case NODE_INPUT -> PortShapes.input(true);
      case HYPERPARAMETER -> SweepShapes.hyperparameter();
      default -> throw new IllegalArgumentException(name);
    };
  }
}
