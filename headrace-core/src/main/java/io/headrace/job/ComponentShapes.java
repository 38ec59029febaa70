package io.headrace.job;

import static io.headrace.job.Terms.ANYTHING;
import static io.headrace.job.Terms.FLAG;
import static io.headrace.job.Terms.OPEN_TABLE;
import static io.headrace.job.Terms.PATH;
import static io.headrace.job.Terms.TEXT;
import static io.headrace.job.Terms.TEXTS;
import static io.headrace.job.Terms.VERSION;
import static io.headrace.job.Terms.all;
import static io.headrace.job.Terms.each;
import static io.headrace.job.Terms.field;
import static io.headrace.job.Terms.items;
import static io.headrace.job.Terms.needed;
import static io.headrace.job.Terms.words;

import io.headrace.job.Shape.Field;
import io.headrace.job.Shape.Fields;
import io.headrace.job.Shape.Named;
import io.headrace.job.Shape.Table;
import io.headrace.job.Shape.Text;
import io.headrace.job.Shape.Unknown;
import java.util.List;

/**
 * Components. Each has two forms: in a file of its own it needs a good name, in a node it does not.
 */
final class ComponentShapes {
  private ComponentShapes() {}

  static Shape command(boolean ownFile) {
    return component(
        "a command component",
        all(
            header(ownFile, "command"),
            CommonShapes.command(),
            ports(),
            List.of(field("properties", OPEN_TABLE), field("additional_includes", items(PATH)))));
  }

  static Shape pipeline(boolean ownFile) {
    return component(
        "a pipeline component",
        all(
            header(ownFile, "pipeline"),
            ports(),
            List.of(needed("jobs", new Table(Form.NODE_NAME, new Named(Shapes.NODE), false)))));
  }

  static Shape parallel(boolean ownFile) {
    return component(
        "a parallel component",
        all(
            header(ownFile, "parallel"),
            WorkShapes.parallel(),
            List.of(needed("task", WorkShapes.parallelTask())),
            ports()));
  }

  static Shape spark(boolean ownFile) {
    return component(
        "a spark component",
        all(
            header(ownFile, "spark"),
            WorkShapes.spark(),
            List.of(
                field("code", PATH),
                needed("entry", WorkShapes.sparkEntry()),
                field("properties", OPEN_TABLE),
                field("additional_includes", items(PATH))),
            ports()));
  }

  static Shape importing(boolean ownFile) {
    return component(
        "an import component",
        all(
            header(ownFile, "import"),
            List.of(
                needed("source", PortShapes.inputDeclarations()),
                needed("output", PortShapes.outputDeclaration()))));
  }

  static Shape dataTransfer(boolean ownFile) {
    return component(
        "a data transfer component",
        all(
            header(ownFile, "data_transfer"),
            ports(),
            List.of(
                needed("task", words("copy_data")),
                field("data_copy_mode", words("merge_with_overwrite", "fail_if_conflict")))));
  }

  private static List<Field> header(boolean ownFile, String type) {
    return all(
        List.of(
            field("$schema", ANYTHING),
            ownFile ? needed("name", new Text(Form.COMPONENT_NAME)) : field("name", TEXT),
            field("type", words(type)),
            field("version", VERSION)),
        each(TEXT, "id", "display_name", "description"),
        List.of(
            field("tags", TEXTS),
            field("is_deterministic", FLAG),
            field("auto_delete_setting", CommonShapes.autoDeleteSetting()),
            field("creation_context", ANYTHING)));
  }

  private static List<Field> ports() {
    return List.of(
        field("inputs", PortShapes.inputDeclarations()),
        field("outputs", PortShapes.outputDeclarations()));
  }

  private static Shape component(String title, List<Field> fields) {
    return new Fields(title, UNKNOWN, fields);
  }

  private static final Unknown UNKNOWN =
      new Unknown.WarnFor(
          List.of(
              "limits",
              "compute",
              "services",
              "identity",
              "experiment_name",
              "settings",
              "properties",
              "environment_variables"),
          "it says nothing in a component; write it in the node that uses the component");
}
