"""Reads tables of predictions, and refuses what no metric should be computed of."""

from pathlib import Path

import numpy as np
import pandas as pd

from refused import Refused


def read(path: Path, what: str) -> pd.DataFrame:
    """The rows of a file or of all files in a folder, by name; CSV, Parquet or JSON lines, told by their content."""
    files = [path] if path.is_file() else sorted(
        it for it in path.rglob("*") if it.is_file() and not it.name.startswith((".", "_"))
    )
    if not files:
        raise Refused(f"{what}: there is no file in {path}")
    rows = pd.concat([_file(it, what) for it in files], ignore_index=True)
    if rows.empty:
        raise Refused(f"{what}: there are no rows in {path}")
    return rows


def _file(path: Path, what: str) -> pd.DataFrame:
    with path.open("rb") as file:
        start = file.read(4096).lstrip()
    if not start:
        raise Refused(f"{what}: {path.name} is empty")
    try:
        if start.startswith(b"PAR1"):
            return pd.read_parquet(path)
        if start.startswith(b"{"):
            return pd.read_json(path, lines=True, convert_dates=False, precise_float=True)
        # 'NA' may be a region or a class; only what is empty is missing.
        return pd.read_csv(path, keep_default_na=False, na_values=[""])
    except (ValueError, OSError) as e:
        raise Refused(f"{what}: {path.name} is not CSV, Parquet or JSON lines: {str(e).splitlines()[0]}") from e


def column(rows: pd.DataFrame, name: str, what: str) -> pd.Series:
    """A column without gaps."""
    if name not in rows.columns:
        raise Refused(f"{what}: there is no column '{name}'; there are: {', '.join(map(str, rows.columns))}")
    missing = np.flatnonzero(rows[name].isna())
    if len(missing):
        raise Refused(f"{what}: column '{name}' has no value in {len(missing)} rows, first in row {missing[0] + 1}")
    return rows[name]


def numbers(rows: pd.DataFrame, name: str, what: str) -> np.ndarray:
    values = column(rows, name, what)
    found = pd.to_numeric(values, errors="coerce").to_numpy(float)
    wrong = np.flatnonzero(~np.isfinite(found))
    if len(wrong):
        raise Refused(f"{what}: column '{name}' is no number in row {wrong[0] + 1}: '{values.iloc[wrong[0]]}'")
    return found


def probabilities(rows: pd.DataFrame, name: str, what: str) -> np.ndarray:
    found = numbers(rows, name, what)
    wrong = np.flatnonzero((found < 0) | (found > 1))
    if len(wrong):
        raise Refused(
            f"{what}: column '{name}' is {found[wrong[0]]:g} in row {wrong[0] + 1}; a score is a probability, 0 to 1"
        )
    return found


def texts(values: pd.Series) -> np.ndarray:
    """Labels as text, the same for 1, 1.0 and '1': two files may have read them differently."""
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return np.array([f"{it:.15g}" for it in values.to_numpy(float)], dtype=object)
    return values.astype(str).to_numpy(object)


def in_order(labels: set[str]) -> list[str]:
    """Numbers by their value, else by their letters."""
    try:
        return sorted(labels, key=float)
    except ValueError:
        return sorted(labels)


def aligned(baseline: pd.DataFrame, rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """The baseline's rows in the order of the others."""
    if not key:
        if len(baseline) != len(rows):
            raise Refused(f"baseline: it has {len(baseline)} rows, the predictions {len(rows)}; name an id column")
        return baseline
    ids, wanted = (pd.Index(texts(column(it, key, what))) for it, what in ((baseline, "baseline"), (rows, "predictions")))
    for index, what in ((ids, "baseline"), (wanted, "predictions")):
        if not index.is_unique:
            raise Refused(f"{what}: id '{index[index.duplicated()][0]}' is there more than once")
    lacking, foreign = wanted.difference(ids), ids.difference(wanted)
    if len(lacking) or len(foreign):
        example = (lacking if len(lacking) else foreign)[0]
        raise Refused(
            f"baseline: it lacks {len(lacking)} rows of the predictions and has {len(foreign)} others, such as id '{example}'"
        )
    return baseline.iloc[ids.get_indexer(wanted)].reset_index(drop=True)


def slices(rows: pd.DataFrame, wanted: str) -> list[tuple[str, str, np.ndarray]]:
    """Column, value and which rows, for each value of each column; numbers in bins of equally many rows.

    `wanted` is `region, age:4`: a number of bins after the colon, 4 where a numeric column has more than 12 values.
    """
    found = []
    for text in (it.strip() for it in wanted.split(",")):
        if text:
            name, bins = _bins(rows, text)
            if name not in rows.columns:
                raise Refused(f"slices: there is no column '{name}'; there are: {', '.join(map(str, rows.columns))}")
            found += [(name, value, which) for value, which in _values(rows[name], bins)]
    return found


def _bins(rows: pd.DataFrame, text: str) -> tuple[str, int]:
    name, colon, bins = text.rpartition(":")
    if text in rows.columns or not colon:
        return text, 0
    if not bins.strip().isdigit() or not 2 <= int(bins) <= 100:
        raise Refused(f"slices: '{text}': after the colon stands a number of bins, 2 to 100")
    return name.strip(), int(bins)


MOST_VALUES = 50


def _values(values: pd.Series, bins: int):
    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if bins and not numeric:
        raise Refused(f"slices: column '{values.name}' is no number and has no bins")
    if bins or (numeric and values.nunique() > 12):
        named = pd.qcut(values, bins or 4, duplicates="drop")
        for interval in named.cat.categories:
            yield f"({interval.left:.6g}, {interval.right:.6g}]", (named == interval).to_numpy()
    else:
        known = values.dropna()
        labels = pd.Series(texts(known), index=known.index).reindex(values.index)
        often = labels.value_counts().index[:MOST_VALUES]
        for label in in_order(set(often)):
            yield label, (labels == label).to_numpy()
        rest = labels.notna() & ~labels.isin(often)
        if rest.any():
            yield "(others)", rest.to_numpy()
    if values.isna().any():
        yield "(missing)", values.isna().to_numpy()
