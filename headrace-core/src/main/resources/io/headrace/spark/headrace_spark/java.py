"""Finds a Java that the Spark at hand runs on."""
import glob
import os
import re
import shutil
import subprocess
import sys

from headrace_spark.settings import Wrong

_FOLDERS = (
    sys.prefix,
    os.path.join(sys.prefix, "lib/jvm"),
    "/usr/lib/jvm/*",
    "/usr/java/*",
    "/opt/java/*",
    "/opt/jdk*",
    "/usr/local/opt/openjdk*",
    "/opt/homebrew/opt/openjdk*",
    "/home/linuxbrew/.linuxbrew/opt/openjdk*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    os.path.expanduser("~/Library/Java/JavaVirtualMachines/*/Contents/Home"),
    os.path.expanduser("~/.sdkman/candidates/java/*"),
    os.path.expanduser("~/.jdks/*"),
    os.path.expanduser("~/.asdf/installs/java/*"),
    os.path.expanduser("~/.local/share/mise/installs/java/*"),
)


def range_for(spark):
    """The lowest and highest Java that a Spark runs on, from its own documentation."""
    if spark < (3, 3):
        return 8, 11
    if spark < (4, 0):
        return 8, 17
    return 17, 21


def find(spark):
    """The home of the first Java that fits: JAVA_HOME, PATH, the usual folders (newest first)."""
    least, most = range_for(spark)
    seen = {}
    for home in _named():
        version = seen.setdefault(home, _version(home))
        if version and least <= version <= most:
            return home, version
    others = {}
    for pattern in _FOLDERS:
        for home in glob.glob(pattern):
            home = os.path.realpath(home)
            if home not in seen:
                others[home] = seen[home] = _version(home)
    fitting = sorted(
        ((version, home) for home, version in others.items() if version and least <= version <= most),
        reverse=True,
    )
    if fitting:
        return fitting[0][1], fitting[0][0]
    raise Wrong(_none_fits(spark, least, most, seen))


def _named():
    home = os.environ.get("JAVA_HOME")
    if home:
        yield os.path.realpath(home)
    program = shutil.which("java")
    if program:
        yield os.path.dirname(os.path.dirname(os.path.realpath(program)))


def _version(home):
    """Such as 17; 0 when there is no Java."""
    program = os.path.join(home, "bin", "java")
    if not os.access(program, os.X_OK):
        return 0
    try:
        with open(os.path.join(home, "release"), encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        text = _ask(program)
    match = re.search(r'(?:JAVA_VERSION=|version )"(?:1\.)?(\d+)', text)
    return int(match.group(1)) if match else 0


def _ask(program):
    try:
        done = subprocess.run(
            [program, "-version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=30,
        )
        return done.stdout.decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError):
        return ""


def _none_fits(spark, least, most, seen):
    found = ["Java %d in %s" % (version, home) for home, version in sorted(seen.items()) if version]
    wanted = "17" if most >= 17 else "11"
    return (
        "Spark %d.%d runs on Java %d to %d, and there is none here%s\n"
        "  install one (apt install openjdk-%s-jre-headless, brew install openjdk@%s), "
        "or name the folder of one in JAVA_HOME"
        % (spark[0], spark[1], least, most, ": " + ", ".join(found) if found else "", wanted, wanted)
    )
