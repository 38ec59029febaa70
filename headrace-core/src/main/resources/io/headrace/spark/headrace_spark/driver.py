"""Calls spark-submit. Python 3.7 or newer, and pyspark."""
import importlib.util
import os
import re
import signal
import subprocess
import sys

from headrace_spark import files, java, size
from headrace_spark import settings as told
from headrace_spark.settings import Wrong


def main():
    try:
        return _run(told.read())
    except Wrong as e:
        print("spark: error: %s" % e, flush=True)
        return 1


def _run(settings):
    spark_home, version = _pyspark(settings)
    java_home, java_version = java.find(version)
    arguments = _arguments(settings)
    _clear_direct_outputs(settings)
    print(
        "spark: Spark %d.%d, Java %d, %s, heap %s"
        % (version + (java_version, _after("--master", arguments), _heap(arguments))),
        flush=True,
    )
    program = os.path.join(spark_home, "bin", "spark-submit")
    environment = _environment(spark_home, java_home)
    if _is_here(arguments):
        environment["SPARK_LOCAL_IP"] = "127.0.0.1"
    process = subprocess.Popen([program] + arguments, env=environment)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    status = process.wait()
    for folder in settings.direct_outputs:
        if not os.path.exists(folder) and os.path.isdir(os.path.dirname(folder)) and status == 0:
            os.mkdir(folder)
    return status if status >= 0 else 128 - status


def _pyspark(settings):
    """Where pyspark is, and its version."""
    found = importlib.util.find_spec("pyspark")
    if found is None or not found.submodule_search_locations:
        raise Wrong(
            "the Python of this step has no pyspark: %s\n"
            "  pip install 'pyspark==%s.*', or name an environment with a conda_file: pyspark is "
            "then added to it" % (sys.executable, settings.version)
        )
    home = list(found.submodule_search_locations)[0]
    with open(os.path.join(home, "version.py"), encoding="utf-8") as file:
        match = re.search(r"""__version__.*['"](\d+)\.(\d+)""", file.read())
    if match is None:
        raise Wrong("the pyspark in %s does not tell its version" % home)
    version = (int(match.group(1)), int(match.group(2)))
    if "%d.%d" % version != settings.version:
        print(
            "spark: warning: Spark %s is wanted, the environment has %d.%d"
            % ((settings.version,) + version),
            flush=True,
        )
    return home, version


def _arguments(settings):
    conf = dict(settings.conf)
    master = _master(conf)
    arguments = ["--master", master, "--name", os.environ.get("HEADRACE_ATTEMPT", "headrace")]
    if master.startswith("local"):
        heap = size.memory(conf)
        if heap:
            conf["spark.driver.memory"] = heap
        conf.setdefault("spark.driver.host", "127.0.0.1")
        conf.setdefault("spark.driver.bindAddress", "127.0.0.1")
    conf.setdefault("spark.ui.enabled", "false")
    conf.setdefault("spark.ui.showConsoleProgress", "false")
    for name, value in conf.items():
        arguments += ["--conf", "%s=%s" % (name, value)]
    jars = files.located("jars", settings.jars)
    application = jars.pop(0) if settings.class_name else _entry(settings)
    extra = files.located("files", settings.files)
    archives = files.located("archives", settings.archives)
    files.lay_out(extra, archives)
    for option, names in (
        ("--py-files", files.located("py_files", settings.py_files)),
        ("--jars", jars),
        ("--files", extra),
        ("--archives", archives),
    ):
        if names:
            arguments += [option, ",".join(names)]
    if settings.class_name:
        arguments += ["--class", settings.class_name]
    return arguments + [application] + settings.args


def _master(conf):
    """The one place that says where Spark runs: the application, the compute, else this machine."""
    named = conf.pop("spark.master", "") or os.environ.get("HEADRACE_SPARK_MASTER", "")
    return named or "local[%d]" % size.threads(conf)


def _entry(settings):
    if not os.path.isfile(settings.entry_file):
        raise Wrong("entry.file: there is no '%s' in the code" % settings.entry_file)
    return os.path.abspath(settings.entry_file)


def _clear_direct_outputs(settings):
    """Spark, by default, refuses to write where something is; in Azure nothing is there."""
    for folder in settings.direct_outputs:
        if os.path.isdir(folder) and not os.listdir(folder):
            os.rmdir(folder)


def _environment(spark_home, java_home):
    """Another Spark, or Python, that the shell of the user names must not slip in."""
    environment = dict(os.environ)
    environment.pop("SPARK_CONF_DIR", None)
    environment.update(
        SPARK_HOME=spark_home,
        JAVA_HOME=java_home,
        PYSPARK_PYTHON=sys.executable,
        PYSPARK_DRIVER_PYTHON=sys.executable,
    )
    return environment


def _is_here(arguments):
    return _after("--master", arguments).startswith("local")


def _after(option, arguments):
    return arguments[arguments.index(option) + 1]


def _heap(arguments):
    for word in arguments:
        if word.startswith("spark.driver.memory="):
            return word.split("=", 1)[1]
    return "1g"
