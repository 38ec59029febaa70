"""Evaluates predictions, whole and by slice, and against a baseline's on the same rows."""

from dataclasses import dataclass

import numpy as np

import metrics
import resampling
from metrics import Family


@dataclass(frozen=True)
class Settings:
    confidence: float
    resamples: int
    seed: int
    smallest_slice: int


@dataclass(frozen=True)
class Predictions:
    """What one model says of the rows: classes as numbers, or values; `scores` has a column for each class."""

    predicted: np.ndarray
    scores: np.ndarray | None


@dataclass(frozen=True)
class Problem:
    """The rows and what is true of them; `classes` is empty for a regression."""

    truth: np.ndarray
    classes: list[str]
    positive: int | None
    model: Predictions
    baseline: Predictions | None

    def of(self, which: np.ndarray) -> "Problem":
        def part(it: Predictions | None) -> Predictions | None:
            return it and Predictions(it.predicted[which], None if it.scores is None else it.scores[which])

        return Problem(self.truth[which], self.classes, self.positive, part(self.model), part(self.baseline))


def families(problem: Problem) -> list[Family]:
    """All statistics; those of the baseline are named `baseline name` and share the units, so that each resample draws
    the same rows for both: the difference is a paired one."""
    each_row = np.ones(len(problem.truth))
    if not problem.classes:
        return [Family(each_row, _both(problem, lambda it: metrics.regression(problem.truth, it.predicted)))]
    found = [_kinds(problem)]
    scored = _both(
        problem, lambda it: {} if it.scores is None else metrics.scores(problem.truth, it.scores, problem.positive)
    )
    return found + ([Family(each_row, scored)] if scored else [])


def _both(problem: Problem, of) -> dict[str, metrics.Statistic]:
    found = dict(of(problem.model))
    if problem.baseline is not None:
        found.update({f"baseline {name}": it for name, it in of(problem.baseline).items()})
    return found


def _kinds(problem: Problem) -> Family:
    """Rows with the same truth and predictions are of one kind: there are few, however many rows."""
    columns = [problem.truth, problem.model.predicted]
    if problem.baseline is not None:
        columns.append(problem.baseline.predicted)
    kinds, counts = np.unique(np.stack(columns), axis=1, return_counts=True)
    size = len(problem.classes)
    found = dict(metrics.labels(kinds[0], kinds[1], size, problem.positive))
    if problem.baseline is not None:
        others = metrics.labels(kinds[0], kinds[2], size, problem.positive)
        found.update({f"baseline {name}": it for name, it in others.items()})
    return Family(counts, found)


def assess(problem: Problem, settings: Settings) -> tuple[dict, dict | None]:
    """The metrics of some rows with their intervals, and the comparison with the baseline if there is one."""
    values, resampled = {}, {}
    for family in families(problem):
        values.update(family.values())
        parts = [family.of(it) for it in resampling.draws(family.counts, settings.resamples, settings.seed)]
        resampled.update({name: np.concatenate([it[name] for it in parts]) for name in family.statistics})
    names = [it for it in values if not it.startswith("baseline ")]
    own = {name: _told(name, values[name], resampled[name], len(problem.truth), settings) for name in names}
    if problem.baseline is None:
        return own, None
    paired = [it for it in names if f"baseline {it}" in values]
    return own, {name: _compared(name, values, resampled, problem, settings) for name in paired}


def _told(name: str, value: float, resampled: np.ndarray, rows: int, settings: Settings) -> dict:
    if name in metrics.NO_INTERVAL or np.isnan(value):
        return {"value": _number(value), "low": None, "high": None, "method": None}
    if name == "accuracy":
        interval = resampling.wilson(value * rows, rows, settings.confidence)
    else:
        interval = resampling.percentiles(resampled, settings.confidence)
    return {
        "value": _number(value), "low": _number(interval.low), "high": _number(interval.high),
        "method": interval.method,
    }  # fmt: skip


def _compared(name: str, values: dict, resampled: dict, problem: Problem, settings: Settings) -> dict:
    other = f"baseline {name}"
    difference = values[name] - values[other]
    told = {"value": _number(values[name]), "baseline": _number(values[other]), "difference": _number(difference)}
    if name in metrics.NO_INTERVAL or np.isnan(difference):
        return told | {"low": None, "high": None, "p_value": None, "test": None}
    differences = resampled[name] - resampled[other]
    interval = resampling.percentiles(differences, settings.confidence)
    if name == "accuracy":
        right, others = (it.predicted == problem.truth for it in (problem.model, problem.baseline))
        p, test = resampling.mcnemar(int((right & ~others).sum()), int((others & ~right).sum())), "McNemar, exact"
    else:
        p, test = resampling.two_sided(differences), "paired bootstrap"
    return told | {
        "low": _number(interval.low), "high": _number(interval.high), "p_value": _number(p), "test": test,
    }  # fmt: skip


def _number(value: float) -> float | None:
    """JSON knows no NaN: what is not defined is null."""
    return float(value) if np.isfinite(value) else None


def report(problem: Problem, slices: list, settings: Settings) -> dict:
    """All of it as JSON has it."""
    overall, comparison = assess(problem, settings)
    told = []
    for column, value, which in slices:
        of_slice, against = assess(problem.of(which), settings)
        told.append({
            "column": column,
            "value": value,
            "rows": int(which.sum()),
            "small": bool(which.sum() < settings.smallest_slice),
            "metrics": of_slice,
            "comparison": against,
        })  # fmt: skip
    return {
        "format": "headrace.evaluation/1",
        "task": "classification" if problem.classes else "regression",
        "rows": len(problem.truth),
        "classes": problem.classes,
        "positive": None if problem.positive is None else problem.classes[problem.positive],
        "confidence": settings.confidence,
        "resamples": settings.resamples,
        "seed": settings.seed,
        "smallest_slice": settings.smallest_slice,
        "overall": overall,
        "confusion_matrix": _confusion(problem),
        "zero_targets": None if problem.classes else int((problem.truth == 0).sum()),
        "slices": told,
        "comparison": comparison,
    }


def _confusion(problem: Problem) -> list[list[int]] | None:
    """Rows are true classes, columns predicted ones."""
    size = len(problem.classes)
    if size == 0:
        return None
    cells = np.bincount(problem.truth * size + problem.model.predicted, minlength=size * size)
    return cells.reshape(size, size).tolist()
