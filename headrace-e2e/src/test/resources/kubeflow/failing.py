"""A pipeline in which something fails, and what then still runs. `python failing.py FILE` compiles it."""

import sys

from kfp import compiler, dsl

PYTHON = dict(base_image="python:3.11-slim")


@dsl.component(**PYTHON)
def fail(why: str) -> str:
    raise RuntimeError(why)


@dsl.component(**PYTHON)
def say(text: str = "by default") -> str:
    return text


@dsl.component(**PYTHON)
def ended(status: dsl.PipelineTaskFinalStatus) -> str:
    return "%s %s: %s" % (status.state, status.pipeline_task_name, status.error_message)


@dsl.pipeline(name="failing")
def failing(choice: int = 1):
    with dsl.ExitHandler(ended()):
        failed = fail(why="on purpose")
        say(text=failed.output)
        say(text=failed.output).ignore_upstream_failure()
        with dsl.If(choice == 1):
            say(text=failed.output)
        with dsl.Else():
            say(text="another way")


if __name__ == "__main__":
    compiler.Compiler().compile(failing, sys.argv[1])
