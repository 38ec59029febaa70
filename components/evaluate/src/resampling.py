"""Intervals and paired tests.

A resample is a row of weights: how often each unit (a row, or a kind of row) was drawn. A statistic takes a matrix of
them, resamples by units, and gives one value for each resample: no loop over resamples in Python.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

# So many weights at once: 32 MB of them, whatever the number of rows.
AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Interval:
    """Two ends, and how they were found; both are NaN where there is nothing to draw from."""

    low: float
    high: float
    method: str


def draws(counts: np.ndarray, resamples: int, seed: int):
    """Yields matrices of weights. Units with counts stand for so many equal rows: to draw rows is to draw their kinds
    from a multinomial distribution, whatever the number of rows."""
    random = np.random.default_rng(seed)
    total, units = int(counts.sum()), len(counts)
    size = max(1, AT_ONCE // units)
    for start in range(0, resamples, size):
        rows = min(size, resamples - start)
        if total > units:
            yield random.multinomial(total, counts / total, size=rows).astype(float)
        else:
            drawn = random.integers(0, units, size=(rows, units))
            drawn += np.arange(rows)[:, None] * units
            yield np.bincount(drawn.ravel(), minlength=rows * units).reshape(rows, units).astype(float)


def percentiles(values: np.ndarray, confidence: float) -> Interval:
    """The middle of the resampled values. Resamples for which the statistic is not defined do not count."""
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return Interval(np.nan, np.nan, "bootstrap")
    outside = (1 - confidence) / 2
    low, high = np.quantile(known, [outside, 1 - outside])
    return Interval(float(low), float(high), "bootstrap")


def wilson(successes: float, trials: float, confidence: float) -> Interval:
    """Wilson's score interval: for a share it keeps its promise in small slices and near 0 and 1, where the bootstrap's
    shrinks to a point."""
    if trials == 0:
        return Interval(np.nan, np.nan, "wilson")
    z = stats.norm.ppf(1 - (1 - confidence) / 2)
    share = successes / trials
    scale = 1 + z**2 / trials
    centre = (share + z**2 / (2 * trials)) / scale
    reach = z * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2)) / scale
    # Rounding must not leave the estimate outside at 0 and 1.
    low, high = min(centre - reach, share), max(centre + reach, share)
    return Interval(float(max(0.0, low)), float(min(1.0, high)), "wilson")


def mcnemar(only_first: int, only_second: int) -> float:
    """The exact test: of the rows that one of two models has right and the other wrong, is either side more than half?"""
    discordant = only_first + only_second
    return 1.0 if discordant == 0 else float(stats.binomtest(only_first, discordant, 0.5).pvalue)


def two_sided(differences: np.ndarray) -> float:
    """How easily resampling turns the sign of a paired difference; never 0, for resamples are finite."""
    known = differences[~np.isnan(differences)]
    if len(known) == 0:
        return float("nan")
    below, above = (np.sum(known <= 0), np.sum(known >= 0))
    return float(min(1.0, 2 * (min(below, above) + 1) / (len(known) + 1)))
