"""Metrics as functions of weights, so that the whole and all its resamples are computed by the same lines.

Values are those of scikit-learn, with zero_division=0; NaN stands for a value that is not defined.
"""

from dataclasses import dataclass
from typing import Callable

import numpy as np

Statistic = Callable[[np.ndarray], np.ndarray]

BINS = 10
HIGHER = {
    "accuracy", "balanced_accuracy", "precision", "recall", "f1", "precision_macro", "recall_macro", "f1_macro",
    "precision_weighted", "recall_weighted", "f1_weighted", "roc_auc", "average_precision", "r2",
}
LOWER = {
    "log_loss", "brier", "calibration_error", "mae", "rmse", "median_absolute_error", "mape", "max_error",
}  # fmt: skip
NO_INTERVAL = {"max_error"}  # resampling never finds a greater one: its interval would be wrong


@dataclass(frozen=True)
class Family:
    """Statistics over the same units; each unit stands for so many rows as its count says."""

    counts: np.ndarray
    statistics: dict[str, Statistic]

    def values(self) -> dict[str, float]:
        return {name: float(it[0]) for name, it in self.of(self.counts[None, :].astype(float)).items()}

    def of(self, weights: np.ndarray) -> dict[str, np.ndarray]:
        with np.errstate(divide="ignore", invalid="ignore"):
            return {name: statistic(weights) for name, statistic in self.statistics.items()}


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Zero for zero of nothing, as scikit-learn's zero_division=0."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _mean(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    total = weights.sum(axis=1)
    return np.divide((values * weights).sum(axis=1), total, out=np.full(len(total), np.nan), where=total > 0)


def labels(truth: np.ndarray, predicted: np.ndarray, classes: int, positive: int | None) -> dict[str, Statistic]:
    """Metrics of predicted classes, given as numbers below `classes`; those of one class only where there is a positive
    one."""
    is_true = np.eye(classes)[truth]
    is_predicted = np.eye(classes)[predicted]
    is_hit = is_true * is_predicted

    def sums(weights):
        return weights @ is_hit, weights @ is_true, weights @ is_predicted

    def averaged(of: Callable, weigh: bool) -> Statistic:
        def statistic(weights):
            hit, true, guessed = sums(weights)
            # A class that a resample has lost is no class of it.
            return _mean(of(hit, true, guessed), true if weigh else ((true + guessed) > 0).astype(float))

        return statistic

    def single(of: Callable) -> Statistic:
        return lambda weights: of(*(it[:, [positive]] for it in sums(weights)))[:, 0]

    def accuracy(weights):
        return sums(weights)[0].sum(axis=1) / weights.sum(axis=1)

    def balanced(weights):
        hit, true, _ = sums(weights)
        return _mean(_share(hit, true), (true > 0).astype(float))

    forms = {
        "precision": lambda hit, true, guessed: _share(hit, guessed),
        "recall": lambda hit, true, guessed: _share(hit, true),
        "f1": lambda hit, true, guessed: _share(2 * hit, true + guessed),
    }
    found = {"accuracy": accuracy, "balanced_accuracy": balanced}
    if positive is not None:
        found.update({name: single(of) for name, of in forms.items()})
    for ending, weigh in (("macro", False), ("weighted", True)):
        found.update({f"{name}_{ending}": averaged(of, weigh) for name, of in forms.items()})
    return found


class _Ranking:
    """Rows in the order of falling scores, equal scores together."""

    def __init__(self, is_true: np.ndarray, score: np.ndarray):
        self.order = np.argsort(-score, kind="stable")
        ordered = score[self.order]
        self.starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        self.true = is_true[self.order].astype(float)

    def _steps(self, weights):
        drawn = weights[:, self.order]
        true = np.add.reduceat(drawn * self.true, self.starts, axis=1)
        return true, np.add.reduceat(drawn, self.starts, axis=1) - true

    def auc(self, weights):
        true, false = self._steps(weights)
        above = np.cumsum(true, axis=1) - true / 2
        return (above * false).sum(axis=1) / (true.sum(axis=1) * false.sum(axis=1))

    def average_precision(self, weights):
        true, false = self._steps(weights)
        hits = np.cumsum(true, axis=1)
        precision = _share(hits, np.cumsum(true + false, axis=1))
        return (precision * true).sum(axis=1) / true.sum(axis=1)


def scores(truth: np.ndarray, probabilities: np.ndarray, positive: int | None) -> dict[str, Statistic]:
    """Metrics of probabilities, a column for each class. With a positive class its column alone is ranked; else each class
    against the rest, and the mean of them (scikit-learn: multi_class='ovr', average='macro')."""
    count, classes = probabilities.shape
    is_true = np.eye(classes)[truth]
    ranked = range(classes) if positive is None else [positive]
    rankings = [_Ranking(is_true[:, it], probabilities[:, it]) for it in ranked]
    own = probabilities[np.arange(count), truth]
    losses = -np.log(np.clip(own, np.finfo(float).eps, 1.0))
    if positive is None:
        squares = ((probabilities - is_true) ** 2).sum(axis=1)
        confidence, right = probabilities.max(axis=1), (probabilities.argmax(axis=1) == truth).astype(float)
    else:
        confidence, right = probabilities[:, positive], is_true[:, positive]
        squares = (confidence - right) ** 2
    in_bin = np.eye(BINS)[np.minimum((confidence * BINS).astype(int), BINS - 1)]
    gaps = in_bin * (right - confidence)[:, None]
    return {
        "roc_auc": lambda weights: np.mean([it.auc(weights) for it in rankings], axis=0),
        "average_precision": lambda weights: np.mean([it.average_precision(weights) for it in rankings], axis=0),
        "log_loss": lambda weights: weights @ losses / weights.sum(axis=1),
        "brier": lambda weights: weights @ squares / weights.sum(axis=1),
        "calibration_error": lambda weights: np.abs(weights @ gaps).sum(axis=1) / weights.sum(axis=1),
    }


def regression(truth: np.ndarray, predicted: np.ndarray) -> dict[str, Statistic]:
    errors = np.abs(predicted - truth)
    order = np.argsort(errors, kind="stable")
    centred = truth - truth.mean()
    # A share of zero says nothing: such rows are left out of mape, and counted in the report.
    told = (truth != 0).astype(float)
    shares = np.divide(errors, np.abs(truth), out=np.zeros_like(errors), where=truth != 0)

    def median(weights):
        reached = np.cumsum(weights[:, order], axis=1)
        total = reached[:, -1:]
        below = np.argmax(reached > np.floor((total - 1) / 2), axis=1)
        above = np.argmax(reached > np.floor(total / 2), axis=1)
        return (errors[order][below] + errors[order][above]) / 2

    def r2(weights):
        total = weights.sum(axis=1)
        spread = weights @ centred**2 - (weights @ centred) ** 2 / total
        # Equal targets leave rounding, not zero.
        spread = np.where(spread > 1e-12 * (weights @ truth**2), spread, np.nan)
        return 1 - weights @ errors**2 / spread

    return {
        "mae": lambda weights: weights @ errors / weights.sum(axis=1),
        "rmse": lambda weights: np.sqrt(weights @ errors**2 / weights.sum(axis=1)),
        "r2": r2,
        "median_absolute_error": median,
        "mape": lambda weights: weights @ shares / (weights @ told),
        "max_error": lambda weights: (errors * (weights > 0)).max(axis=1),
    }
