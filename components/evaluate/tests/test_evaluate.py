"""What evaluate.py promises: `python -m unittest discover components/evaluate/tests`, in the component's environment."""

import contextlib
import io
import json
import math
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import metrics as sklearn

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

import evaluate  # noqa: E402
import metrics  # noqa: E402
import resampling  # noqa: E402
from metrics import Family  # noqa: E402


def averages(truth, predicted, average, **more):
    found = sklearn.precision_recall_fscore_support(truth, predicted, average=average, zero_division=0, **more)
    return dict(zip(("precision", "recall", "f1"), found))


def family(truth, statistics):
    return Family(np.ones(len(truth)), statistics)


def of_rows(statistics, truth, drawn):
    """A statistic of a resample, given as row numbers."""
    weights = np.bincount(drawn, minlength=len(truth)).astype(float)[None, :]
    return {name: float(it[0]) for name, it in family(truth, statistics).of(weights).items()}


class GivenRandomData(unittest.TestCase):
    def same(self, found, expected):
        for name, value in expected.items():
            self.assertAlmostEqual(found[name], value, places=9, msg=name)

    def cases(self):
        random = np.random.default_rng(20)
        for _ in range(60):
            count, classes = int(random.integers(20, 200)), int(random.integers(2, 6))
            truth = np.r_[np.arange(classes), random.integers(0, classes, count)]
            predicted = np.where(random.random(len(truth)) < 0.6, truth, random.integers(0, classes, len(truth)))
            yield random, truth, predicted, classes

    def test_when_classes_are_predicted_then_the_metrics_are_scikit_learns_for_rows_and_resamples(self):
        for random, truth, predicted, classes in self.cases():
            positive = 1 if classes == 2 else None
            statistics = metrics.labels(truth, predicted, classes, positive)
            for rows in (np.arange(len(truth)), random.integers(0, len(truth), len(truth))):
                t, p = truth[rows], predicted[rows]
                expected = {"accuracy": sklearn.accuracy_score(t, p)}
                expected["balanced_accuracy"] = sklearn.recall_score(t, p, average="macro", labels=np.unique(t))
                for kind in ("macro", "weighted"):
                    expected.update({f"{name}_{kind}": it for name, it in averages(t, p, kind).items()})
                if positive is not None:
                    expected.update(averages(t, p, "binary"))
                self.same(of_rows(statistics, truth, rows), expected)

    def test_when_scores_are_given_then_the_metrics_are_scikit_learns_ties_and_all(self):
        for random, truth, _, classes in self.cases():
            raw = np.round(random.random((len(truth), classes)), 1) + 0.05 + np.eye(classes)[truth] * 0.3
            probabilities = raw / raw.sum(axis=1, keepdims=True)
            positive = 1 if classes == 2 else None
            statistics = metrics.scores(truth, probabilities, positive)
            rows = random.integers(0, len(truth), len(truth))
            for rows in (np.arange(len(truth)), np.r_[np.arange(classes), rows[classes:]]):
                t, p = truth[rows], probabilities[rows]
                one_hot = np.eye(classes)[t]
                expected = {
                    "roc_auc": sklearn.roc_auc_score(t, p[:, 1])
                    if positive
                    else sklearn.roc_auc_score(t, p, multi_class="ovr"),
                    "average_precision": sklearn.average_precision_score(t, p[:, 1])
                    if positive
                    else sklearn.average_precision_score(one_hot, p, average="macro"),
                    "log_loss": sklearn.log_loss(t, p, labels=range(classes)),
                    "brier": sklearn.brier_score_loss(t, p[:, 1])
                    if positive
                    else float(((p - one_hot) ** 2).sum(axis=1).mean()),
                }
                self.same(of_rows(statistics, truth, rows), expected)

    def test_when_numbers_are_predicted_then_the_metrics_are_scikit_learns(self):
        random = np.random.default_rng(21)
        for _ in range(60):
            truth = np.round(random.normal(3, 2, int(random.integers(5, 200))), 1)
            predicted = truth + random.normal(0, 1, len(truth))
            statistics = metrics.regression(truth, predicted)
            for rows in (np.arange(len(truth)), random.integers(0, len(truth), len(truth))):
                t, p = truth[rows], predicted[rows]
                told = t != 0
                self.same(of_rows(statistics, truth, rows), {
                    "mae": sklearn.mean_absolute_error(t, p),
                    "rmse": math.sqrt(sklearn.mean_squared_error(t, p)),
                    "r2": sklearn.r2_score(t, p),
                    "median_absolute_error": sklearn.median_absolute_error(t, p),
                    "mape": sklearn.mean_absolute_percentage_error(t[told], p[told]),
                    "max_error": sklearn.max_error(t, p),
                })  # fmt: skip

    def test_when_probabilities_are_calibrated_by_hand_then_the_error_is_the_mean_gap_of_the_bins(self):
        score = np.array([0.91, 0.95, 0.12, 0.18])
        statistics = metrics.scores(np.array([1, 0, 0, 0]), np.stack([1 - score, score], axis=1), 1)
        found = family(score, statistics).values()["calibration_error"]
        self.assertAlmostEqual(found, abs(1 - 0.91 - 0.95) / 4 + 0.30 / 4)


