package io.headrace.backend.local;

import java.nio.file.Path;
import java.util.Arrays;

/** Submits jobs as an engine would, prints each one's end, and waits to be killed. */
final class SubmittingMain {
  private SubmittingMain() {}

  /** Arguments: the folder, the command, then the attempts. */
  public static void main(String[] arguments) throws Exception {
    var jobs = new JobFixture(Path.of(arguments[0]));
    var compute = new LocalCompute();
    for (var attempt : Arrays.asList(arguments).subList(2, arguments.length)) {
      var job = jobs.job(attempt, arguments[1]);
      job.whenEnded(() -> {
        System.out.println("ended " + attempt);
        System.out.flush();
      });
      job.submit(compute);
      System.out.println("submitted " + attempt);
      System.out.flush();
    }
    Thread.currentThread().join();
  }
}
