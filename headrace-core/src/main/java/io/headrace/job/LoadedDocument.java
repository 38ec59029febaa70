package io.headrace.job;

import io.headrace.spec.Document;
import io.headrace.spec.Kind;
import io.headrace.spec.Value;
import io.headrace.yaml.YamlNode;
import java.nio.file.Path;

/** A document that was read, and what it takes to write it back. */
public final class LoadedDocument {
  private final Kind kind;
  private final Document document;
  private final YamlNode.Mapping tree;
  private final Path folder;

  LoadedDocument(Kind kind, Document document, YamlNode.Mapping tree, Path folder) {
    this.kind = kind;
    this.document = document;
    this.tree = tree;
    this.folder = folder;
  }

  public Kind kind() {
    return kind;
  }

  public Document document() {
    return document;
  }

  /** The document as it was written, with what {@code --set} changed. */
  public YamlNode.Mapping tree() {
    return tree;
  }

  /** Where its relative paths start. */
  public Path folder() {
    return folder;
  }

  /**
   * The document as it was understood, with every field that it has: words in their own spelling,
   * local paths absolute. {@link ValueText#json} makes it a text that reads as the same document,
   * from any folder. Only for a document without errors.
   */
  public Value.Table written() {
    var shapes = new Shapes();
    return (Value.Table) new DocumentWriter(shapes, folder).write(tree, shapes.of(kind));
  }
}
