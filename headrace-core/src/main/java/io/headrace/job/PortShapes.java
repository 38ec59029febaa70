package io.headrace.job;

import static io.headrace.job.Terms.FLAG;
import static io.headrace.job.Terms.LITERAL;
import static io.headrace.job.Terms.REFUSE;
import static io.headrace.job.Terms.TEXT;
import static io.headrace.job.Terms.VERSION;
import static io.headrace.job.Terms.either;
import static io.headrace.job.Terms.field;
import static io.headrace.job.Terms.items;
import static io.headrace.job.Terms.needed;
import static io.headrace.job.Terms.object;
import static io.headrace.job.Terms.words;

import io.headrace.job.Shape.Bindable;
import io.headrace.job.Shape.Field;
import io.headrace.job.Shape.Fields;
import io.headrace.job.Shape.Named;
import io.headrace.job.Shape.Table;
import io.headrace.job.Shape.TagSpelling;
import io.headrace.job.Shape.Tagged;
import io.headrace.job.Shape.Text;
import io.headrace.job.Shape.When;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Inputs and outputs: given to jobs and nodes, and declared by components. */
final class PortShapes {
  private static final String[] DATA_TYPES = {
    "uri_folder", "uri_file", "mltable", "mlflow_model", "custom_model", "triton_model"
  };
  private static final String[] PORT_MODES = {
    "ro_mount",
    "rw_mount",
    "download",
    "upload",
    "direct",
    "mount",
    "eval_mount",
    "eval_download",
    "link"
  };
  private static final String[] PLAIN_MODES = {"ro_mount", "download", "direct"};

  private PortShapes() {}

  /** The {@code inputs:} of a job. */
  static Shape jobInputs() {
    return new Table(Form.PORT_NAME, new Named(Shapes.JOB_INPUT), false);
  }

  static Shape nodeInputs() {
    return new Table(Form.PORT_NAME, new Named(Shapes.NODE_INPUT), false);
  }

  static Shape jobOutputs() {
    return new Table(Form.PORT_NAME, either("nothing, or a mapping", output()), true);
  }

  static Shape nodeOutputs() {
    return new Table(Form.PORT_NAME, nodeOutput(), true);
  }

  static Shape nodeOutput() {
    return either(
        "nothing, a mapping, or ${{parent.outputs.x}}", new Text(Form.OUTPUT_BINDING), output());
  }

  static Shape inputDeclarations() {
    return new Table(Form.PORT_NAME, inputDeclaration(), false);
  }

  static Shape outputDeclarations() {
    return new Table(Form.PORT_NAME, outputDeclaration(), false);
  }

  static Shape input(boolean inNode) {
    var kinds = new LinkedHashMap<String, Shape>();
    kinds.put("uri_folder", dataInput());
    kinds.put("uri_file", dataInput());
    kinds.put("mltable", tableInput());
    for (String type : List.of("mlflow_model", "custom_model", "triton_model")) {
      kinds.put(type, modelInput());
    }
    Shape mapping =
        new When(
            "value",
            object("a literal input", needed("value", LITERAL)),
            new Tagged("type", kinds, Optional.of(dataInput()), TagSpelling.ANY_CASE));
    var shape = either("a value, or a mapping with path", LITERAL, mapping);
    return inNode ? new Bindable(shape) : shape;
  }

  /** A mapping with a path, of type {@code uri_file} or {@code uri_folder}. */
  static Shape dataInput() {
    return inputFields(true, PLAIN_MODES);
  }

  /** A mapping with a path, of type {@code mltable}. */
  static Shape tableInput() {
    return inputFields(true, "ro_mount", "download", "direct", "eval_mount", "eval_download");
  }

  static Shape modelInput() {
    return inputFields(false, PLAIN_MODES);
  }

  private static Shape inputFields(boolean onCompute, String... modes) {
    var fields = new ArrayList<Field>();
    fields.add(field("type", TEXT));
    fields.add(field("mode", words(modes)));
    fields.add(field("path", new Text(Form.DATA_PATH)));
    if (onCompute) {
      fields.add(field("path_on_compute", new Text(Form.FILE_URI)));
    }
    fields.add(field("datastore", TEXT));
    return object("an input", fields);
  }

  static Shape output() {
    return object(
        "an output",
        field("name", TEXT),
        field("version", VERSION),
        field("mode", words("rw_mount", "upload", "direct", "mount")),
        field("type", words(DATA_TYPES)),
        field("path", TEXT));
  }

  static Shape inputDeclaration() {
    var kinds = new LinkedHashMap<String, Shape>();
    for (String type : List.of("string", "integer", "number", "boolean")) {
      kinds.put(type, parameter());
    }
    var data =
        new Fields(
            "a data input",
            REFUSE,
            List.of(
                needed("type", TEXT),
                field("description", TEXT),
                field("optional", FLAG),
                field("mode", words(PORT_MODES))));
    for (String type : DATA_TYPES) {
      kinds.put(type, data);
    }
    kinds.put("path", data);
    return new Tagged("type", kinds, Optional.empty(), TagSpelling.EXACT);
  }

  /** A value that a component takes. */
  private static Shape parameter() {
    return object(
        "a parameter",
        needed("type", TEXT),
        field("optional", FLAG),
        field("default", LITERAL),
        field("description", TEXT),
        field("min", LITERAL),
        field("max", LITERAL),
        field("enum", items(TEXT)));
  }

  static Shape outputDeclaration() {
    var kinds = new LinkedHashMap<String, Shape>();
    var output =
        object(
            "an output",
            needed("type", TEXT),
            field("description", TEXT),
            field("mode", words(PORT_MODES)),
            field("is_control", FLAG),
            field("early_available", FLAG));
    for (String type : DATA_TYPES) {
      kinds.put(type, output);
    }
    for (String type : List.of("path", "string", "integer", "number", "boolean")) {
      kinds.put(type, output);
    }
    return new Tagged("type", kinds, Optional.empty(), TagSpelling.EXACT);
  }
}
