package io.headrace.kfp;

import io.headrace.job.Names;
import io.headrace.kfp.Spec.ArtifactPort;
import io.headrace.kfp.Spec.Component;
import io.headrace.kfp.Spec.Executor;
import io.headrace.kfp.Spec.Made;
import io.headrace.kfp.Spec.Parameter;
import io.headrace.kfp.Spec.Ports;
import io.headrace.kfp.Spec.Retry;
import io.headrace.kfp.Spec.Source;
import io.headrace.kfp.Spec.Task;
import io.headrace.kfp.Spec.Work;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Makes records of the tree. Names that must be found elsewhere are checked when it is lowered. */
final class SpecReader {
  private static final Pattern SELECTOR =
      Pattern.compile("parseJson\\(string_value\\)((?:\\[\"[^\"]*\"\\]){0,50})");
  private static final Pattern KEY = Pattern.compile("\\[\"([^\"]*)\"\\]");
  private static final Pattern SAFE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

  /** What Kubernetes would do for a task; by what it is, the first place that asks for it. */
  private static final Set<String> RESOURCES =
      Set.of(
          "accelerator",
          "cpuLimit",
          "cpuRequest",
          "memoryLimit",
          "memoryRequest",
          "resourceCpuLimit",
          "resourceCpuRequest",
          "resourceMemoryLimit",
          "resourceMemoryRequest");

  private final Problems problems;
  private final Map<String, Where> ignored = new LinkedHashMap<>();

  SpecReader(Problems problems) {
    this.problems = problems;
  }

  Spec read(Tree tree) {
    tree.knows(
        Set.of(
            "components",
            "defaultPipelineRoot",
            "deploymentSpec",
            "pipelineInfo",
            "root",
            "schemaVersion",
            "sdkVersion"));
    var version = tree.text("schemaVersion").orElse("");
    if (!version.startsWith("2.1.")) {
      problems.add(
          Problem.of(
                  ErrorCode.NOT_SUPPORTED,
                  "a pipeline of schemaVersion '" + version + "' cannot be read by this version")
              .at(tree.raw("schemaVersion").map(it -> it.where()).orElse(tree.where()))
              .fix("compile it by kfp 2.x, which writes schemaVersion 2.1.0"));
    }
    var info =
        tree.childOrEmpty("pipelineInfo").knows(Set.of("name", "displayName", "description"));
    var executors =
        tree.childOrEmpty("deploymentSpec")
            .knows(Set.of("executors"))
            .named("executors", (_, it) -> executor(it));
    var components = tree.named("components", this::component);
    var root = component("root", tree.childOrEmpty("root"));
    ignored.forEach((what, where) ->
        problems.add(
            Problem.of(ErrorCode.NOT_SUPPORTED, what + " no effect here").at(where).warning()));
    return new Spec(
        info.text("displayName").or(() -> info.text("name")).orElse("pipeline"),
        info.text("description").orElse(""),
        root,
        components,
        executors,
        tree.where());
  }

  private Component component(String name, Tree tree) {
    tree.knows(
        Set.of(
            "dag",
            "executorLabel",
            "inputDefinitions",
            "outputDefinitions",
            "singlePlatformSpecs",
            "taskConfigPassthroughs"));
    ignore(tree, "singlePlatformSpecs", "settings of a component for its platform have");
    ignore(tree, "taskConfigPassthroughs", "settings that are handed on to a task's own jobs have");
    Work work;
    var dag = tree.child("dag");
    if (dag.isPresent()) {
      work = dag(dag.get());
    } else {
      var where = tree.raw("executorLabel").map(it -> it.where()).orElse(tree.where());
      work = new Work.Label(tree.required("executorLabel"), where);
    }
    return new Component(
        name,
        tree.child("inputDefinitions").map(this::ports).orElse(Ports.NONE),
        tree.child("outputDefinitions").map(this::ports).orElse(Ports.NONE),
        work,
        tree.where());
  }

  private Ports ports(Tree tree) {
    tree.knows(Set.of("parameters", "artifacts"));
    return new Ports(
        tree.named("parameters", this::parameter), tree.named("artifacts", this::artifact));
  }

