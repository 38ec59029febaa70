package io.headrace.job;

import java.util.List;
import java.util.Optional;

/** Whether a text is a cron expression of five fields, as Azure ML's schedules have them. */
final class CronText {
  private CronText() {}

  /** What is wrong, as the end of a sentence that begins with the field's name. */
  static Optional<String> objection(String text) {
    var fields = List.of(text.strip().split("\\s+"));
    var kinds = CronField.Kind.values();
    if (fields.size() != kinds.length) {
      return Optional.of(
          "must have five fields (minute, hour, day, month, day of the week), such as"
              + " \"0 3 * * mon\"");
    }
    for (int i = 0; i < kinds.length; i++) {
      try {
        var _ = CronField.read(kinds[i], fields.get(i));
      } catch (CronField.BadField e) {
        return Optional.of("is wrong: " + e.getMessage() + "; " + e.fix());
      }
    }
    return Optional.empty();
  }
}
