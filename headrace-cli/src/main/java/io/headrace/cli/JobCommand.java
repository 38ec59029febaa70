package io.headrace.cli;

import picocli.CommandLine.Command;

/** {@code headrace job}: the words of {@code az ml job}. */
@Command(
    name = "job",
    header = "Create, show, list, stream, cancel and download jobs, with the flags of az ml job.",
    description = {
      "",
      "Options that name a cloud workspace (-w, -g, --subscription) are taken and have no meaning here.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND")
final class JobCommand {}
