"""Evaluates a model's predictions; see docs/evaluation.md.

Exit codes: 0 when all is well (or is only to be reported), 1 when a threshold is not reached, 2 for input that cannot be
evaluated.
"""

import argparse
import os
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd

import evaluation
import report as pages
import tables
import thresholds
from evaluation import Predictions, Problem, Settings
from refused import Refused


def arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--predictions", type=Path, required=True)
    parser.add_argument("--baseline", type=Path)
    parser.add_argument("--task", choices=("classification", "regression"), required=True)
    parser.add_argument("--target", default="target")
    parser.add_argument("--prediction", default="prediction")
    parser.add_argument("--score", default="", help="column with the probability of the positive class")
    parser.add_argument("--scores", default="", help="what the columns of each class's probability begin with")
    parser.add_argument("--positive", default="")
    parser.add_argument("--id", default="")
    parser.add_argument("--slices", default="")
    parser.add_argument("--thresholds", default="")
    parser.add_argument("--on_failure", choices=("stop", "report"), default="stop")
    parser.add_argument("--confidence", type=float, default=0.95)
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--smallest_slice", type=int, default=30)
    parser.add_argument("--model", default="", help="whose predictions these are, such as price:3")
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--passed", type=Path, required=True)
    return parser.parse_args(given)


def settings(args: argparse.Namespace) -> Settings:
    if not 0 < args.confidence < 1:
        raise Refused(f"confidence: {args.confidence} is not between 0 and 1")
    if not 100 <= args.resamples <= 100_000:
        raise Refused(f"resamples: {args.resamples} is not between 100 and 100000")
    if args.seed < 0:
        raise Refused(f"seed: {args.seed} is below 0")
    return Settings(args.confidence, args.resamples, args.seed, args.smallest_slice)


def problem(args: argparse.Namespace, rows: pd.DataFrame) -> Problem:
    baseline = None
    if args.baseline is not None:
        baseline = tables.aligned(tables.read(args.baseline, "baseline"), rows, args.id)
        if args.target not in baseline.columns and not args.id:
            raise Refused(f"baseline: without column '{args.target}' or an id nobody knows whether its rows are the same")
    return (_regression if args.task == "regression" else _classification)(args, rows, baseline)


def _same_targets(own: np.ndarray, others: np.ndarray) -> None:
    wrong = np.flatnonzero(own != others)
    if len(wrong):
        raise Refused(
            f"baseline: its target differs in {len(wrong)} rows, first in row {wrong[0] + 1}"
            f" ({others[wrong[0]]} instead of {own[wrong[0]]}): it is not about the same rows"
        )


def _regression(args: argparse.Namespace, rows: pd.DataFrame, baseline: pd.DataFrame | None) -> Problem:
    if args.score or args.scores:
        raise Refused("score and scores are for classification")
    truth = tables.numbers(rows, args.target, "predictions")
    model = Predictions(tables.numbers(rows, args.prediction, "predictions"), None)
    other = None
    if baseline is not None:
        if args.target in baseline.columns:
            _same_targets(truth, tables.numbers(baseline, args.target, "baseline"))
        other = Predictions(tables.numbers(baseline, args.prediction, "baseline"), None)
    return Problem(truth, [], None, model, other)


def _classification(args: argparse.Namespace, rows: pd.DataFrame, baseline: pd.DataFrame | None) -> Problem:
    truth = tables.texts(tables.column(rows, args.target, "predictions"))
    said = tables.texts(tables.column(rows, args.prediction, "predictions"))
    others = None if baseline is None else tables.texts(tables.column(baseline, args.prediction, "baseline"))
    if len(set(truth)) < 2:
        raise Refused(f"predictions: column '{args.target}' holds one class only, '{truth[0]}'")
    if not set(said) & set(truth):
        raise Refused(
            f"predictions: columns '{args.target}' and '{args.prediction}' have no label in common:"
            f" '{truth[0]}' in one, '{said[0]}' in the other"
        )
    known = set(truth) | set(said) | (set() if others is None else set(others))
    if args.scores:
        known |= {str(it)[len(args.scores) :] for it in rows.columns if str(it).startswith(args.scores)}
    classes = tables.in_order(known)
    numbers = {label: number for number, label in enumerate(classes)}
    positive = _positive(args, classes)

    def predictions(table: pd.DataFrame, labels: np.ndarray, what: str) -> Predictions:
        return Predictions(_codes(labels, numbers), _scores(args, table, classes, positive, what))

    codes = _codes(truth, numbers)
    other = None
    if baseline is not None and others is not None:
        if args.target in baseline.columns:
            _same_targets(truth, tables.texts(tables.column(baseline, args.target, "baseline")))
        other = predictions(baseline, others, "baseline")
    return Problem(codes, classes, positive, predictions(rows, said, "predictions"), other)