  private Parameter parameter(String name, Tree tree) {
    checkName(name, tree);
    tree.knows(
        Set.of("defaultValue", "description", "isOptional", "literals", "parameterType", "type"));
    var words = Arrays.stream(ParameterType.values()).map(Enum::name).collect(Collectors.toList());
    var written = tree.text("parameterType").orElse("");
    var type = ParameterType.STRING;
    if (words.contains(written)) {
      type = ParameterType.valueOf(written);
    } else {
      problems.add(
          Problem.of(
                  ErrorCode.WRONG_VALUE,
                  tree.name() + ".parameterType is not one of KFP's types: '" + written + "'")
              .at(tree.raw("parameterType").map(it -> it.where()).orElse(tree.where()))
              .fix(Names.advice(written, words, "types")));
    }
    return new Parameter(type, tree.value("defaultValue"), tree.flag("isOptional"), tree.where());
  }

  private ArtifactPort artifact(String name, Tree tree) {
    checkName(name, tree);
    tree.knows(
        Set.of(
            "artifactType",
            "customProperties",
            "description",
            "isArtifactList",
            "isOptional",
            "metadata",
            "properties"));
    return new ArtifactPort(
        tree.value("artifactType").orElse(JsonNodeFactory.instance.objectNode()),
        tree.flag("isArtifactList"),
        tree.flag("isOptional"),
        tree.where());
  }

  /** They become names of folders and files. */
  private void checkName(String name, Tree tree) {
    if (!SAFE_NAME.matcher(name).matches()) {
      problems.add(
          Problem.of(ErrorCode.BAD_NAME, "'" + name + "' is not a name for an input or output")
              .at(tree.where())
              .fix("use letters, digits, '_', '-' and '.', with no '-' or '.' first"));
    }
  }

  private Work.Dag dag(Tree tree) {
    tree.knows(Set.of("tasks", "outputs"));
    var tasks = List.copyOf(tree.named("tasks", this::task).values());
    var outputs = tree.childOrEmpty("outputs").knows(Set.of("parameters", "artifacts"));
    return new Work.Dag(
        tasks,
        outputs.named("parameters", (_, it) -> selectors(it)),
        outputs.named("artifacts", (_, it) -> selectors(it)));
  }

  private List<Made> selectors(Tree tree) {
    tree.knows(Set.of("valueFromParameter", "valueFromOneof", "artifactSelectors"));
    var made = new ArrayList<Made>();
    tree.child("valueFromParameter").map(it -> made(it, "outputParameterKey")).ifPresent(made::add);
    tree.child("valueFromOneof")
        .ifPresent(it ->
            it.list("parameterSelectors")
                .forEach(one -> made.add(made(one, "outputParameterKey"))));
    tree.list("artifactSelectors").forEach(it -> made.add(made(it, "outputArtifactKey")));
    return made;
  }

  private static Made made(Tree tree, String key) {
    return new Made(tree.required("producerSubtask"), tree.required(key), tree.where());
  }

  private Task task(String name, Tree tree) {
    checkName(name, tree);
    tree.knows(
        Set.of(
            "artifactIterator",
            "cachingOptions",
            "componentRef",
            "dependentTasks",
            "inputs",
            "iteratorPolicy",
            "parameterIterator",
            "retryPolicy",
            "taskInfo",
            "triggerPolicy"));
    var inputs = tree.childOrEmpty("inputs").knows(Set.of("parameters", "artifacts"));
    var caching = tree.childOrEmpty("cachingOptions").knows(Set.of("enableCache", "cacheKey"));
    ignore(caching, "cacheKey", "a cache_key has");
    var trigger = tree.childOrEmpty("triggerPolicy").knows(Set.of("condition", "strategy"));
    return new Task(
        name,
        tree.childOrEmpty("taskInfo").knows(Set.of("name")).text("name").orElse(name),
        tree.childOrEmpty("componentRef").knows(Set.of("name")).required("name"),
        sources(inputs, "parameters"),
        sources(inputs, "artifacts"),
        tree.texts("dependentTasks"),
        trigger.text("condition").filter(it -> !it.isBlank()),
        whateverUpstream(trigger),
        iterator(tree),
        tree.child("retryPolicy").map(SpecReader::retry).orElse(Retry.NONE),
        caching.flag("enableCache"),
        tree.where());
  }

