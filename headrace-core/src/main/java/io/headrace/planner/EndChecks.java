package io.headrace.planner;

import io.headrace.job.Suggestions;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.spec.Job;
import io.headrace.spec.Node;
import io.headrace.spec.Written;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks what a pipeline wants to run before and after all else: {@code on_init, on_finalize}. */
final class EndChecks {
  private final Problems problems;
  private final Suggestions suggestions;

  EndChecks(Problems problems, Suggestions suggestions) {
    this.problems = problems;
    this.suggestions = suggestions;
  }

  void check(Job.PipelineJob job) {
    var nodes = new LinkedHashMap<String, Node>();
    job.nodes().forEach(node -> nodes.put(node.name(), node));
    var first = job.settings().onInit();
    var last = job.settings().onFinalize();
    first.ifPresent(it -> check("on_init", it, nodes));
    last.ifPresent(it -> check("on_finalize", it, nodes));
    if (first.isPresent() && first.map(Written::text).equals(last.map(Written::text))) {
      problems.add(
          Problem.of(
                  ErrorCode.CONFLICT,
                  "settings.on_finalize names the same node as settings.on_init")
              .at(last.get().where())
              .fix("give each a node of its own"));
    } else if (nodes.size() == (first.isPresent() ? 1 : 0) + (last.isPresent() ? 1 : 0)
        && !nodes.isEmpty()) {
      first
          .or(() -> last)
          .ifPresent(it ->
              problems.add(
                  Problem.of(
                          ErrorCode.MISSING_FIELD,
                          "the pipeline has no node but those that run before and after all others")
                      .at(it.where())
                      .fix("add the node that does the work")));
    }
  }

  private void check(String setting, Written written, Map<String, Node> nodes) {
    var node = Optional.ofNullable(nodes.get(written.text()));
    if (node.isEmpty()) {
      problems.add(
          Problem.of(
                  ErrorCode.UNDECLARED,
                  "settings." + setting + ": there is no node called '" + written.text() + "'")
              .at(written.where())
              .fix(suggestions.advice(written.text(), nodes.keySet(), "nodes")));
      return;
    }
    var members = Members.of(List.copyOf(nodes.values()));
    if (members.isMember(node.get())) {
      problems.add(
          Problem.of(
                  ErrorCode.CONFLICT,
                  "settings."
                      + setting
                      + ": node '"
                      + written.text()
                      + "' belongs to '"
                      + members.outermost(written.text())
                      + "'")
              .at(written.where())
              .fix("name the node that it belongs to, or another one"));
    }
    for (var reader : nodes.values()) {
      var to = members.outermost(reader.name());
      for (var read : Order.readsFrom(reader)) {
        var from = members.outermost(read);
        if (!from.equals(to) && (from.equals(written.text()) || to.equals(written.text()))) {
          problems.add(bound(setting, reader, read));
        }
      }
    }
  }

  private static Problem bound(String setting, Node node, String read) {
    return Problem.of(
            ErrorCode.CONFLICT,
            "settings."
                + setting
                + ": node '"
                + node.name()
                + "' reads from '"
                + read
                + "', but what runs "
                + (setting.equals("on_init") ? "before" : "after")
                + " all others has no part in their data")
        .at(node.where())
        .fix("give it inputs of the pipeline, or take it out of the settings");
  }
}