def _codes(labels: np.ndarray, numbers: dict[str, int]) -> np.ndarray:
    return np.array([numbers[it] for it in labels], dtype=int)


def _positive(args: argparse.Namespace, classes: list[str]) -> int | None:
    if args.positive:
        if args.positive not in classes:
            raise Refused(f"positive: there is no class '{args.positive}'; there are: {', '.join(classes)}")
        return classes.index(args.positive)
    return 1 if len(classes) == 2 else None


def _scores(
    args: argparse.Namespace, table: pd.DataFrame, classes: list[str], positive: int | None, what: str
) -> np.ndarray | None:
    if args.score and args.scores:
        raise Refused("score and scores exclude each other")
    if args.score:
        if len(classes) != 2 or positive is None:
            raise Refused(f"score is for two classes, and there are {len(classes)}: {', '.join(classes)}; use scores")
        found = tables.probabilities(table, args.score, what)
        return np.stack([found, 1 - found] if positive == 0 else [1 - found, found], axis=1)
    if not args.scores:
        return None
    found = np.stack([tables.probabilities(table, args.scores + it, what) for it in classes], axis=1)
    wrong = np.flatnonzero(np.abs(found.sum(axis=1) - 1) > 1e-3)
    if len(wrong):
        raise Refused(f"{what}: the scores of row {wrong[0] + 1} add up to {found[wrong[0]].sum():.6g} instead of 1")
    return found


def evaluate(args: argparse.Namespace) -> dict:
    wanted = thresholds.parse(args.thresholds)
    chosen = settings(args)
    rows = tables.read(args.predictions, "predictions")
    found = evaluation.report(problem(args, rows), tables.slices(rows, args.slices), chosen)
    judged = [it for threshold in wanted for it in threshold.judge(found)]
    found["model"] = args.model or None
    found["thresholds"] = [{"text": it.text, "passed": it.passed, "told": it.told} for it in judged]
    found["asked"] = sorted({it.parts["metric"] for it in wanted})
    found["verdict"] = "passed" if all(it.passed for it in judged) else "failed"
    return found


def log(found: dict, folder: Path) -> None:
    """Metrics, verdict and report go to the step's MLflow run, where there is one. The report is what counts: a tracking
    server that does not answer does not change the verdict."""
    if not os.environ.get("MLFLOW_RUN_ID"):
        return
    try:
        import mlflow

        mlflow.log_metrics(dict(_values(found)))
        mlflow.set_tags({
            "evaluation.verdict": found["verdict"],
            "evaluation.format": found["format"],
            "evaluation.model": found["model"] or "",
        })  # fmt: skip
        mlflow.log_artifact(str(folder / "metrics.json"), "evaluation")
    except Exception as e:  # whatever a client or its plug-ins throw
        print(f"evaluate: the metrics are in the report, but not in MLflow: {e}", file=sys.stderr)


def _values(found: dict):
    """Every value of the whole; intervals and slices only of the metrics that thresholds are about: a run with hundreds of
    metrics is hard to read, and the report has them all."""
    asked = set(found["asked"]) or {"accuracy", "mae"}
    for name, it in found["overall"].items():
        parts = ("value", "low", "high") if name in asked else ("value",)
        yield from ((_key(name, part), it[part]) for part in parts if it[part] is not None)
    for it in found["slices"]:
        for name in asked & it["metrics"].keys():
            if it["metrics"][name]["value"] is not None:
                yield _key(f"{name}/{it['column']}/{it['value']}", "value"), it["metrics"][name]["value"]


def _key(name: str, part: str) -> str:
    """Not every server takes every character in a name."""
    return re.sub(r"[^\w\-. /]", "_", name, flags=re.ASCII)[:240] + ("" if part == "value" else f".{part}")


def main(given: list[str] | None = None) -> int:
    args = arguments(given)
    try:
        found = evaluate(args)
        pages.write(found, args.report)
    except Refused as e:
        print(f"evaluate: {e}", file=sys.stderr)
        return 2
    args.passed.parent.mkdir(parents=True, exist_ok=True)
    args.passed.write_text("true\n" if found["verdict"] == "passed" else "false\n", encoding="utf-8")
    log(found, args.report)
    for it in found["thresholds"]:
        print(f"{'passed' if it['passed'] else 'FAILED'}  {it['told']}", file=sys.stdout if it["passed"] else sys.stderr)
    print(f"{found['verdict']}: {found['rows']} rows, {len(found['slices'])} slices")
    return 1 if found["verdict"] == "failed" and args.on_failure == "stop" else 0


if __name__ == "__main__":
    sys.exit(main())