  private boolean whateverUpstream(Tree trigger) {
    var words =
        List.of(
            "ALL_UPSTREAM_TASKS_COMPLETED",
            "ALL_UPSTREAM_TASKS_SUCCEEDED",
            "TRIGGER_STRATEGY_UNSPECIFIED");
    var strategy = trigger.text("strategy").orElse("TRIGGER_STRATEGY_UNSPECIFIED");
    if (!words.contains(strategy)) {
      problems.add(
          Problem.of(ErrorCode.WRONG_VALUE, "'" + strategy + "' is no strategy of KFP's")
              .at(trigger.raw("strategy").orElseThrow().where())
              .fix(Names.advice(strategy, words, "strategies")));
    }
    return strategy.equals("ALL_UPSTREAM_TASKS_COMPLETED");
  }

  /** Keeps in mind that a field is there which changes nothing on one machine. */
  private void ignore(Tree tree, String field, String what) {
    tree.raw(field).ifPresent(it -> ignored.putIfAbsent(what, it.where()));
  }

  private Map<String, Source> sources(Tree inputs, String kind) {
    var all = new LinkedHashMap<String, Source>();
    inputs
        .named(kind, (_, it) -> source(it))
        .forEach((name, source) -> source.ifPresent(it -> all.put(name, it)));
    return all;
  }

  private Optional<Source> source(Tree tree) {
    tree.knows(
        Set.of(
            "componentInputArtifact",
            "componentInputParameter",
            "parameterExpressionSelector",
            "runtimeValue",
            "taskFinalStatus",
            "taskOutputArtifact",
            "taskOutputParameter"));
    var where = tree.where();
    var select = select(tree);
    var outer = tree.text("componentInputParameter").or(() -> tree.text("componentInputArtifact"));
    if (outer.isPresent()) {
      return Optional.of(new Source.Outer(outer.get(), select, where));
    }
    var parameter = tree.child("taskOutputParameter");
    if (parameter.isPresent()) {
      var it = parameter.get();
      return Optional.of(
          new Source.FromTask(
              it.required("producerTask"), it.required("outputParameterKey"), select, where));
    }
    var artifact = tree.child("taskOutputArtifact");
    if (artifact.isPresent()) {
      var it = artifact.get();
      return Optional.of(
          new Source.FromTask(
              it.required("producerTask"), it.required("outputArtifactKey"), select, where));
    }
    var status = tree.child("taskFinalStatus");
    if (status.isPresent()) {
      return Optional.of(new Source.Status(status.get().required("producerTask"), where));
    }
    var constant =
        tree.child("runtimeValue").flatMap(it -> it.knows(Set.of("constant")).value("constant"));
    if (constant.isEmpty()) {
      problems.add(
          Problem.of(ErrorCode.MISSING_FIELD, tree.name() + " says not where its value comes from")
              .at(where));
    }
    constant.ifPresent(it -> checkWorkspace(it.toString(), where));
    return constant.map(it -> new Source.Constant(it, where));
  }

  private void checkWorkspace(String text, Where where) {
    if (text.contains("{{$.workspace_path}}")) {
      problems.add(
          Problem.of(
                  ErrorCode.NOT_SUPPORTED,
                  "a workspace, which all tasks of a pipeline share, is not there on this machine")
              .at(where)
              .fix("hand files on from task to task as artifacts: they are kept, and reused"));
    }
  }

  private List<String> select(Tree tree) {
    var written = tree.text("parameterExpressionSelector");
    if (written.isEmpty()) {
      return List.of();
    }
    var match = SELECTOR.matcher(written.get());
    if (!match.matches()) {
      problems.add(
          Problem.of(
                  ErrorCode.NOT_SUPPORTED,
                  tree.name() + ": the selector '" + written.get() + "' is not understood")
              .at(tree.raw("parameterExpressionSelector").orElseThrow().where())
              .fix("kfp writes parseJson(string_value)[\"key\"]"));
      return List.of();
    }
    return KEY.matcher(match.group(1)).results().map(it -> it.group(1)).toList();
  }

