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
      "Put one of these lines in ~/.bashrc or ~/.zshrc (headrace must be on the PATH):",
      "  source <(headrace completion bash)",
      "  source <(headrace completion zsh)",
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
