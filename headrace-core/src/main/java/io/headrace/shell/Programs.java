package io.headrace.shell;

import java.util.Set;

/** What is known of programs and of bash's own commands that read an argument as more than text. */
final class Programs {
  private static final Set<String> SHELLS =
      Set.of("bash", "sh", "dash", "zsh", "ksh", "ash", "fish", "rbash", "busybox");

  private static final Set<String> INTERPRETERS =
      Set.of(
          "python", "pypy", "perl", "ruby", "node", "nodejs", "php", "lua", "R", "Rscript", "julia",
          "deno", "bun", "tclsh", "ipython", "pwsh", "scala", "groovy", "jshell", "gnuplot",
          "octave");

  /** They have commands or expansions of their own that run commands, in any argument. */
  private static final Set<String> MACRO =
      Set.of("make", "gmake", "ninja", "just", "sqlite3", "psql", "mysql", "mail", "ftp");

  /** Each reads an argument as a command, in whole or in part. */
  private static final Set<String> EVALUATORS =
      Set.of(
          "eval",
          "trap",
          "alias",
          "mapfile",
          "readarray",
          "complete",
          "compgen",
          "bind",
          "fc",
          "enable",
          "ssh",
          "su",
          "watch",
          "parallel",
          "at",
          "batch",
          "script",
          "expect",
          "gdb",
          "screen",
          "tmux",
          "osascript");

  /** Their first argument that is no option is a program in a language that can run commands. */
  private static final Set<String> SCRIPTED =
      Set.of("awk", "gawk", "mawk", "nawk", "sed", "gsed", "vim", "vi", "ex", "ed", "dc", "m4");

  /** What follows their options (and numbers) is a command with its arguments. */
  private static final Set<String> WRAPPERS =
      Set.of(
          "exec",
          "command",
          "builtin",
          "nohup",
          "env",
          "sudo",
          "doas",
          "setsid",
          "xargs",
          "coproc",
          "timeout",
          "nice",
          "ionice",
          "taskset",
          "chrt",
          "stdbuf",
          "mpirun",
          "mpiexec",
          "srun",
          "strace",
          "ltrace",
          "unshare",
          "nsenter",
          "chroot",
          "flock",
          "numactl",
          "catchsegv",
          "time",
          "unbuffer",
          "rlwrap",
          "entr");

  /** They take names of variables, where a subscript is evaluated: {@code a[$(…)]}. */
  private static final Set<String> NAMING =
      Set.of("unset", "read", "test", "[", "wait", "getopts", "printf", "local", "readonly");

  /** They also take whole arrays as text: {@code x=($(…))}. */
  private static final Set<String> DECLARING =
      Set.of("declare", "typeset", "local", "readonly", "export");

  /** They run what some option names. */
  private static final Set<String> RUN_BY_OPTION =
      Set.of(
          "find",
          "fd",
          "tar",
          "bsdtar",
          "rsync",
          "git",
          "scp",
          "sftp",
          "zip",
          "unzip",
          "man",
          "less",
          "more",
          "sort",
          "split",
          "curl",
          "wget",
          "pip",
          "npm",
          "docker",
          "podman",
          "kubectl",
          "conda",
          "crontab",
          "systemd-run",
          "rg",
          "ag",
          "csplit");

  private Programs() {}

  private static String base(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  static boolean isShell(String name) {
    return SHELLS.contains(base(name));
  }

  /** A language, also with a version behind its name: {@code python3.11}. */
  static boolean isInterpreter(String name) {
    var base = base(name);
    int end = base.length();
    while (end > 0
        && ((base.charAt(end - 1) >= '0' && base.charAt(end - 1) <= '9')
            || base.charAt(end - 1) == '.')) {
      end--;
    }
    return INTERPRETERS.contains(base) || INTERPRETERS.contains(base.substring(0, end));
  }

  static boolean isPython(String name) {
    return base(name).startsWith("python") || base(name).startsWith("pypy");
  }

  static boolean isEvaluator(String name) {
    return EVALUATORS.contains(base(name));
  }

  static boolean isScripted(String name) {
    return SCRIPTED.contains(base(name));
  }

  static boolean isMacro(String name) {
    return MACRO.contains(base(name));
  }

  static boolean isWrapper(String name) {
    return WRAPPERS.contains(base(name));
  }

  static boolean isNaming(String name) {
    return NAMING.contains(name);
  }

  static boolean isDeclaring(String name) {
    return DECLARING.contains(name);
  }

  static boolean isRunByOption(String name) {
    return RUN_BY_OPTION.contains(base(name));
  }

  /** Variables of bash that hold numbers: what is assigned to them is evaluated. */
  static boolean isNumericVariable(String name) {
    return switch (name) {
      case "RANDOM",
          "SRANDOM",
          "SECONDS",
          "LINENO",
          "OPTIND",
          "HISTCMD",
          "EPOCHSECONDS",
          "BASHPID",
          "UID",
          "EUID",
          "PPID",
          "BASH_SUBSHELL" ->
          true;
      default -> false;
    };
  }

  /** Variables whose content bash or the loader acts on. */
  static boolean isActingVariable(String name) {
    return switch (name) {
      case "PS0",
          "PS1",
          "PS2",
          "PS3",
          "PS4",
          "PROMPT_COMMAND",
          "BASH_ENV",
          "ENV",
          "IFS",
          "SHELLOPTS",
          "BASHOPTS",
          "PATH",
          "BASH_CMDS",
          "BASH_ALIASES",
          "PYTHONSTARTUP",
          "PYTHONPATH",
          "EDITOR",
          "VISUAL",
          "PAGER",
          "GIT_SSH_COMMAND",
          "PERL5OPT",
          "RUBYOPT",
          "NODE_OPTIONS" ->
          true;
      default -> name.startsWith("LD_") || name.startsWith("DYLD_");
    };
  }
}
