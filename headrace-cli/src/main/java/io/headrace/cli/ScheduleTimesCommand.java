package io.headrace.cli;

import io.headrace.asset.AssetKind;
import io.headrace.service.Keeper;
import io.headrace.service.Start;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code headrace schedule times -n NAME}. */
@Command(
    name = "times",
    header = "Show when a schedule is due next, and what it has started.",
    description = {"", "Jobs are started by `headrace server`, while it runs.", ""})
final class ScheduleTimesCommand implements Callable<Integer> {
  private static final int NEXT = 5;
  private static final int LAST = 20;

  @Mixin AssetName name = new AssetName();
  @Mixin OutputOptions output = OutputOptions.text();

  private final Context context;

  ScheduleTimesCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (var wiring = context.wiring()) {
      var schedule = wiring.assets().get(AssetKind.SCHEDULE, name.name(), name.wanted());
      var times = Keeper.timesOf(schedule);
      var next = new ArrayList<Instant>();
      var moment = times.next(InstantSource.system().instant());
      while (moment.isPresent() && next.size() < NEXT) {
        next.add(moment.get());
        moment = times.next(moment.get());
      }
      print(schedule.name(), Keeper.isEnabled(schedule), next, wiring);
      return CommandLineProgram.DONE;
    }
  }

  private void print(String schedule, boolean enabled, List<Instant> next, Wiring wiring) {
    var starts = wiring.timetable().starts(schedule, LAST);
    if (!output.forPeople()) {
      output.print(
          context.out(),
          JsonText.of(json -> {
            json.text("name", schedule);
            json.flag("is_enabled", enabled);
            json.texts("next", next.stream().map(Instant::toString).toList());
            json.list(
                "starts",
                starts,
                (start, it) -> {
                  it.text("moment", start.moment().toString());
                  it.text("run", start.run().value());
                  it.text("state", word(start));
                  it.number("missed", start.missed());
                  it.text("why", start.why());
                });
          }));
      return;
    }
    var out = context.out();
    out.println(schedule + (enabled ? "" : " (disabled)"));
    next.forEach(at -> out.println("  next     " + at));
    if (next.isEmpty()) {
      out.println("  it has ended: no moment is left");
    }
    starts.forEach(start ->
        out.printf(
            "  %-8s %s  %s%s%n",
            word(start),
            start.moment(),
            start.run(),
            start.why().isEmpty() ? "" : "  " + start.why()));
  }

  private static String word(Start start) {
    return start.state().name().toLowerCase(Locale.ROOT);
  }
}
