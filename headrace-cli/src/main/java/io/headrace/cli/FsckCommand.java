package io.headrace.cli;

import io.headrace.store.Fsck;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace fsck}. */
@Command(
    name = "fsck",
    header = "Read every object again: name what is damaged or missing, and what depends on it.",
    description = {"", "Exit code 0 when all is well, else 3.", ""})
final class FsckCommand implements Callable<Integer> {
  @Option(
      names = "--repair",
      description =
          "Mend from files that still have the bytes; take the rest away, so that the steps run again.")
  boolean repair;

  @Mixin OutputOptions output = OutputOptions.text();

  private final Context context;

  FsckCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    try (var wiring = context.wiring()) {
      var report = Fsck.check(wiring.objects(), wiring.dependents(), wiring.sources(), repair);
      if (!output.forPeople()) {
        output.print(context.out(), JsonText.of(out -> write(out, report)));
      } else {
        report.findings().forEach(this::print);
        context
            .out()
            .printf(
                "%,d objects, %,d bytes read: %s%n",
                report.objects(),
                report.bytes(),
                report.findings().isEmpty()
                    ? "all whole"
                    : report.findings().size() + " not whole");
      }
      boolean well = report.findings().stream().allMatch(Fsck.Finding::mended);
      return well ? CommandLineProgram.DONE : CommandLineProgram.PLATFORM_FAILED;
    }
  }

  private void print(Fsck.Finding finding) {
    var fault = finding.fault().name().toLowerCase(Locale.ROOT);
    context
        .out()
        .printf("%-8s %s%s%n", fault, finding.digest(), finding.mended() ? ", mended" : "");
    finding.dependents().forEach(it -> context.out().println("         needed by " + it));
  }

  private static void write(JsonText.Body out, Fsck.Report report) {
    out.number("objects", report.objects());
    out.number("bytes", report.bytes());
    out.list(
        "findings",
        report.findings(),
        (it, body) -> {
          body.text("digest", it.digest().hex());
          body.text("fault", it.fault().name().toLowerCase(Locale.ROOT));
          body.flag("mended", it.mended());
          body.texts("dependents", it.dependents());
        });
  }
}
