package io.headrace.job;

import io.headrace.spec.Trigger;
import io.headrace.spec.Written;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads what starts a schedule's job. */
public final class TriggerReader {
  private TriggerReader() {}

  /** The trigger of a schedule whose document was checked before; empty when it has none. */
  public static Optional<Trigger> of(YamlNode.Mapping schedule) {
    return trigger(Entries.of(schedule));
  }

  static Optional<Trigger> trigger(Entries schedule) {
    var entries = schedule.mapping("trigger");
    var span =
        new Trigger.Span(
            moment(entries, "start_time"), moment(entries, "end_time"), entries.text("time_zone"));
    return switch (entries.text("type").orElse("").toLowerCase(Locale.ROOT)) {
      case "cron" ->
          Optional.of(
              new Trigger.Cron(entries.text("expression").orElse(""), span, entries.where()));
      case "recurrence" -> recurrence(entries, span);
      default -> Optional.empty(); // reported by the validator
    };
  }

  private static Optional<String> moment(Entries entries, String key) {
    return entries.scalar(key).map(Scalar::text);
  }

  private static Optional<Trigger> recurrence(Entries entries, Trigger.Span span) {
    String word = entries.text("frequency").orElse("").toUpperCase(Locale.ROOT);
    for (var frequency : Trigger.Frequency.values()) {
      if (frequency.name().equals(word)) {
        var interval = entries.scalar("interval").map(Scalars::whole).orElse(OptionalLong.empty());
        return Optional.of(
            new Trigger.Recurrence(
                frequency,
                (int) interval.orElse(1),
                entries.has("schedule")
                    ? Optional.of(pattern(entries.mapping("schedule")))
                    : Optional.empty(),
                span,
                entries.where()));
      }
    }
    return Optional.empty();
  }

  private static Trigger.Pattern pattern(Entries entries) {
    return new Trigger.Pattern(
        numbers(entries, "hours"),
        numbers(entries, "minutes"),
        entries.list("week_days").stream()
            .map(Written::text)
            .map(text -> text.toLowerCase(Locale.ROOT))
            .toList(),
        numbers(entries, "month_days"));
  }

  private static List<Integer> numbers(Entries entries, String key) {
    List<YamlNode> items =
        entries.scalar(key).<List<YamlNode>>map(List::of).orElseGet(() -> entries.items(key));
    return items.stream()
        .filter(Scalar.class::isInstance)
        .map(item -> Scalars.whole((Scalar) item))
        .filter(OptionalLong::isPresent)
        .map(number -> (int) number.getAsLong())
        .toList();
  }
}
