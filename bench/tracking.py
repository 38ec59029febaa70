#!/usr/bin/env python3
"""Measures Headrace's tracking server beside MLflow's own, in one run on one machine. See README.md."""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
HEADRACE = os.environ.get("HEADRACE", str(ROOT / "headrace"))
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def tree(pid: int) -> list[int]:
    """The process and all below it."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            below.setdefault(parent, []).append(int(entry.name))
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop())
        todo += below.get(found[-1], [])
    return found


def cpu(pid: int) -> float:
    """Seconds of processor time of the process tree so far."""
    total = 0
    for each in tree(pid):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(f) for f in fields[11:15])  # with children that have ended
    return total / TICKS


def memory(pid: int) -> int:
    """MiB of the process tree, shared pages counted once (PSS)."""
    total = 0
    for each in tree(pid):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total // 1024


class Server:
    """A server on a fresh SQLite database."""

    name = "?"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def command(self) -> list[str]:
        raise NotImplementedError

    def start(self) -> None:
        began = time.perf_counter()
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command(), cwd=self.folder, stdout=log, stderr=log, start_new_session=True)
        while True:
            try:
                urllib.request.urlopen(self.url + "/health", timeout=1).read()
                break
            except OSError:
                if self.process.poll() is not None:
                    sys.exit(f"{self.name} did not start:\n{(self.folder / 'log').read_text()[-2000:]}")
                time.sleep(0.01)
        self.up = time.perf_counter() - began

    def stop(self) -> None:
        os.killpg(self.process.pid, 15)
        self.process.wait(60)

    def post(self, path: str, body: dict) -> dict:
        request = urllib.request.Request(
            self.url + "/api/2.0/mlflow/" + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        return json.load(urllib.request.urlopen(request, timeout=120))

    def seed(self, experiment: str, runs: list[dict]) -> None:
        for run in runs:
            made = self.post("runs/create", {"experiment_id": experiment, "start_time": run["start"]})
            self.post("runs/log-batch", {"run_id": made["run"]["info"]["run_id"], **run["batch"]})


class Headrace(Server):
    name = "headrace"

    def command(self) -> list[str]:
        return [HEADRACE, "server", "--port", str(self.port), "--workspace", str(self.folder)]


class Mlflow(Server):
    name = "mlflow"

    def command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "mlflow", "server", "--port", str(self.port)),
            *("--backend-store-uri", f"sqlite:///{self.folder}/mlflow.db", "--artifacts-destination", str(self.folder / "artifacts")),
        ]

    def seed(self, experiment: str, runs: list[dict]) -> None:
        """Into its database, since by its API 10,000 runs take minutes, and 100,000 an hour."""
        with sqlite3.connect(self.folder / "mlflow.db", timeout=60) as db:
            for i, run in enumerate(runs):
                run_id = f"{i:032x}"
                db.execute(
                    "insert into runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status,"
                    " start_time, end_time, source_version, lifecycle_stage, artifact_uri, experiment_id)"
                    " values (?, ?, 'UNKNOWN', '', '', '', 'FINISHED', ?, ?, '', 'active', ?, ?)",
                    (run_id, f"run-{i}", run["start"], run["start"] + 1, f"mlflow-artifacts:/{experiment}/{run_id}", int(experiment)),
                )
                for m in run["batch"]["metrics"]:
                    values = (m["key"], m["value"], m["timestamp"], m["step"], 0, run_id)
                    for table in ("metrics", "latest_metrics"):
                        db.execute(
                            f"insert into {table} (key, value, timestamp, step, is_nan, run_uuid) values (?, ?, ?, ?, ?, ?)",
                            values,
                        )
                for table in ("params", "tags"):
                    for p in run["batch"][table]:
                        db.execute(f"insert into {table} (key, value, run_uuid) values (?, ?, ?)", (p["key"], p["value"], run_id))


def runs(count: int) -> list[dict]:
    draw = random.Random(7)
    made = []
    for i in range(count):
        start = 1_700_000_000_000 + i * 1000
        made.append(
            {
                "start": start,
                "batch": {
                    "metrics": [
                        {"key": k, "value": draw.random(), "timestamp": start, "step": 0} for k in ("loss", "auc", "time")
                    ],
                    "params": [
                        {"key": "model", "value": draw.choice(["forest", "tree", "boosted trees", "linear"])},
                        {"key": "rate", "value": str(draw.random())},
                    ],
                    "tags": [{"key": "team", "value": draw.choice(["blue", "red", "brown"])}],
                },
            }
        )
    return made


def long_run(server: Server) -> str:
    """A run with a million points of one metric."""
    run = server.post("runs/create", {"experiment_id": "0", "start_time": 1})["run"]["info"]["run_id"]
    for i in range(0, 1_000_000, 1000):
        points = [{"key": "loss", "value": 1 / (k + 1), "timestamp": 1_700_000_000_000 + k, "step": k} for k in range(i, i + 1000)]
        server.post("runs/log-batch", {"run_id": run, "metrics": points})
    return run


class Scenario(NamedTuple):
    what: str
    clients: int
    experiment: str


def load(server: Server, scenario: Scenario, seconds: float) -> str:
    jdk = subprocess.run([ROOT / "bin" / "find-jdk"], capture_output=True, text=True, check=True).stdout.strip()
    before = cpu(server.process.pid)
    done = subprocess.run(
        [
            *(f"{jdk}/bin/java", str(ROOT / "bench" / "Load.java"), server.url, scenario.what),
            *(str(scenario.clients), str(seconds), scenario.experiment),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    seen = json.loads(done.stdout)
    each = (cpu(server.process.pid) - before) / seen["calls"] * 1000
    return (
        f"{scenario.what:12} {scenario.clients:8} {server.name:10} {seen['calls'] / seen['seconds']:10.1f}"
        f" {seen['p50']:10.2f} {seen['p99']:10.2f} {each:10.3f} {seen['failed']:7}"
    )


def artifacts(server: Server, mebibytes: int, small: int) -> None:
    """One large file and many small ones, up and down, by one client."""
    run = server.post("runs/create", {"experiment_id": "0", "start_time": 1})["run"]["info"]["run_id"]
    base = f"{server.url}/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts"
    block = os.urandom(1 << 20)

    def put(name: str, size: int, body: object) -> None:
        request = urllib.request.Request(f"{base}/{name}", body, {"Content-Length": str(size)}, method="PUT")  # type: ignore[arg-type]
        urllib.request.urlopen(request, timeout=600).read()

    began = time.perf_counter()
    put("large", mebibytes << 20, (block for _ in range(mebibytes)))
    up = mebibytes / (time.perf_counter() - began)
    began = time.perf_counter()
    with urllib.request.urlopen(f"{base}/large", timeout=600) as response:
        while response.read(1 << 20):
            pass
    down = mebibytes / (time.perf_counter() - began)
    began = time.perf_counter()
    for i in range(small):
        put(f"small/{i}", 10240, os.urandom(10240))
    each = small / (time.perf_counter() - began)
    print(f"artifacts    {server.name:10} {mebibytes} MiB up {up:8.0f} MiB/s, down {down:8.0f} MiB/s; 10 KiB files up {each:8.0f}/s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5, help="of each measurement")
    parser.add_argument("--runs", type=int, default=10_000, help="that are searched")
    parser.add_argument("--only", default="", help="headrace or mlflow")
    parser.add_argument("--mebibytes", type=int, default=1024, help="of the large artifact")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="headrace-bench-") as name:
        print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
        servers = [s(Path(name) / s.name) for s in (Headrace, Mlflow) if args.only in ("", s.name)]
        for server in servers:
            time.sleep(3)
            print(f"{server.name:10} up in {server.up:.1f} s, {memory(server.process.pid)} MiB idle")
        searched = {}
        for server in servers:
            searched[server.name] = server.post("experiments/create", {"name": "searched"})["experiment_id"]
            server.seed(searched[server.name], runs(args.runs))
        print(f"{'what':12} {'clients':>8} {'server':10} {'calls/s':>10} {'p50 ms':>10} {'p99 ms':>10} {'cpu ms':>10} {'failed':>7}")
        for what, clients in (
            *(("metric", n) for n in (1, 8, 64)),
            *(("batch", n) for n in (1, 8)),
            *(("run", n) for n in (1, 8)),
            *(("newest", 1), ("by metric", 1), ("by texts", 1), ("history", 1)),
        ):
            for server in servers:
                experiment = searched[server.name] if what in ("newest", "by metric", "by texts") else "0"
                if what == "history":
                    experiment = long_run(server)
                print(load(server, Scenario(what, clients, experiment), args.seconds), flush=True)
        for server in servers:
            artifacts(server, args.mebibytes, 1000)
            print(f"{server.name:10} {memory(server.process.pid)} MiB after all")
            server.stop()
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
