package io.headrace.cli;

import io.headrace.cli.AzLine.Meaning;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints what a line written for the Azure CLI is answered. */
@Command(name = "az")
final class AnswerCommand implements Callable<Integer> {
  @Mixin OutputOptions output = OutputOptions.json();

  private final Context context;
  private final Meaning.Answer answer;

  AnswerCommand(Context context, Meaning.Answer answer) {
    this.context = context;
    this.answer = answer;
  }

  @Override
  public Integer call() {
    if (!answer.notice().isEmpty()) {
      context.err().println(answer.notice());
    }
    output.print(context.out(), answer.result());
    return CommandLineProgram.DONE;
  }
}
