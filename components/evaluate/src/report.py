"""Writes a report for programs, for tables and for people. Names and labels come from data: all are escaped."""

import csv
import html
import json
import re
from pathlib import Path


def write(report: dict, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    (folder / "metrics.json").write_text(text, encoding="utf-8")
    with (folder / "slices.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(_slice_rows(report))
    (folder / "report.md").write_text(_Markdown().page(report), encoding="utf-8")
    (folder / "report.html").write_text(_Html().page(report), encoding="utf-8")


def _slice_rows(report: dict):
    yield ["column", "value", "rows", "small", "metric", "estimate", "low", "high", "baseline", "difference"]
    for it in report["slices"]:
        for name, found in it["metrics"].items():
            against = (it["comparison"] or {}).get(name, {})
            yield [
                _no_formula(it["column"]), _no_formula(it["value"]), it["rows"], str(it["small"]).lower(), name,
                found["value"], found["low"], found["high"], against.get("baseline"), against.get("difference"),
            ]  # fmt: skip


def _no_formula(text: str) -> str:
    """A spreadsheet would run what begins so; intervals such as (-1.0, 2.0] are no formulas."""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _short(value) -> str:
    return "–" if value is None else f"{value:.4g}"


def _range(it: dict) -> str:
    return "–" if it["low"] is None else f"{_short(it['low'])} to {_short(it['high'])}"


class _Page:
    """The sections of a page; how they look is the subclasses'."""

    def page(self, report: dict) -> str:
        sure = f"{report['confidence']:.4g}"
        parts = [self.title("Evaluation"), self.facts(self._facts(report))]
        if report["thresholds"]:
            rows = [["passed" if it["passed"] else "FAILED", it["told"]] for it in report["thresholds"]]
            parts.append(self.section("Thresholds", ["", "threshold"], rows))
        rows = [[name, _short(it["value"]), _range(it), it["method"] or "–"] for name, it in report["overall"].items()]
        parts.append(self.section("Metrics", ["metric", "value", f"interval ({sure})", "by"], rows))
        if report["comparison"] is not None:
            rows = [
                [name, _short(it["value"]), _short(it["baseline"]), _short(it["difference"]), _range(it),
                 _short(it["p_value"]), it["test"] or "–"]
                for name, it in report["comparison"].items()
            ]  # fmt: skip
            head = ["metric", "model", "baseline", "difference", f"interval ({sure})", "p", "test"]
            parts.append(self.section("Against the baseline", head, rows))
        if report["slices"]:
            parts.append(self._slices(report))
        if report["confusion_matrix"] is not None:
            rows = [[name, *map(str, row)] for name, row in zip(report["classes"], report["confusion_matrix"])]
            parts.append(self.section("Confusion matrix", ["true \\ predicted", *report["classes"]], rows))
        return self.whole(parts)

    @staticmethod
    def _facts(report: dict) -> list[tuple[str, str]]:
        found = [("Verdict", report["verdict"]), ("Model", report["model"] or "–"), ("Task", report["task"])]
        found.append(("Rows", str(report["rows"])))
        if report["positive"] is not None:
            found.append(("Positive class", report["positive"]))
        if report["zero_targets"]:
            found.append(("Left out of mape", f"{report['zero_targets']} rows whose target is 0"))
        found.append(("Resamples", f"{report['resamples']}, seed {report['seed']}"))
        return found

    def _slices(self, report: dict) -> str:
        names = list(report["overall"])
        rows = []
        for it in report["slices"]:
            size = f"{it['rows']} (small)" if it["small"] else str(it["rows"])
            cells = [f"{_short(it['metrics'][name]['value'])} ({_range(it['metrics'][name])})" for name in names]
            rows.append([f"{it['column']} = {it['value']}", size, *cells])
        return self.section("Slices", ["slice", "rows", *names], rows)


class _Markdown(_Page):
    @staticmethod
    def _safe(text: str) -> str:
        # Underscores in words and comparisons mean nothing within a line.
        found = r"([\\`*{}\[\]<|#!&~]|^>|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))"
        return re.sub(found, r"\\\1", " ".join(text.split()))

    def title(self, text: str) -> str:
        return f"# {text}\n"

    def facts(self, facts: list) -> str:
        return "".join(f"- **{name}:** {self._safe(value)}\n" for name, value in facts)

    def section(self, title: str, head: list, rows: list) -> str:
        lines = [head, ["---"] * len(head), *rows]
        cells = [[it if row is lines[1] else self._safe(it) for it in row] for row in lines]
        return f"## {title}\n\n" + "".join(f"| {' | '.join(row)} |\n" for row in cells)

    def whole(self, parts: list) -> str:
        return "\n".join(parts)


class _Html(_Page):
    """One file that loads and runs nothing, which it also tells the browser."""

    STYLE = """
    :root { color-scheme: light dark; }
    body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
    h2 { margin-top: 2rem; } .wide { overflow-x: auto; }
    table { border-collapse: collapse; } th, td { padding: .3rem .8rem; text-align: left; white-space: nowrap; }
    th { border-bottom: 2px solid #8888; } td { border-bottom: 1px solid #8884; font-variant-numeric: tabular-nums; }
    dl { display: grid; gap: .2rem 1rem; grid-template-columns: max-content auto; } dt { opacity: .7; } dd { margin: 0; }
    """

    def title(self, text: str) -> str:
        return f"<h1>{html.escape(text)}</h1>"

    def facts(self, facts: list) -> str:
        return f"<dl>{''.join(f'<dt>{html.escape(a)}</dt><dd>{html.escape(b)}</dd>' for a, b in facts)}</dl>"

    def section(self, title: str, head: list, rows: list) -> str:
        heads = "".join(f'<th scope="col">{html.escape(it)}</th>' for it in head)
        body = "".join(f"<tr>{''.join(f'<td>{html.escape(it)}</td>' for it in row)}</tr>\n" for row in rows)
        table = f"<table><thead><tr>{heads}</tr></thead><tbody>\n{body}</tbody></table>"
        return f'<h2>{html.escape(title)}</h2>\n<div class="wide" tabindex="0">{table}</div>'

    def whole(self, parts: list) -> str:
        policy = "default-src 'none'; style-src 'unsafe-inline'"
        return (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>Evaluation</title><style>{self.STYLE}</style></head>\n<body>\n" + "\n".join(parts) + "\n</body></html>\n"
        )
