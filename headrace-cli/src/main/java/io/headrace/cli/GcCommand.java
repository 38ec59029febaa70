package io.headrace.cli;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.store.Sweep;
import io.headrace.tracking.Purge;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace gc}. */
@Command(
    name = "gc",
    header = "Remove for good what was deleted, and the bytes that nothing needs any more.",
    description = {
      "",
      "Runs, logged models and experiments that were deleted go with all that belongs to them; jobs stay.",
      "Others may work meanwhile.",
      ""
    })
final class GcCommand implements Callable<Integer> {
  private static final Pattern DURATION =
      Pattern.compile("(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,6})s)?");

  @Option(
      names = "--older-than",
      paramLabel = "TIME",
      description = "Only what was deleted so long ago, such as 30d or 1d12h.")
  String olderThan = "0s";

  @Option(
      names = "--run-ids",
      paramLabel = "IDS",
      split = ",",
      description = "Only these deleted runs.")
  List<String> runIds = List.of();

  @Option(
      names = "--experiment-ids",
      paramLabel = "IDS",
      split = ",",
      description = "Only these deleted experiments, and what was deleted within them.")
  List<String> experimentIds = List.of();

  @Option(
      names = "--unused-for",
      paramLabel = "TIME",
      description =
          "Leave bytes that were put or asked for within this time (default: 2h). Less than the longest time between a file's way into the store and its name in the records may take what is just being stored.")
  String unusedFor = "2h";

  @Option(names = "--dry-run", description = "Remove nothing; name what would go, and the bytes.")
  boolean dryRun;

  @Mixin OutputOptions output = OutputOptions.text();

  private final Context context;

  GcCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    try (var wiring = context.wiring()) {
      Purge purge = wiring.tracking().purge();
      Instant now = Instant.now();
      Purge.Found found =
          purge.find(
              new Purge.Question(
                  now.minus(duration("--older-than", olderThan)).toEpochMilli(),
                  runIds,
                  experimentIds,
                  wiring.jobs()));
      requireAll(found);
      Instant unusedSince = now.minus(duration("--unused-for", unusedFor));
      Purge.Found gone = dryRun ? found : purge.remove(found);
      Sweep.Report swept = sweep(wiring, purge, found, unusedSince);
      tell(gone, swept);
      return CommandLineProgram.DONE;
    }
  }

  /** A dry run counts as gone what the runs that would go name. */
  private Sweep.Report sweep(Wiring wiring, Purge purge, Purge.Found found, Instant unusedSince)
      throws IOException {
    return dryRun
        ? wiring.sweep(Set.of(Purge.FILES), () -> purge.named(found), unusedSince, true)
        : wiring.sweep(Set.of(), Set::of, unusedSince, false);
  }

  private void requireAll(Purge.Found found) {
    Set<String> there = new HashSet<>();
    found.runs().forEach(it -> there.add(it.id()));
    List<String> not = new ArrayList<>(runIds);
    not.removeAll(there);
    Set<String> experiments = new HashSet<>();
    found.experiments().forEach(it -> experiments.add(it.id()));
    List<String> notThere = new ArrayList<>(experimentIds);
    notThere.removeAll(experiments);
    if (!not.isEmpty() || (!notThere.isEmpty() && runIds.isEmpty())) {
      String what =
          not.isEmpty()
              ? "experiment " + String.join(", ", notThere)
              : "run " + String.join(", ", not);
      throw Problem.of(ErrorCode.UNRESOLVED, what + " cannot be removed; nothing was")
          .fix(
              "name only what was deleted, long enough ago for --older-than, and is no job: `headrace job archive` hides jobs")
          .asException();
    }
  }

  static Duration duration(String option, String text) {
    var parts = DURATION.matcher(text);
    if (text.isEmpty() || !parts.matches()) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, option + ": '" + text + "' is no time")
          .fix("write days, hours, minutes and seconds, such as 30d, 1d12h or 90m")
          .asException();
    }
    return Duration.ofDays(number(parts.group(1)))
        .plusHours(number(parts.group(2)))
        .plusMinutes(number(parts.group(3)))
        .plusSeconds(number(parts.group(4)));
  }

  private static long number(@org.jspecify.annotations.Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private void tell(Purge.Found gone, Sweep.Report swept) {
    if (!output.forPeople()) {
      output.print(context.out(), JsonText.of(body -> write(body, gone, swept)));
      return;
    }
    String verb = dryRun ? "would remove " : "removed ";
    each(verb + "run ", gone.runs());
    each(verb + "logged model ", gone.models());
    each(verb + "experiment ", gone.experiments());
    context
        .out()
        .printf(
            "%s%,d runs, %,d logged models, %,d experiments; %,d objects, %,d bytes%n",
            verb,
            gone.runs().size(),
            gone.models().size(),
            gone.experiments().size(),
            swept.objects(),
            swept.bytes());
    if (swept.recent() > 0) {
      context
          .out()
          .printf(
              "%,d more objects are needed by nothing, but were used within %s: they go another time%n",
              swept.recent(), unusedFor);
    }
  }

  private void each(String what, List<Purge.Item> items) {
    items.forEach(it -> context.out().println(what + it.id()));
  }

  private void write(JsonText.Body body, Purge.Found gone, Sweep.Report swept) {
    body.flag("dry_run", dryRun);
    body.texts("runs", gone.runs().stream().map(Purge.Item::id).toList());
    body.texts("logged_models", gone.models().stream().map(Purge.Item::id).toList());
    body.texts("experiments", gone.experiments().stream().map(Purge.Item::id).toList());
    body.number("objects", swept.objects());
    body.number("bytes", swept.bytes());
    body.number("kept_objects", swept.kept());
    body.number("recent_objects", swept.recent());
  }
}
