package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Spark application: what a job or a component says, or a node, alone or over its component.
 *
 * @param entry absent where a node leaves it to its component
 * @param pyFiles like the three that follow: paths relative to the code, or URIs
 * @param conf Spark's own names, such as {@code spark.executor.cores}, and Azure's short ones, such
 *     as {@code executor_cores}; all are given by Spark's names here
 * @param args shell-like text with expressions
 */
public record Spark(
    CodeReference code,
    Optional<Entry> entry,
    List<Written> pyFiles,
    List<Written> jars,
    List<Written> files,
    List<Written> archives,
    Map<String, Written> conf,
    Optional<Written> args,
    Optional<EnvironmentReference> environment,
    Optional<SparkResources> resources,
    List<LocalPath> additionalIncludes,
    Where where) {
  public Spark {
    pyFiles = List.copyOf(pyFiles);
    jars = List.copyOf(jars);
    files = List.copyOf(files);
    archives = List.copyOf(archives);
    conf = Ordered.copy(conf);
    additionalIncludes = List.copyOf(additionalIncludes);
  }

  /** What a node says over what its component says. */
  public Spark over(Spark component) {
    return new Spark(
        code instanceof CodeReference.None ? component.code : code,
        entry.or(component::entry),
        pyFiles.isEmpty() ? component.pyFiles : pyFiles,
        jars.isEmpty() ? component.jars : jars,
        files.isEmpty() ? component.files : files,
        archives.isEmpty() ? component.archives : archives,
        Ordered.over(component.conf, conf),
        args.or(component::args),
        environment.or(component::environment),
        resources.or(component::resources),
        additionalIncludes.isEmpty() ? component.additionalIncludes : additionalIncludes,
        where);
  }

  /** What Spark starts. */
  public sealed interface Entry {
    /** A Python file in the code. */
    record PythonFile(Written file) implements Entry {}

    /** A class in one of the jars. */
    record MainClass(Written name) implements Entry {}
  }

  /** Kept; this machine has one size. */
  public record SparkResources(Optional<Written> instanceType, Optional<Written> runtimeVersion) {}
}
