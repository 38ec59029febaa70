package io.headrace.problem;

/**
 * A place in a file that a user wrote.
 *
 * @param file as the user would name it: relative to where the command ran, when below it
 * @param line counted from 1; 0 when the whole file is meant
 * @param column counted from 1 in characters; 0 when the whole line is meant
 */
public record Where(String file, int line, int column) {
  /** The whole of a file. */
  public static Where file(String file) {
    return new Where(file, 0, 0);
  }

  /** The form that editors and terminals turn into a link: {@code file:line:column}. */
  @Override
  public String toString() {
    if (line == 0) {
      return file;
    }
    return column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
  }
}