class GivenManySamples(unittest.TestCase):
    """Of 400 samples about 380 must have the true value within; the limits are four standard errors."""

    def covered(self, truth, interval_of):
        random = np.random.default_rng(22)
        inside = 0
        for _ in range(400):
            interval = interval_of(random)
            inside += interval.low <= truth <= interval.high
        return inside

    def test_then_wilson_intervals_of_a_share_hold_what_they_promise_even_for_few_rows(self):
        for share, rows in ((0.5, 40), (0.9, 40), (0.97, 100)):
            found = self.covered(share, lambda it: resampling.wilson(it.binomial(rows, share), rows, 0.95))
            self.assertGreater(found, 380 - 18, (share, rows))

    def test_then_bootstrap_intervals_of_an_error_hold_about_what_they_promise(self):
        def interval(random):
            errors = random.normal(0, 1, 150)
            it = family(errors, metrics.regression(np.zeros(150), errors))
            drawn = np.concatenate([it.of(w)["mae"] for w in resampling.draws(it.counts, 400, 1)])
            return resampling.percentiles(drawn, 0.95)

        self.assertTrue(360 <= self.covered(math.sqrt(2 / math.pi), interval) <= 396)

    def test_then_kinds_of_rows_are_drawn_as_rows_are(self):
        kinds = np.concatenate(list(resampling.draws(np.array([70, 20, 10]), 20_000, 3)))
        rows = np.concatenate(list(resampling.draws(np.ones(100), 20_000, 4)))
        by_kind = np.stack([rows[:, :70].sum(axis=1), rows[:, 70:90].sum(axis=1), rows[:, 90:].sum(axis=1)], axis=1)
        np.testing.assert_allclose(kinds.mean(axis=0), by_kind.mean(axis=0), atol=0.2)
        np.testing.assert_allclose(np.cov(kinds.T), np.cov(by_kind.T), atol=0.8)


class GivenTwoModels(unittest.TestCase):
    def test_then_mcnemars_test_is_exact(self):
        for first, second in ((0, 0), (1, 0), (5, 1), (10, 10), (3, 17), (40, 60)):
            whole = first + second
            tail = sum(math.comb(whole, it) for it in range(min(first, second) + 1)) / 2**whole
            self.assertAlmostEqual(resampling.mcnemar(first, second), min(1.0, 2 * tail), places=12)

    def test_then_a_paired_test_of_equals_finds_nothing_too_often(self):
        random = np.random.default_rng(23)
        found = 0
        for _ in range(200):
            drawn = random.normal(random.normal(0, 1), 1, 400)  # differences around a chance one, as resamples are
            found += resampling.two_sided(drawn) < 0.05
        self.assertTrue(1 <= found <= 22, found)


