"""What the kfp package can say, in one pipeline. `python everything.py FILE` compiles it."""

import sys
from typing import Dict, List, NamedTuple, Optional

from kfp import compiler, dsl
from kfp.dsl import Dataset, Input, Metrics, Model, Output, OutputPath

PYTHON = dict(base_image="python:3.11-slim")


@dsl.component(packages_to_install=["tabulate==0.9.0"], **PYTHON)
def make(
    rows: int,
    rate: float,
    name: str,
    flag: bool,
    items: list,
    config: dict,
    data: Output[Dataset],
    note: Optional[str] = None,
) -> NamedTuple("Made", [("total", int), ("seen", dict)]):
    from collections import namedtuple
    from tabulate import tabulate

    with open(data.path, "w") as file:
        file.write(tabulate([[name, rows]], tablefmt="plain"))
    data.metadata["rows"] = rows
    seen = {"rate": rate, "name": name, "flag": flag, "items": items, "config": config, "note": note}
    return namedtuple("Made", ["total", "seen"])(rows * 10, seen)


@dsl.container_component
def shout(text: str, data: Input[Dataset], said: OutputPath(str), loud: Optional[str] = None, low: Optional[str] = None):
    return dsl.ContainerSpec(
        image="busybox",
        command=["sh", "-c", 'out=$1; shift; mkdir -p "$(dirname "$out")"; printf "%s|" "$@" > "$out"; cat "$0" >> "$out"'],
        args=[
            data.path,
            said,
            text,
            dsl.ConcatPlaceholder(["rows=", data.metadata["rows"]]),
            dsl.IfPresentPlaceholder("loud", ["--loud", loud]),
            dsl.IfPresentPlaceholder("low", ["--low", low], ["--no-low"]),
        ],
    )


@dsl.component(**PYTHON)
def read(data: Input[Dataset]) -> str:
    return open(data.path).read() + " " + str(data.metadata.get("from"))


@dsl.component(**PYTHON)
def square(x: int, model: Output[Model]) -> int:
    import time

    time.sleep(0.2 / x)  # the later items end sooner
    with open(model.path, "w") as file:
        file.write("model of %d" % x)
    return x * x


@dsl.component(**PYTHON)
def pairs(n: int) -> List[Dict[str, int]]:
    return [{"a": i, "b": i * i} for i in range(n)]


@dsl.component(**PYTHON)
def add(a: int, b: int = 100) -> int:
    return a + b


@dsl.component(**PYTHON)
def say(text: str = "by default") -> str:
    return text


@dsl.component(**PYTHON)
def flaky(counter: str) -> int:
    import os

    tries = len(open(counter).read()) + 1 if os.path.exists(counter) else 1
    with open(counter, "a") as file:
        file.write("x")
    if tries < 3:
        raise RuntimeError("attempt %d fails" % tries)
    return tries


@dsl.component(**PYTHON)
def measure(metrics: Output[Metrics]):
    metrics.log_metric("accuracy", 0.75)


@dsl.component(**PYTHON)
def ended(status: dsl.PipelineTaskFinalStatus, word: str) -> str:
    return "%s %s" % (word, status.state)


@dsl.component(**PYTHON)
def report(
    seen: dict,
    said: str,
    imported: str,
    squares: List[int],
    models: List[Model],
    nested: List[List[int]],
    each: List[str],
    taken: str,
    inner: int,
    quoted: str,
) -> dict:
    here = dict(locals())
    here["models"] = [open(model.path).read() for model in models]
    return here


@dsl.pipeline
def inner(n: int) -> int:
    first = add(a=n)
    return add(a=first.output, b=1).output


@dsl.pipeline
def train(xs: list) -> NamedTuple("Trained", [("squares", List[int]), ("models", List[Model])]):
    with dsl.ParallelFor(xs, parallelism=2) as x:
        squared = square(x=x)
    outputs = NamedTuple("Trained", [("squares", List[int]), ("models", List[Model])])
    return outputs(
        squares=dsl.Collected(squared.outputs["Output"]), models=dsl.Collected(squared.outputs["model"])
    )


@dsl.component(**PYTHON)
def name_of(model: Input[Model]) -> str:
    return open(model.path).read().upper()


@dsl.pipeline(name="everything", description="What the kfp package can say.")
def everything(
    uri: str,
    counter: str,
    rows: int = 3,
    rate: float = 0.5,
    name: str = "it's $(id)",
    flag: bool = True,
    items: list = [3, 1, 2],
    config: dict = {"deep": {"a": 1}},
    note: Optional[str] = None,
) -> dict:
    made = make(rows=rows, rate=rate, name=name, flag=flag, items=items, config=config, note=note)
    made.set_env_variable("WHERE", "here").set_cpu_limit("1").set_memory_limit("1G").set_display_name("Make it")
    said = shout(text=f"{name} and {rows}", data=made.outputs["data"], loud="very")
    imported = read(data=dsl.importer(uri, artifact_class=Dataset, metadata={"from": name}).output)

    trained = train(xs=items)
    with dsl.ParallelFor([1, 2]) as outer:
        with dsl.ParallelFor([10, 20]) as within:
            sums = add(a=outer, b=within)
    with dsl.ParallelFor(pairs(n=rows).output) as pair:
        added = add(a=pair.a, b=pair.b)
        with dsl.If(added.output > 5):
            say(text=f"big: {added.output}")
    with dsl.ParallelFor(trained.outputs["models"]) as model:
        named = name_of(model=model)

    with dsl.If(rows > 10):
        many = say(text="many")
    with dsl.Elif(flag == False):
        none = say(text="none")
    with dsl.Else():
        few = say()
    taken = dsl.OneOf(many.output, none.output, few.output)

    with dsl.ExitHandler(ended(word="it has"), name="guarded"):
        tries = flaky(counter=counter).set_retry(3, backoff_duration="0s").set_caching_options(False)
        measure().after(tries)

    return report(
        seen=made.outputs["seen"],
        said=said.output,
        imported=imported.output,
        squares=trained.outputs["squares"],
        models=trained.outputs["models"],
        nested=dsl.Collected(sums.output),
        each=dsl.Collected(named.output),
        taken=taken,
        inner=inner(n=made.outputs["total"]).output,
        quoted='"quoted" \\ and ${{inputs.x}}',
    ).output


if __name__ == "__main__":
    compiler.Compiler().compile(everything, sys.argv[1])
