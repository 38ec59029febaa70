"""What a model must reach: `accuracy >= 0.8; recall[region=EU] >= 0.6; not worse than baseline: accuracy`."""

import math
import operator
import re
from dataclasses import dataclass

from metrics import HIGHER, LOWER
from refused import Refused

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
LIMIT = re.compile(
    rf"(?P<metric>\w+)(?:\.(?P<end>low|high))?(?:\[(?P<column>[^=\]]+)=(?P<value>.*)\])?"
    rf"\s*(?P<op>>=|<=|>|<)\s*(?P<limit>{NUMBER})"
)
BASELINE = re.compile(
    rf"(?P<how>not worse|better) than baseline\s*:\s*(?P<metric>\w+)(?:\s+by\s+(?P<margin>{NUMBER}))?"
)
OPERATORS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}


@dataclass(frozen=True)
class Judged:
    """A threshold, whether it holds, and what to say of it."""

    text: str
    passed: bool
    told: str


@dataclass(frozen=True)
class Threshold:
    """One condition, as it was written and as it was read."""

    text: str
    parts: dict

    def judge(self, report: dict) -> list[Judged]:
        return self._against_baseline(report) if "how" in self.parts else self._against_limit(report)

    def _against_limit(self, report: dict) -> list[Judged]:
        metric, column = self.parts["metric"], self.parts["column"]
        if column is None:
            return [self._limit(self.text, _known(report["overall"], metric, self.text))]
        column, value = column.strip(), self.parts["value"].strip()
        there = [it for it in report["slices"] if it["column"] == column]
        chosen = [it for it in there if it["value"] == value or (value == "*" and not it["small"])]
        if not chosen and value == "*" and there:
            raise Refused(f"thresholds: '{self.text}': every slice of '{column}' is too small")
        if not chosen:
            known = ", ".join(f"{it['column']}={it['value']}" for it in report["slices"]) or "none"
            raise Refused(f"thresholds: '{self.text}': there is no such slice; there are: {known}")
        return [
            self._limit(
                self.text.replace(f"={self.parts['value']}]", f"={it['value']}]"),
                _known(it["metrics"], metric, self.text),
                f" in {it['rows']} rows",
            )
            for it in chosen
        ]

    def _limit(self, text: str, found: dict, where: str = "") -> Judged:
        value, limit = found[self.parts["end"] or "value"], float(self.parts["limit"])
        if value is None:
            return Judged(text, False, f"{text}: it is not defined{where}")
        if OPERATORS[self.parts["op"]](value, limit):
            return Judged(text, True, f"{text}: it is {_short(value)}{where}")
        too = "low" if self.parts["op"].startswith(">") else "high"
        return Judged(text, False, f"{text}: it is {_short(value)}{where}, {_short(abs(limit - value))} too {too}")

    def _against_baseline(self, report: dict) -> list[Judged]:
        if report["comparison"] is None:
            raise Refused(f"thresholds: '{self.text}' needs the input baseline")
        found = _known(report["comparison"], self.parts["metric"], self.text)
        if found["difference"] is None:
            return [Judged(self.text, False, f"{self.text}: it is not defined")]
        up = self.parts["metric"] in HIGHER
        gain = found["difference"] if up else -found["difference"]
        margin = float(self.parts["margin"] or 0)
        told = (
            f"{self.text}: it is {_short(found['value'])}, the baseline's {_short(found['baseline'])}"
            f" (p = {_short(found['p_value'])})"
        )
        if self.parts["how"] == "not worse":
            # What was computed in another order may differ in the last digits.
            passed = gain >= -margin - 1e-12
            return [Judged(self.text, passed, told if passed else f"{told}, worse by {_short(-gain)}")]
        surest = found["low"] if up else _negative(found["high"])
        passed = surest is not None and surest > margin
        least = "" if surest is None else f"; the surest gain is {_short(surest)}, which must be above {_short(margin)}"
        return [Judged(self.text, passed, told if passed else told + least)]


def _negative(value):
    return None if value is None else -value


def _short(value: float | None) -> str:
    return "unknown" if value is None or math.isnan(value) else f"{value:.4g}"


def _known(values: dict, metric: str, text: str) -> dict:
    if metric not in values:
        raise Refused(f"thresholds: '{text}': '{metric}' is not computed here; there are: {', '.join(values)}")
    return values[metric]


def parse(text: str) -> list[Threshold]:
    """Conditions are parted by semicolons or lines."""
    found = []
    for part in (" ".join(it.split()) for it in re.split(r"[;\n]", text)):
        if part:
            match = LIMIT.fullmatch(part) or BASELINE.fullmatch(part)
            if match is None:
                raise Refused(
                    f"thresholds: '{part}' is none of: METRIC >= NUMBER, METRIC[COLUMN=VALUE] >= NUMBER,"
                    " METRIC.low >= NUMBER, not worse than baseline: METRIC, better than baseline: METRIC"
                )
            metric = match["metric"]
            if metric not in HIGHER | LOWER:
                raise Refused(f"thresholds: '{part}': there is no metric '{metric}'; there are: "
                              + ", ".join(sorted(HIGHER | LOWER)))
            found.append(Threshold(part, match.groupdict()))
    return found
