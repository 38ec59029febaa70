package io.headrace.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code headrace completion bash|zsh}. */
@Command(
    name = "completion",
    header = "Print a completion script for your shell.",
    description = {
      "",
      "  source <(headrace completion bash)      # in ~/.bashrc",
      "  source <(headrace completion zsh)       # in ~/.zshrc",
      ""
    })
final class CompletionCommand implements Callable<Integer> {
  /** The shells there is a script for; one script serves both. */
  enum Shell {
    BASH,
    ZSH
  }

  @Parameters(arity = "0..1", paramLabel = "SHELL", description = "bash or zsh (default: bash).")
  Shell shell = Shell.BASH;

  private final Context context;

  CompletionCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    context
        .out()
        .println(AutoComplete.bash("headrace", CommandLineProgram.commands(context.around())));
    return CommandLineProgram.DONE;
  }
}
