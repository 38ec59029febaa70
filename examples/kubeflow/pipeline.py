"""A small Kubeflow pipeline. `python pipeline.py` (with kfp 2) compiles it to pipeline.yaml, which Headrace runs."""

from typing import List

from kfp import compiler, dsl
from kfp.dsl import Dataset, Input, Metrics, Output


@dsl.component(base_image="python:3.11-slim")
def make(rows: int, data: Output[Dataset]) -> int:
    with open(data.path, "w") as file:
        file.writelines(f"{i}\n" for i in range(rows))
    return rows


@dsl.component(base_image="python:3.11-slim")
def scale(factor: int, data: Input[Dataset], metrics: Output[Metrics]) -> int:
    total = factor * sum(int(line) for line in open(data.path))
    metrics.log_metric("total", total)
    return total


@dsl.component(base_image="python:3.11-slim")
def largest(totals: List[int]) -> int:
    return max(totals)


@dsl.component(base_image="python:3.11-slim")
def tell(total: int):
    print("the largest total is", total)


@dsl.pipeline(name="totals")
def pipeline(rows: int = 4, enough: int = 10) -> int:
    made = make(rows=rows)
    with dsl.ParallelFor([1, 2, 3], parallelism=2) as factor:
        scaled = scale(factor=factor, data=made.outputs["data"])
    most = largest(totals=dsl.Collected(scaled.outputs["Output"]))
    with dsl.If(most.output > enough):
        tell(total=most.output)
    return most.output


if __name__ == "__main__":
    compiler.Compiler().compile(pipeline, "pipeline.yaml")
