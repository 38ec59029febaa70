package io.headrace.cli;

import io.headrace.asset.Asset;
import io.headrace.engine.RunListener;
import io.headrace.name.RunId;
import io.headrace.service.Keeper;
import io.headrace.service.RunService;
import java.io.IOException;

/** Begins the jobs of schedules: planned and captured as any run, from what is there now. */
final class ScheduledJobs implements Keeper.Starter {
  private final Context context;
  private final Wiring wiring;
  private final RunService service;

  ScheduledJobs(Context context, Wiring wiring, RunService service) {
    this.context = context;
    this.wiring = wiring;
    this.service = service;
  }

  @Override
  public void start(Asset schedule, RunId run) throws IOException, InterruptedException {
    var work = ScheduledWork.of(schedule.name(), schedule.body());
    var captured = wiring.newEngine().capture(work.plan(context, wiring), RunListener.none());
    service.submit(run, captured, work.settings(context).options(context));
  }
}
