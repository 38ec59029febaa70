#!/usr/bin/env python3
"""Measures the cost of a step in Headrace, beside xargs, make, Snakemake and DVC. See README.md."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Callable, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
HEADRACE = os.environ.get("HEADRACE", str(ROOT / "headrace"))
PARALLEL = 2


class Step(NamedTuple):
    name: str
    sources: list[str]
    after: list[str]

    def inputs(self) -> list[str]:
        return [f"src/{s}.txt" for s in self.sources] + [f"out/{s}.txt" for s in self.after]

    def command(self, inputs: list[str], output: str) -> str:
        if len(inputs) == 1:
            return f'read -r x < {inputs[0]}; echo "$x" > {output}'
        return f"cat {' '.join(inputs)} > {output}"


def chain(n: int) -> list[Step]:
    return [Step(f"t{i}", [] if i else ["s0"], [f"t{i - 1}"] if i else []) for i in range(n)]


def fan(n: int) -> list[Step]:
    steps = [Step(f"t{i}", [f"s{i}"], []) for i in range(n)]
    return [*steps, Step("join", [], [s.name for s in steps])]


def diamonds(n: int) -> list[Step]:
    steps: list[Step] = []
    before: str | None = None
    for d in range(n // 100):
        first = Step(f"d{d}a", [] if before else ["s0"], [before] if before else [])
        middle = [Step(f"d{d}m{i}", [], [first.name]) for i in range(98)]
        last = Step(f"d{d}z", [], [s.name for s in middle])
        steps += [first, *middle, last]
        before = last.name
    return steps


def lay_out(steps: list[Step], folder: Path) -> None:
    (folder / "src").mkdir(parents=True)
    (folder / "out").mkdir()
    for source in {s for step in steps for s in step.sources}:
        (folder / "src" / f"{source}.txt").write_text(f"{source} v1\n")


class Peer:
    """One system: writes its own files for a workload, and says which command runs it."""

    name = "?"
    reuses = True
    most = {"chain": 10**9, "fan": 10**9}

    def available(self) -> bool:
        return True

    def write(self, steps: list[Step], folder: Path) -> None:
        raise NotImplementedError

    def command(self, folder: Path) -> list[str]:
        raise NotImplementedError


class Headrace(Peer):
    name = "headrace"

    def write(self, steps: list[Step], folder: Path) -> None:
        lines = ["type: pipeline", "display_name: bench", "inputs:"]
        for source in sorted({s for step in steps for s in step.sources}):
            lines += [f"  {source}:", "    type: uri_file", f"    path: ./src/{source}.txt"]
        lines.append("jobs:")
        for step in steps:
            inputs = [(s, "uri_file", f"${{{{parent.inputs.{s}}}}}", f"${{{{inputs.{s}}}}}") for s in step.sources]
            inputs += [
                (s, "uri_folder", f"${{{{parent.jobs.{s}.outputs.out}}}}", f"${{{{inputs.{s}}}}}/out.txt") for s in step.after
            ]
            lines += [
                f"  {step.name}:",
                "    type: command",
                "    command: >-",
                "      " + step.command([i[3] for i in inputs], "${{outputs.out}}/out.txt"),
                "    environment: azureml:local@latest",
                "    inputs:",
            ]
            for name, kind, path, _ in inputs:
                lines += [f"      {name}:", f"        type: {kind}", f"        path: {path}"]
            lines += ["    outputs:", "      out:", "        type: uri_folder"]
        (folder / "pipeline.yml").write_text("\n".join(lines) + "\n")

    def command(self, folder: Path) -> list[str]:
        return [HEADRACE, "run", "pipeline.yml", "-j", str(PARALLEL), "--workspace", str(folder)]


class Xargs(Peer):
    name = "xargs (limit)"
    reuses = False

    def write(self, steps: list[Step], folder: Path) -> None:
        (folder / "commands").write_bytes(
            b"".join(s.command(s.inputs(), f"out/{s.name}.txt").encode() + b"\0" for s in steps)
        )

    def command(self, folder: Path) -> list[str]:
        # The join runs beside the others and may read half of them: a limit does not have to be right.
        return ["sh", "-c", f"xargs -0 -n1 -P{PARALLEL} sh -c <commands 2>/dev/null; true"]


class Make(Peer):
    name = "make"

    def available(self) -> bool:
        return shutil.which("make") is not None

    def write(self, steps: list[Step], folder: Path) -> None:
        rules = ["all: " + f"out/{steps[-1].name}.txt"]
        for s in steps:
            output = f"out/{s.name}.txt"
            rules += [f"{output}: {' '.join(s.inputs())}", "\t@" + s.command(s.inputs(), output).replace("$", "$$")]
        (folder / "Makefile").write_text("\n".join(rules) + "\n")

    def command(self, folder: Path) -> list[str]:
        return ["make", "-s", "-r", f"-j{PARALLEL}", "all"]


class Snakemake(Peer):
    name = "snakemake"

    def available(self) -> bool:
        return shutil.which("snakemake") is not None

    def write(self, steps: list[Step], folder: Path) -> None:
        rules = [f"rule all:\n    input: 'out/{steps[-1].name}.txt'"]
        for s in steps:
            shell = s.command(s.inputs(), f"out/{s.name}.txt").replace("{", "{{").replace("}", "}}")
            rules.append(
                f"rule {s.name}:\n    input: {s.inputs()!r}\n    output: 'out/{s.name}.txt'\n    shell: {shell!r}"
            )
        (folder / "Snakefile").write_text("\n".join(rules) + "\n")

    def command(self, folder: Path) -> list[str]:
        return ["snakemake", "--cores", str(PARALLEL), "--quiet", "all", "--rerun-triggers", "mtime", "input"]


class Dvc(Peer):
    name = "dvc"
    most = {"chain": 50, "fan": 100}

    def available(self) -> bool:
        return shutil.which("dvc") is not None

    def write(self, steps: list[Step], folder: Path) -> None:
        stages = ["stages:"]
        for s in steps:
            stages += [f"  {s.name}:", f"    cmd: '{s.command(s.inputs(), f'out/{s.name}.txt')}'", "    deps:"]
            stages += [f"      - {i}" for i in s.inputs()]
            stages += ["    outs:", f"      - out/{s.name}.txt"]
        (folder / "dvc.yaml").write_text("\n".join(stages) + "\n")
        subprocess.run(["dvc", "init", "--no-scm", "-q"], cwd=folder, check=True)

    def command(self, folder: Path) -> list[str]:
        return ["dvc", "repro", "-q"]


def timed(command: list[str], folder: Path) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    took = time.perf_counter() - began
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout.decode(errors='replace')[-3000:]}")
    return took


class Row(NamedTuple):
    workload: str
    system: str
    steps: int
    times: list[float]
    limit: float

    def __str__(self) -> str:
        middle = statistics.median(self.times)
        each = (middle - self.limit) / self.steps * 1000
        return (
            f"{self.workload:12} {self.system:14} {self.steps:6} {middle:8.3f} {min(self.times):8.3f}"
            f" {self.limit:8.3f} {each:9.2f}"
        )


def measure(peer: Peer, kind: str, make: Callable[[int], list[Step]], n: int, reps: int, work: Path) -> list[Row]:
    steps = make(min(n, peer.most[kind]))
    times: dict[str, list[float]] = {kind: [], "unchanged": [], "one changed": []}
    limits = []
    for rep in range(reps):
        # Nothing is removed before the end: for minutes after, ext4 would search around freed inodes.
        limit = work / f"{peer.name.split()[0]}-{kind}-limit{rep}"
        folder = work / f"{peer.name.split()[0]}-{kind}-run{rep}"
        for each in (limit, folder):
            lay_out(steps, each)
        Xargs().write(steps, limit)
        limits.append(timed(Xargs().command(limit), limit))
        peer.write(steps, folder)
        times[kind].append(timed(peer.command(folder), folder))
        if peer.reuses and kind == "fan":
            times["unchanged"].append(timed(peer.command(folder), folder))
            (folder / "src" / f"s{len(steps) // 2}.txt").write_text("changed\n")
            times["one changed"].append(timed(peer.command(folder), folder))
    limit = statistics.median(limits)
    return [
        Row(name, peer.name, len(steps), found, limit if name == kind else 0.0) for name, found in times.items() if found
    ]


def starts(reps: int, work: Path) -> None:
    hello = work / "Hello.java"
    hello.write_text('public class Hello { public static void main(String[] a) { System.out.println("hello"); } }\n')
    jdk = Path(subprocess.run([ROOT / "bin" / "find-jdk"], capture_output=True, text=True, check=True).stdout.strip())
    subprocess.run([jdk / "bin" / "javac", "-d", work, hello], check=True)
    commands = {
        "bare Java": [str(jdk / "bin" / "java"), "-cp", str(work), "Hello"],
        "headrace --version": [HEADRACE, "--version"],
        "headrace validate": [HEADRACE, "validate", str(ROOT / "examples" / "nyc-taxi" / "pipeline.yml")],
    }
    print(f"\n{'start':22} {'median':>8} {'least':>8} {'x bare':>8}")
    bare = 0.0
    for name, command in commands.items():
        times = [timed(command, work) for _ in range(max(10, reps * 5))]
        middle = statistics.median(times)
        bare = bare or middle
        print(f"{name:22} {middle:8.3f} {min(times):8.3f} {middle / bare:8.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=3)
    parser.add_argument("--only", default="", help="systems, by comma")
    parser.add_argument("--large", action="store_true", help="10,000 steps, Headrace alone, with its memory")
    args = parser.parse_args()
    peers = [Xargs(), Make(), Headrace(), Snakemake(), Dvc()]
    wanted = [p for p in peers if p.available() and (not args.only or p.name.split()[0] in args.only.split(","))]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(prefix="headrace-bench-") as name:
        work = Path(name)
        print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, {PARALLEL} at once")
        print(f"{'workload':12} {'system':14} {'steps':>6} {'median':>8} {'least':>8} {'limit':>8} {'ms/step':>9}")
        for kind, make, n in (("chain", chain, 50), ("fan", fan, 1000)):
            for peer in wanted:
                for row in measure(peer, kind, make, n, args.reps, work):
                    print(row, flush=True)
        starts(args.reps, work)
        if args.large:
            folder = work / "large"
            steps = diamonds(10_000)
            lay_out(steps, folder)
            Headrace().write(steps, folder)
            command = ["/usr/bin/time", "-v", *Headrace().command(folder)]
            began = time.perf_counter()
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
            took = time.perf_counter() - began
            most = next(line for line in done.stderr.splitlines() if "Maximum resident" in line)
            print(f"\n10,000 steps: {took:.1f} s, {took / 10:.2f} ms/step,{most.split(':')[1]} KB at most")
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
