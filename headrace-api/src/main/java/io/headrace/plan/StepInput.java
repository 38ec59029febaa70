package io.headrace.plan;

import io.headrace.name.Digest;
import io.headrace.name.StepId;
import java.nio.file.Path;
import java.util.List;

/** What a step is given under one input's name. */
public sealed interface StepInput {

  /** A parameter's value, as text. */
  record Literal(String value) implements StepInput {}

  /** Files, wherever they are. */
  sealed interface Data extends StepInput {
    DataType type();

    Mode mode();

    /** The same files, read otherwise. */
    Data as(DataType type, Mode mode);
  }

  /** A file or folder on this machine. {@code path} is absolute and existed when planned. */
  record Local(Path path, DataType type, Mode mode) implements Data {
    @Override
    public Local as(DataType otherType, Mode otherMode) {
      return new Local(path, otherType, otherMode);
    }
  }

  /** What another step of the plan makes. */
  record FromStep(StepId step, String output, DataType type, Mode mode) implements Data {
    @Override
    public FromStep as(DataType otherType, Mode otherMode) {
      return new FromStep(step, output, otherType, otherMode);
    }
  }

  /**
   * In the body of a {@link Group.ForEach}: the data that the item in hand gives under a name. A
   * step of the run has none of these.
   */
  record OfItem(String name, DataType type, Mode mode) implements Data {
    @Override
    public OfItem as(DataType otherType, Mode otherMode) {
      return new OfItem(name, otherType, otherMode);
    }
  }

  /**
   * The value that another step has written into the file of an output: once that is known, a
   * {@link Literal}. Where the command wants it stands the {@link Slot} called {@link #slot}.
   */
  record MadeValue(StepId step, String output, ValueType type) implements StepInput {
    /** The name of the place that an input's value will fill; no input is called so. */
    public static String slot(String input) {
      return "inputs." + input;
    }
  }

  /**
   * Bytes already in the object store: a {@link Local} once captured, or an earlier run's output.
   */
  record Stored(Digest digest, String name, DataType type, Mode mode) implements Data {
    @Override
    public Stored as(DataType otherType, Mode otherMode) {
      return new Stored(digest, name, otherType, otherMode);
    }
  }

  /**
   * A URI elsewhere: handed on as it is in direct mode, else fetched ({@code http}, {@code https}).
   */
  record Remote(String uri, DataType type, Mode mode) implements Data {
    @Override
    public Remote as(DataType otherType, Mode otherMode) {
      return new Remote(uri, otherType, otherMode);
    }
  }

  /**
   * A folder of files that come with Headrace, such as the driver of parallel steps.
   *
   * @param resources the class-path folder that holds them, without a slash at its ends
   * @param files their paths within it
   */
  record Supplied(String resources, List<String> files) implements StepInput {
    public Supplied {
      files = List.copyOf(files);
    }
  }

  /**
   * Nothing but the order: the step begins once that one has ended.
   *
   * @param succeeded whether it must have succeeded
   */
  record After(StepId step, boolean succeeded) implements StepInput {}

  /** An output, if it is made: the step runs without this input when the maker did not succeed. */
  record IfMade(FromStep from) implements StepInput {}

  /**
   * How other steps ended: {@code SUCCEEDED}, or {@code FAILED} and which did not succeed. The step
   * runs when all have ended, however they did.
   */
  record HowEnded(List<StepId> steps) implements StepInput {
    public HowEnded {
      steps = List.copyOf(steps);
    }
  }

  /** How the step gets at the data. */
  enum Mode {
    /** A path to read from; the default. */
    RO_MOUNT,
    /** A path to read from. */
    DOWNLOAD,
    /** The URI or original path, as text; nothing is fetched or protected. */
    DIRECT,
    /** Of a table: the files that its MLTable file selects, without that file. */
    EVAL_MOUNT,
    /** As {@link #EVAL_MOUNT}. */
    EVAL_DOWNLOAD,
    /** Of a table: its whole folder, with the meaning of its MLTable file as JSON in it. */
    TABLE;

    /** Whether what the step is given depends on what the MLTable file says. */
    public boolean isEvaluated() {
      return switch (this) {
        case EVAL_MOUNT, EVAL_DOWNLOAD, TABLE -> true;
        case RO_MOUNT, DOWNLOAD, DIRECT -> false;
      };
    }
  }
}