  private Optional<Spec.Iterator> iterator(Tree tree) {
    int parallel =
        (int)
            tree.childOrEmpty("iteratorPolicy")
                .knows(Set.of("parallelismLimit"))
                .number("parallelismLimit", 0);
    for (var kind : List.of("parameterIterator", "artifactIterator")) {
      var written = tree.child(kind);
      if (written.isPresent()) {
        return iterator(written.get(), kind.equals("artifactIterator"), parallel);
      }
    }
    return Optional.empty();
  }

  private Optional<Spec.Iterator> iterator(Tree tree, boolean artifacts, int parallel) {
    tree.knows(Set.of("items", "itemInput"));
    var items = tree.childOrEmpty("items").knows(Set.of("raw", "inputParameter", "inputArtifact"));
    var item = tree.required("itemInput");
    var input = items.text("inputParameter").or(() -> items.text("inputArtifact"));
    if (input.isPresent()) {
      return Optional.of(
          new Spec.Iterator.OverInput(input.get(), artifacts, item, parallel, items.where()));
    }
    return list(items.required("raw"), items)
        .map(it -> new Spec.Iterator.Over(it, item, parallel, items.where()));
  }

  private Optional<JsonNode> list(String raw, Tree tree) {
    try {
      var read = JsonMapper.shared().readTree(raw);
      if (read.isArray()) {
        return Optional.of(read);
      }
    } catch (JacksonException e) {
      // said below
    }
    problems.add(
        Problem.of(ErrorCode.WRONG_VALUE, tree.name() + ".raw is not a list in JSON")
            .at(tree.where()));
    return Optional.empty();
  }

  private static Retry retry(Tree tree) {
    tree.knows(Set.of("backoffDuration", "backoffFactor", "backoffMaxDuration", "maxRetryCount"));
    return new Retry(
        (int) tree.number("maxRetryCount", 0),
        tree.number("backoffDuration", 0),
        tree.number("backoffFactor", 2),
        tree.number("backoffMaxDuration", 3600));
  }

  private Executor executor(Tree tree) {
    tree.knows(Set.of("container", "importer", "resolver", "customJob"));
    var container = tree.child("container");
    if (container.isPresent()) {
      return container(container.get());
    }
    var importer = tree.child("importer");
    if (importer.isPresent()) {
      return importer(importer.get());
    }
    Where where = tree.where();
    problems.add(
        Problem.of(ErrorCode.NOT_SUPPORTED, tree.name() + " is neither a container nor an importer")
            .at(where)
            .fix("resolvers and Vertex AI's custom jobs need their own services"));
    return new Executor.Unknown();
  }

  private Executor container(Tree tree) {
    tree.knows(Set.of("args", "command", "env", "image", "lifecycle", "resources"));
    tree.childOrEmpty("resources").knows(RESOURCES);
    ignore(tree, "resources", "limits and requests of CPU, memory and accelerators have");
    ignore(tree, "lifecycle", "a container's lifecycle has");
    var variables = new LinkedHashMap<String, String>();
    for (var variable : tree.list("env")) {
      variables.put(
          variable.knows(Set.of("name", "value")).required("name"),
          variable.text("value").orElse(""));
    }
    var command = tree.texts("command");
    var args = tree.texts("args");
    command.forEach(it -> checkWorkspace(it, tree.where()));
    args.forEach(it -> checkWorkspace(it, tree.where()));
    return new Executor.Container(tree.required("image"), command, args, variables, tree.where());
  }

  private Executor importer(Tree tree) {
    tree.knows(
        Set.of(
            "artifactUri",
            "customProperties",
            "downloadToWorkspace",
            "metadata",
            "properties",
            "reimport",
            "typeSchema"));
    if (tree.flag("downloadToWorkspace")) {
      checkWorkspace("{{$.workspace_path}}", tree.where());
    }
    // A parameter's name may stand in its place; the task's input holds it, too.
    var uri = tree.childOrEmpty("artifactUri").knows(Set.of("constant", "runtimeParameter"));
    return new Executor.Importer(
        uri.text("constant"),
        tree.value("metadata").orElse(JsonNodeFactory.instance.objectNode()),
        tree.flag("reimport"),
        tree.where());
  }
}