class Run(unittest.TestCase):
    """A run of the whole program."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        random = np.random.default_rng(24)
        truth = random.integers(0, 2, 400)
        score = np.round(np.clip(truth * 0.3 + random.random(400) * 0.7, 0, 1), 3)
        self.rows = pd.DataFrame({
            "id": np.arange(400), "target": np.where(truth == 1, "yes", "no"),
            "prediction": np.where(score > 0.5, "yes", "no"), "score": score,
            "region": random.choice(["EU", "NA", "<b>|x"], 400), "age": random.integers(18, 90, 400),
        })  # fmt: skip

    def put(self, rows, name="rows.csv"):
        rows.to_csv(self.folder / name, index=False)
        return str(self.folder / name)

    def run_it(self, *given, rows=None, task="classification"):
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = evaluate.main([
                "--predictions", self.put(self.rows if rows is None else rows), "--task", task, "--resamples", "200",
                "--report", str(self.folder / "report"), "--passed", str(self.folder / "passed"), *given,
            ])  # fmt: skip
        self.assertNotIn("Traceback", said.getvalue())
        return code, said.getvalue()

    def found(self):
        return json.loads((self.folder / "report/metrics.json").read_text())

    def refused(self, text, *given, **more):
        code, said = self.run_it(*given, **more)
        self.assertEqual((code, said.count("\n")), (2, 1), said)
        self.assertIn(text, said)

    def test_when_thresholds_hold_then_it_passes_and_the_same_seed_gives_the_same_report(self):
        given = ("--score", "score", "--slices", "region, age:4", "--thresholds",
                 "accuracy >= 0.6; roc_auc.low > 0.7; recall[region=NA] >= 0.3; f1[age=*] > 0.2")  # fmt: skip
        code, said = self.run_it(*given)
        self.assertEqual(code, 0, said)
        self.assertEqual((self.folder / "passed").read_text(), "true\n")
        first = self.found()
        slices = {(it["column"], it["value"]): it["rows"] for it in first["slices"]}
        self.assertEqual(sum(it for (column, _), it in slices.items() if column == "region"), 400)
        self.assertEqual(len([it for it in slices if it[0] == "age"]), 4)
        of_eu = self.rows[self.rows.region == "EU"]
        told = next(it for it in first["slices"] if it["value"] == "EU")["metrics"]["accuracy"]
        self.assertAlmostEqual(told["value"], (of_eu.target == of_eu.prediction).mean())
        self.assertEqual(told["method"], "wilson")
        self.run_it(*given)
        self.assertEqual(self.found(), first)

    def test_when_a_threshold_fails_then_it_is_told_by_how_much_and_the_run_stops_unless_only_reported(self):
        code, said = self.run_it("--thresholds", "accuracy >= 0.99")
        accuracy = (self.rows.target == self.rows.prediction).mean()
        self.assertEqual(code, 1)
        self.assertIn(f"FAILED  accuracy >= 0.99: it is {accuracy:.4g}, {0.99 - accuracy:.4g} too low", said)
        self.assertEqual((self.folder / "passed").read_text(), "false\n")
        code, _ = self.run_it("--thresholds", "accuracy >= 0.99", "--on_failure", "report")
        self.assertEqual((code, self.found()["verdict"]), (0, "failed"))

    def test_when_there_is_a_baseline_then_rows_are_matched_by_id_and_differences_are_paired(self):
        worse = self.rows.assign(prediction="yes", score=0.5).sample(frac=1, random_state=1)
        given = ("--score", "score", "--id", "id", "--baseline", self.put(worse, "baseline.csv"), "--thresholds",
                 "not worse than baseline: accuracy; better than baseline: roc_auc by 0.1")  # fmt: skip
        code, said = self.run_it(*given)
        self.assertEqual(code, 0, said)
        found = self.found()["comparison"]
        right, other = self.rows.target == self.rows.prediction, self.rows.target == "yes"
        self.assertAlmostEqual(found["accuracy"]["difference"], right.mean() - other.mean())
        self.assertAlmostEqual(
            found["accuracy"]["p_value"], resampling.mcnemar(int((right & ~other).sum()), int((other & ~right).sum()))
        )
        code, said = self.run_it("--thresholds", "better than baseline: accuracy", "--id", "id",
                                 "--baseline", self.put(self.rows, "baseline.csv"))  # fmt: skip
        self.assertEqual(code, 1, said)

    def test_when_rows_of_the_baseline_are_others_then_it_is_refused(self):
        self.refused("has 399 rows, the predictions 400", "--baseline", self.put(self.rows[1:], "b.csv"))
        self.refused("lacks 1 rows", "--id", "id", "--baseline", self.put(self.rows[1:], "b.csv"))
        other = self.rows.assign(target=self.rows.target[::-1].to_numpy())
        self.refused("not about the same rows", "--baseline", self.put(other, "b.csv"))
        twice = pd.concat([self.rows, self.rows[:1]])
        self.refused("id '0' is there more than once", "--id", "id", "--baseline", self.put(twice, "b.csv"))

    def test_when_it_is_a_regression_then_zeros_are_left_out_of_mape_and_counted(self):
        rows = pd.DataFrame({"target": [0.0, 2, 4, 8], "prediction": [1.0, 2, 5, 8]})
        code, said = self.run_it("--thresholds", "mae <= 0.5; mape <= 0.1", rows=rows, task="regression")
        self.assertEqual(code, 0, said)
        found = self.found()
        self.assertEqual((found["zero_targets"], found["overall"]["mape"]["value"]), (1, 0.25 / 3))
        self.assertIsNone(found["overall"]["max_error"]["low"])

    def test_when_there_are_three_classes_then_scores_have_a_column_each(self):
        random = np.random.default_rng(25)
        raw = random.random((200, 3))
        raw /= raw.sum(axis=1, keepdims=True)
        rows = pd.DataFrame(raw, columns=["p_1", "p_2", "p_10"])
        rows["target"], rows["prediction"] = random.choice([1, 2, 10], 200), random.choice([1.0, 2.0, 10.0], 200)
        code, said = self.run_it("--scores", "p_", rows=rows)
        self.assertEqual(code, 0, said)
        found = self.found()
        self.assertEqual(found["classes"], ["1", "2", "10"])
        self.assertAlmostEqual(
            found["overall"]["roc_auc"]["value"], sklearn.roc_auc_score(rows.target, raw, multi_class="ovr")
        )
        self.assertEqual(
            found["confusion_matrix"], sklearn.confusion_matrix(rows.target, rows.prediction.astype(int)).tolist()
        )

    def test_when_tables_are_Parquet_or_JSON_lines_then_the_report_is_the_same(self):
        self.run_it("--score", "score")
        expected = self.found()["overall"]
        (self.folder / "parts").mkdir()
        self.rows[:150].to_parquet(self.folder / "parts/a.parquet")
        self.rows[150:].to_json(self.folder / "parts/b.json", orient="records", lines=True)
        self.run_it("--score", "score", "--predictions", str(self.folder / "parts"))
        self.assertEqual(self.found()["overall"], expected)

    def test_when_names_hold_markup_then_the_pages_show_it_as_text(self):
        self.run_it("--slices", "region", "--model", "<script>alert(1)</script>")
        page = (self.folder / "report/report.html").read_text()
        self.assertNotIn("<script>", page)
        self.assertNotIn("<b>", page)
        self.assertIn("region = &lt;b&gt;|x", page)
        self.assertIn("region = \\<b>\\|x", (self.folder / "report/report.md").read_text())

    def test_when_slices_are_small_then_they_are_marked_and_not_hidden(self):
        rows = self.rows.assign(region=["few"] * 5 + [None] * 3 + ["many"] * 392)
        self.run_it("--slices", "region", rows=rows)
        marked = {it["value"]: (it["rows"], it["small"]) for it in self.found()["slices"]}
        self.assertEqual(marked, {"few": (5, True), "many": (392, False), "(missing)": (3, True)})

    def test_when_input_cannot_be_evaluated_then_one_line_says_why(self):
        self.refused("no column 'truth'; there are: id, target", "--target", "truth")
        self.refused("no value in 1 rows, first in row 2",
                     rows=self.rows.assign(prediction=self.rows.prediction.where(self.rows.index != 1)))  # fmt: skip
        self.refused("one class only, 'yes'", rows=self.rows.assign(target="yes"))
        self.refused("no label in common", rows=self.rows.assign(prediction="maybe"))
        self.refused("a score is a probability", "--score", "age")
        self.refused("there are no rows", rows=self.rows[:0])
        self.refused("is no number in row 2: 'NaN'", rows=pd.DataFrame({"target": ["1", "NaN"], "prediction": [1, 2]}), task="regression")
        self.refused("no column 'country'", "--slices", "country")
        self.refused("is no number and has no bins", "--slices", "region:3")
        self.refused("'accuracy => 0.8' is none of", "--thresholds", "accuracy => 0.8")
        self.refused("there is no metric 'acuracy'", "--thresholds", "acuracy >= 0.8")
        self.refused("'mae' is not computed here", "--thresholds", "mae <= 1")
        self.refused("there is no such slice; there are: region=", "--slices", "region",
                     "--thresholds", "recall[region=XX] >= 0.1")  # fmt: skip
        self.refused("needs the input baseline", "--thresholds", "not worse than baseline: accuracy")
        (self.folder / "empty").write_text("")
        self.refused("empty is empty", "--predictions", str(self.folder / "empty"))
        self.refused("there is no file", "--predictions", str(self.folder / "nowhere"))
        self.refused("resamples: 5 is not between", "--resamples", "5")


if __name__ == "__main__":
    unittest.main()
