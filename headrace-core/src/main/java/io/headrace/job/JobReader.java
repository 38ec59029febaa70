package io.headrace.job;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.spec.ComponentUse;
import io.headrace.spec.Job;
import io.headrace.spec.Output;
import io.headrace.spec.PipelineSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads jobs, from a tree that has been validated. */
final class JobReader {
  private final PartsReader parts;
  private final PortReader ports;
  private final NodeReader nodes;
  private final WorkReader work;
  private final Problems problems;

  JobReader(ComponentReader components, Problems problems) {
    this.parts = components.parts();
    this.ports = components.ports();
    this.nodes = components.nodes();
    this.work = components.work();
    this.problems = problems;
  }

  Job.CommandJob command(Entries entries, Source source) {
    return new Job.CommandJob(
        header(entries),
        parts.command(entries, source),
        ports.inputs(entries, source, false, Map.of()),
        ports.outputs(entries),
        parts.limits(entries),
        entries.text("parent_job_name"));
  }

  Job.PipelineJob pipeline(Entries entries, Source source) {
    Optional<ComponentUse> component =
        entries.has("component")
            ? Optional.of(nodes.use(entries, source, "pipeline"))
            : Optional.empty();
    if (component.isPresent() && entries.has("jobs")) {
      problems.add(
          Problem.of(
                  ErrorCode.CONFLICT, "component: and jobs: cannot both be given in a pipeline job")
              .at(component.get().where())
              .fix("leave one of them out"));
    }
    if (component.isEmpty()) {
      checkNodes(entries);
    }
    return new Job.PipelineJob(
        header(entries),
        settings(entries),
        ports.inputs(entries, source, false, Map.of()),
        ports.outputs(entries),
        nodes.nodes(entries, source),
        component);
  }

  Job.SweepJob sweep(Entries entries, Source source) {
    return new Job.SweepJob(
        header(entries),
        parts.command(entries.mapping("trial"), source),
        new SweepReader(problems, false).sweep(entries, ""),
        ports.inputs(entries, source, false, Map.of()),
        ports.outputs(entries),
        parts.queueSettings(entries),
        parts.resources(entries));
  }

  Job.SparkJob spark(Entries entries, Source source) {
    return new Job.SparkJob(
        header(entries),
        work.spark(entries, source),
        ports.inputs(entries, source, false, Map.of()),
        ports.outputs(entries));
  }

  Job.ImportJob importing(Entries entries) {
    var output =
        entries.entries().stream()
            .filter(entry -> entry.key().text().equals("output"))
            .map(PortReader::output)
            .findFirst()
            .orElseGet(() -> new Output.Broken(entries.where()));
    return new Job.ImportJob(header(entries), WorkReader.source(entries, "source"), output);
  }

  /** A data import: the job that makes a version of the asset. The name is the asset's. */
  Job.ImportJob dataImport(Entries entries) {
    var header =
        new Job.Header(
            Optional.empty(),
            entries.text("name").map(name -> "import of " + name),
            Optional.empty(),
            entries.text("description"),
            entries.texts("tags"),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            entries.where());
    return new Job.ImportJob(
        header, WorkReader.source(entries, "source"), PortReader.declaredOutput(entries));
  }

  /** A job that is checked and kept, not run. */
  Job.CloudJob cloud(Entries entries, String type) {
    return new Job.CloudJob(
        header(entries), type, entries.except(List.of()), ports.outputs(entries));
  }

  private void checkNodes(Entries entries) {
    Kinds.noNodes(entries).ifPresent(problems::add);
    if (!entries.has("jobs")) {
      problems.add(
          Problem.of(ErrorCode.MISSING_FIELD, "a pipeline job needs 'jobs' or 'component'")
              .at(entries.where())
              .fix("add 'jobs:' with a node below it"));
    }
  }

  private Job.Header header(Entries entries) {
    return new Job.Header(
        entries.text("name"),
        entries.text("display_name"),
        entries.text("experiment_name"),
        entries.text("description"),
        entries.texts("tags"),
        entries.texts("properties"),
        entries.written("compute"),
        parts.identity(entries),
        parts.services(entries),
        entries.where());
  }

  private static PipelineSettings settings(Entries entries) {
    if (!entries.has("settings")) {
      return PipelineSettings.NONE;
    }
    var settings = entries.mapping("settings");
    return new PipelineSettings(
        settings.text("default_compute"),
        settings.text("default_datastore"),
        settings.flag("continue_on_step_failure", true),
        settings.flag("force_rerun", false),
        settings.written("on_init"),
        settings.written("on_finalize"),
        settings.except(
            List.of(
                "default_compute",
                "default_datastore",
                "continue_on_step_failure",
                "force_rerun",
                "on_init",
                "on_finalize")));
  }
}
