package io.headrace.spec;

import java.util.Optional;

/** Every kind of document, by the name that its JSON Schema has. */
public enum Kind {
  COMMAND_JOB("commandJob", "a command job"),
  PIPELINE_JOB("pipelineJob", "a pipeline job"),
  SWEEP_JOB("sweepJob", "a sweep job"),
  SPARK_JOB("sparkJob", "a spark job"),
  IMPORT_JOB("importJob", "an import job"),
  AUTOML_JOB("autoMLJob", "an AutoML job"),
  FINETUNING_JOB("finetuningJob", "a fine-tuning job"),
  DISTILLATION_JOB("distillationJob", "a distillation job"),
  COMMAND_COMPONENT("commandComponent", "a command component"),
  PIPELINE_COMPONENT("pipelineComponent", "a pipeline component"),
  PARALLEL_COMPONENT("parallelComponent", "a parallel component"),
  SPARK_COMPONENT("sparkComponent", "a spark component"),
  IMPORT_COMPONENT("importComponent", "an import component"),
  DATA_TRANSFER_COMPONENT("dataTransferComponent", "a data transfer component"),
  ENVIRONMENT("environment", "an environment"),
  DATA("data", "a data asset"),
  DATA_IMPORT("dataImport", "a data import"),
  MLTABLE("mlTable", "an MLTable"),
  MODEL("model", "a model"),
  MODEL_PACKAGE("modelPackage", "a model package"),
  COMPUTE("compute", "a compute"),
  DATASTORE("datastore", "a datastore"),
  SCHEDULE("schedule", "a schedule"),
  CONNECTION("connection", "a connection"),
  FEATURE_STORE("featureStore", "a feature store"),
  FEATURE_SET("featureSet", "a feature set"),
  FEATURE_STORE_ENTITY("featureStoreEntity", "a feature store entity"),
  ONLINE_ENDPOINT("onlineEndpoint", "an online endpoint"),
  ONLINE_DEPLOYMENT("onlineDeployment", "an online deployment"),
  BATCH_ENDPOINT("batchEndpoint", "a batch endpoint"),
  BATCH_DEPLOYMENT("batchDeployment", "a batch deployment"),
  SERVERLESS_ENDPOINT("serverlessEndpoint", "a serverless endpoint"),
  REGISTRY("registry", "a registry"),
  WORKSPACE("workspace", "a workspace");

  private final String yaml;
  private final String title;

  Kind(String yaml, String title) {
    this.yaml = yaml;
    this.title = title;
  }

  /** As in the name of its schema: {@code commandJob}. */
  public String yaml() {
    return yaml;
  }

  /** For messages: {@code a command job}. */
  public String title() {
    return title;
  }

  /** The kind of a name, in any case of letters. */
  public static Optional<Kind> of(String name) {
    for (var kind : values()) {
      if (kind.yaml.equalsIgnoreCase(name)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
