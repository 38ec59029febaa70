package io.headrace.yaml;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Where;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Puts the parser's words into plain ones, with the usual mend. */
final class SyntaxProblems {
  private SyntaxProblems() {}

  static Problem explain(MarkedYamlEngineException e, String file) {
    var problem = e.getProblem() == null ? "not YAML" : e.getProblem();
    var context = e.getContext() == null ? "" : e.getContext();
    var mark = e.getProblemMark().or(e::getContextMark);
    var at = mark.map(m -> TreeBuilder.where(m, file)).orElseGet(() -> Where.file(file));
    var began = e.getContextMark().map(m -> TreeBuilder.where(m, file)).orElse(at);
    return explain(problem, context, at, began, mark.map(SyntaxProblems::lineOf).orElse(""));
  }

  private static Problem explain(
      String problem, String context, Where at, Where began, String line) {
    if (context.contains("quoted scalar")
        && (problem.contains("end of stream") || problem.contains("document separator"))) {
      return syntax("a quoted text is never closed")
          .at(began)
          .fix("add the closing quote; it began here");
    }
    if (problem.contains("TAB")) {
      return syntax("a tab stands where YAML wants blanks")
          .at(at)
          .fix("indent with blanks, never with tabs");
    }
    if (line.contains("{{") && context.contains("flow")) {
      return syntax("'{{' begins a mapping that is not closed as one")
          .at(at)
          .fix("write quotes around the whole value; if '{{NAME}}' is a placeholder, fill it in");
    }
    if (context.contains("flow sequence") || context.contains("flow mapping")) {
      boolean list = context.contains("sequence");
      return syntax(
              list
                  ? "a list '[' is not closed or lacks a ','"
                  : "a mapping '{' is not closed or lacks a ','")
          .at(at)
          .fix("it began at " + began + "; add '" + (list ? "]" : "}") + "' or ','");
    }
    if (problem.contains("mapping values are not allowed here")) {
      return syntax("a ':' stands where no key can begin")
          .at(at)
          .fix("write quotes around a value that contains ': ', or correct the indentation");
    }
    if (problem.contains("expected ':'")) {
      return syntax("a key without its ':'")
          .at(began)
          .fix("add ':' and a blank after the key, or correct the indentation of this line");
    }
    if (problem.contains("<block end>")) {
      return syntax("this line is indented differently from those that it belongs to")
          .at(at)
          .fix("line it up with the entries that began at " + began);
    }
    if (problem.contains("are not allowed here")) {
      return syntax("no list entry or key can begin here")
          .at(at)
          .fix("begin it on a line of its own, indented like its neighbours");
    }
    if (problem.contains("cannot start any token")) {
      return syntax("a value cannot begin with this character")
          .at(at)
          .fix("write quotes around the value");
    }
    if (problem.contains("unknown escape") || problem.contains("expected escape")) {
      return syntax("an unknown escape between double quotes")
          .at(at)
          .fix("write '\\\\' for a backslash, or use single quotes, where it means itself");
    }
    if (context.contains("an alias")) {
      return syntax("'*' begins an alias, and no name follows")
          .at(at)
          .fix("write quotes around a value that begins with '*'");
    }
    if (context.contains("an anchor")) {
      return syntax("'&' begins an anchor, and no name follows")
          .at(at)
          .fix("write quotes around a value that begins with '&'");
    }
    return syntax("not YAML: " + (context.isEmpty() ? problem : context + ", " + problem)).at(at);
  }

  private static Problem syntax(String message) {
    return Problem.of(ErrorCode.YAML_SYNTAX, message);
  }

  /** The text of the line that a mark is on, at most some hundred characters around it. */
  private static String lineOf(Mark mark) {
    var buffer = mark.getBuffer();
    int from = Math.min(mark.getPointer(), buffer.length);
    int start = from;
    while (start > 0 && from - start < 200 && buffer[start - 1] != '\n') {
      start--;
    }
    int end = from;
    while (end < buffer.length && end - from < 200 && buffer[end] != '\n') {
      end++;
    }
    return new String(buffer, start, end - start);
  }
}
