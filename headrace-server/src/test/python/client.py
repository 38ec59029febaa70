"""What a training step does with MLflow's own client, against the server at MLFLOW_TRACKING_URI.

Exits with an error at the first thing that is not as MLflow's server would have it.
"""

import json
import math
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException
from sklearn.linear_model import LinearRegression

client = MlflowClient()
MARK = f"{os.getpid()}"  # so that the script may run twice against one workspace


def refused(code, call):
    try:
        call()
    except MlflowException as e:
        assert e.error_code == code, e
        return
    raise AssertionError(f"expected {code}")


def given_run():
    """MLFLOW_RUN_ID names a run that exists: fluent calls land in it."""
    run_id = os.environ["MLFLOW_RUN_ID"]
    mlflow.log_metric("given", 1.0)
    mlflow.log_param("given", "yes")
    assert mlflow.active_run().info.run_id == run_id
    mlflow.end_run()
    os.environ.pop("MLFLOW_RUN_ID", None)
    assert client.get_run(run_id).data.metrics == {"given": 1.0}
    assert client.get_run(run_id).data.params == {"given": "yes"}


def logging():
    experiment = mlflow.set_experiment("logging " + MARK)
    assert mlflow.set_experiment("logging " + MARK).experiment_id == experiment.experiment_id
    assert client.get_experiment_by_name("nobody") is None
    with mlflow.start_run(run_name="first", tags={"team": "a"}) as run:
        mlflow.log_param("depth", 3)
        mlflow.log_params({"rate": 0.1, "kind": "tree"})
        mlflow.set_tags({"a": "1", "b c": "2"})
        for step in range(5):
            mlflow.log_metric("loss", 1.0 / (step + 1), step=step)
        mlflow.log_metrics({"nan": math.nan, "inf": math.inf, "minus": -math.inf, "tiny": 5e-324})
        with mlflow.start_run(nested=True, run_name="child") as child:
            mlflow.log_metric("loss", 7)
        refused("INVALID_PARAMETER_VALUE", lambda: client.log_param(run.info.run_id, "depth", 4))
    seen = client.get_run(run.info.run_id)
    assert seen.info.status == "FINISHED" and seen.info.end_time >= seen.info.start_time
    assert seen.info.run_name == "first" and seen.data.tags["team"] == "a"
    assert seen.data.params == {"depth": "3", "rate": "0.1", "kind": "tree"}
    assert seen.data.metrics["loss"] == 0.2 and seen.data.metrics["tiny"] == 5e-324
    assert math.isnan(seen.data.metrics["nan"])
    assert seen.data.metrics["inf"] == math.inf and seen.data.metrics["minus"] == -math.inf
    history = client.get_metric_history(run.info.run_id, "loss")
    assert [(m.step, m.value) for m in history] == [(s, 1.0 / (s + 1)) for s in range(5)]
    children = client.search_runs(
        [experiment.experiment_id], f"tags.mlflow.parentRunId = '{run.info.run_id}'"
    )
    assert [c.info.run_id for c in children] == [child.info.run_id]

    batched = client.create_run(experiment.experiment_id).info.run_id
    client.log_batch(
        batched,
        metrics=[Metric("m", v, 1000 + v, v) for v in range(1000)],
        params=[],
        tags=[],
    )
    client.log_batch(
        batched, params=[Param(f"p{i}", "v") for i in range(100)], tags=[RunTag("t", "v")]
    )
    client.set_terminated(batched, "FAILED")
    assert len(client.get_metric_history(batched, "m")) == 1000
    assert client.get_run(batched).info.status == "FAILED"
    client.delete_tag(batched, "t")
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.delete_tag(batched, "t"))
    client.delete_run(batched)
    refused("INVALID_PARAMETER_VALUE", lambda: client.set_tag(batched, "t", "v"))
    client.restore_run(batched)
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_run("f" * 32))


def searching():
    experiment = client.create_experiment("searching " + MARK, tags={"k": "v"})
    runs = []
    for i in range(25):
        run = client.create_run(experiment, run_name=f"run {i:02}", start_time=1000 + i)
        client.log_batch(
            run.info.run_id,
            metrics=[Metric("a b", i / 10, 1, 0)],
            params=[Param("kind", "Tree" if i % 2 else "linear")],
            tags=[RunTag("half", "low" if i < 12 else "high")] if i % 5 else [],
        )
        runs.append(run.info.run_id)

    def found(filter_string, **more):
        return [
            runs.index(r.info.run_id)
            for r in mlflow.search_runs(
                [experiment], filter_string, output_format="list", **more
            )
        ]

    assert found("") == list(range(24, -1, -1))
    assert found("metrics.`a b` > 2.2") == [24, 23]
    assert found("params.kind LIKE 't%'") == []
    assert found("params.kind ILIKE 't%' and metrics.`a b` <= 0.3") == [3, 1]
    assert found("tags.half IS NULL") == [20, 15, 10, 5, 0]
    assert found("tags.half != 'low' AND start_time < 1014") == [13, 12]
    assert found("run_name = 'run 03'") == [3]
    assert found(f"run_id IN ('{runs[4]}', '{runs[2]}')") == [4, 2]
    assert found("", order_by=["metrics.`a b` ASC"], max_results=3) == [0, 1, 2]
    assert found("", order_by=["tags.half DESC", "params.kind"], max_results=2) == [11, 9]
    pages, token = [], None
    while True:
        page = client.search_runs([experiment], max_results=10, page_token=token)
        pages += page
        token = page.token
        if not token:
            break
    assert [r.info.run_id for r in pages] == runs[::-1]
    refused("INVALID_PARAMETER_VALUE", lambda: found("metrics.a > 'x'"))
    refused("INVALID_PARAMETER_VALUE", lambda: found("status IN ('FINISHED')"))
    named = client.search_experiments(filter_string=f"tags.k = 'v' and name LIKE '%{MARK}'")
    assert [e.experiment_id for e in named] == [experiment]
    client.delete_experiment(experiment)
    assert client.search_experiments(view_type=ViewType.DELETED_ONLY)[0].experiment_id == experiment
    client.restore_experiment(experiment)
    frame = mlflow.search_runs([experiment], "params.kind = 'Tree'")
    assert len(frame) == 12 and "metrics.a b" in frame.columns


def artifacts():
    mlflow.set_experiment("artifacts " + MARK)
    with mlflow.start_run() as run, tempfile.TemporaryDirectory() as folder:
        os.makedirs(f"{folder}/sub/deep")
        contents = {
            "a.txt": b"hello",
            "sub/empty.bin": b"",
            "sub/deep/b c.bin": os.urandom(3_000_000),
            "sub/ünï 100%.txt": "é".encode(),
        }
        for name, content in contents.items():
            with open(f"{folder}/{name}", "wb") as file:
                file.write(content)
        mlflow.log_artifact(f"{folder}/a.txt")
        mlflow.log_artifacts(folder, "all")
        mlflow.log_text("text", "notes/n.txt")
        mlflow.log_dict({"a": 1}, "notes/d.json")
        mlflow.log_table({"x": [1, 2]}, "table.json")
        mlflow.log_figure(figure(), "plots/figure.png")
        run_id = run.info.run_id
        assert [(f.path, f.is_dir, f.file_size) for f in client.list_artifacts(run_id)] == [
            ("a.txt", False, 5),
            ("all", True, None),
            ("notes", True, None),
            ("plots", True, None),
            ("table.json", False, client.list_artifacts(run_id)[4].file_size),
        ]
        assert [f.path for f in client.list_artifacts(run_id, "all/sub")] == [
            "all/sub/deep",
            "all/sub/empty.bin",
            "all/sub/ünï 100%.txt",
        ]
        with tempfile.TemporaryDirectory() as target:
            got = client.download_artifacts(run_id, "all", target)
            for name, content in contents.items():
                with open(f"{got}/{name}", "rb") as file:
                    assert file.read() == content, name
        assert mlflow.artifacts.load_text(run.info.artifact_uri + "/notes/n.txt") == "text"
        assert mlflow.artifacts.load_dict(run.info.artifact_uri + "/notes/d.json") == {"a": 1}
        assert len(mlflow.load_table("table.json", run_ids=[run_id])) == 2
        refused_download(run_id, "nothing.txt")


def refused_download(run_id, path):
    try:
        client.download_artifacts(run_id, path)
    except Exception as e:
        assert "Failed to download" in str(e), e
        return
    raise AssertionError("expected a refusal")


def figure():
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    chart, axes = plt.subplots()
    axes.plot([0, 1], [2, 3])
    return chart


def models():
    mlflow.set_experiment("models " + MARK)
    x = pd.DataFrame({"a": np.arange(10.0), "b": np.arange(10.0) ** 2})
    y = 2 * x["a"] + x["b"]
    with mlflow.start_run() as run:
        model = LinearRegression().fit(x, y)
        dataset = mlflow.data.from_pandas(x, name="points")
        mlflow.log_input(dataset, context="training", tags={"use": "1"})
        logged = mlflow.sklearn.log_model(model, name="model", input_example=x[:2])
        mlflow.log_metric("rmse", 0.25, model_id=logged.model_id, dataset=dataset)
    for uri in (logged.model_uri, f"models:/{logged.model_id}", f"runs:/{run.info.run_id}/model"):
        again = mlflow.sklearn.load_model(uri)
        assert np.allclose(again.predict(x), y)
    pyfunc = mlflow.pyfunc.load_model(logged.model_uri)
    assert np.allclose(pyfunc.predict(x), y)
    seen = client.get_logged_model(logged.model_id)
    assert seen.status.name == "READY" and seen.source_run_id == run.info.run_id
    assert [(m.key, m.value, m.dataset_name) for m in seen.metrics] == [("rmse", 0.25, "points")]
    inputs = client.get_run(run.info.run_id).inputs.dataset_inputs
    assert [(i.dataset.name, {t.key: t.value for t in i.tags}) for i in inputs] == [
        ("points", {"mlflow.data.context": "training", "use": "1"})
    ]
    assert client.get_run(run.info.run_id).outputs.model_outputs[0].model_id == logged.model_id
    found = mlflow.search_logged_models(
        [run.info.experiment_id], "metrics.rmse < 0.5", output_format="list"
    )
    assert [m.model_id for m in found] == [logged.model_id]
    client.set_logged_model_tags(logged.model_id, {"stage": "x"})
    assert client.get_logged_model(logged.model_id).tags["stage"] == "x"
    client.delete_logged_model_tag(logged.model_id, "stage")
    assert client.list_logged_model_artifacts(logged.model_id)
    client.delete_logged_model(logged.model_id)
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_logged_model(logged.model_id))


def autolog():
    mlflow.set_experiment("autolog " + MARK)
    mlflow.autolog(silent=True)
    try:
        with mlflow.start_run() as run:
            LinearRegression().fit(np.arange(20.0).reshape(10, 2), np.arange(10.0))
    finally:
        mlflow.autolog(disable=True)
    seen = client.get_run(run.info.run_id)
    assert seen.data.params["fit_intercept"] == "True", seen.data.params
    assert seen.data.metrics["training_r2_score"] > 0.99
    assert seen.outputs.model_outputs and seen.inputs.dataset_inputs
    model = mlflow.sklearn.load_model(f"models:/{seen.outputs.model_outputs[0].model_id}")
    assert model.coef_.shape == (2,)


def together():
    """Eight writers at once, each with batches of 1,000 points to one run."""
    experiment = client.create_experiment("together " + MARK)
    run_id = client.create_run(experiment).info.run_id

    def write(writer):
        own = MlflowClient()
        for batch in range(3):
            own.log_batch(
                run_id,
                [Metric(f"m{writer}", i, 1, batch * 1000 + i) for i in range(1000)],
            )

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(8)))
    data = client.get_run(run_id).data
    assert data.metrics == {f"m{w}": 999.0 for w in range(8)}
    for writer in range(8):
        assert len(client.get_metric_history(run_id, f"m{writer}")) == 3000


def parts():
    """A file in parts, up and down, through the proxy."""
    content = os.urandom(5_000_001)
    with tempfile.TemporaryDirectory() as folder, mlflow.start_run() as run:
        path = os.path.join(folder, "large.bin")
        with open(path, "wb") as file:
            file.write(content)
        os.environ.update({
            "MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD": "true",
            "MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD": "true",
            "MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE": "1000000",
            "MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE": "1000000",
            "MLFLOW_MULTIPART_DOWNLOAD_MINIMUM_FILE_SIZE": "1000000",
            "MLFLOW_MULTIPART_DOWNLOAD_CHUNK_SIZE": "1000000",
        })
        mlflow.log_artifact(path, "deep/er")
        for name in [name for name in os.environ if "MULTIPART_UPLOAD" in name]:
            del os.environ[name]
        back = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="deep/er/large.bin")
        with open(back, "rb") as file:
            assert file.read() == content
        for name in [name for name in os.environ if "MULTIPART_DOWNLOAD" in name]:
            del os.environ[name]


def traces():
    """What a traced program tells, and what people say of it."""
    mlflow.set_experiment("traces " + MARK)

    @mlflow.trace(span_type="CHAIN", attributes={"flavour": "sweet"})
    def outer(question):
        with mlflow.start_span("inner", span_type="LLM") as span:
            span.set_inputs({"list": [1, 2.5, None, True, {"x": "ü"}]})
            span.set_outputs("out")
            span.add_event(mlflow.entities.SpanEvent("happened", attributes={"k": 1}))
        return {"answer": question + "!"}

    @mlflow.trace
    def failing():
        raise ValueError("no")

    outer("hi")
    first = mlflow.get_last_active_trace_id()
    try:
        failing()
    except ValueError:
        pass
    with mlflow.start_run() as run:
        outer("in a run")
    mlflow.flush_trace_async_logging()

    trace = client.get_trace(first)
    assert trace.info.state == "OK" and trace.info.request_preview == '{"question": "hi"}'
    root, inner = trace.data.spans
    assert (root.name, root.span_type, root.outputs) == ("outer", "CHAIN", {"answer": "hi!"})
    assert inner.parent_id == root.span_id and inner.outputs == "out"
    assert inner.inputs == {"list": [1, 2.5, None, True, {"x": "ü"}]}
    assert [(e.name, e.attributes) for e in inner.events] == [("happened", {"k": 1})]

    def found(filter_string=None, **more):
        return len(mlflow.search_traces(filter_string=filter_string, return_type="list", **more))

    assert found() == 3 and found(run_id=run.info.run_id) == 1
    for filter_string, count in (
        ("trace.status = 'ERROR'", 1), ("trace.name = 'outer'", 2), ("span.name = 'inner'", 2),
        ("span.type = 'LLM' AND span.name LIKE 'out%'", 0), ("trace.text LIKE '%in a run%'", 1),
        ("span.attributes.flavour LIKE '%sweet%'", 2), ("trace.timestamp > 0", 3),
    ):
        assert found(filter_string) == count, filter_string

    people = mlflow.entities.AssessmentSource("HUMAN", "me")
    good = mlflow.log_feedback(trace_id=first, name="good", value=True, rationale="r", source=people)
    better = mlflow.override_feedback(trace_id=first, assessment_id=good.assessment_id, value=False)
    assert not mlflow.get_assessment(first, good.assessment_id).valid
    assert found("feedback.good = 'false'") == 1 and found("feedback.good = 'true'") == 0
    mlflow.delete_assessment(first, better.assessment_id)
    assert mlflow.get_assessment(first, good.assessment_id).valid
    expected = mlflow.log_expectation(trace_id=first, name="exact", value={"a": [1]})
    assert mlflow.get_assessment(first, expected.assessment_id).value == {"a": [1]}
    mlflow.update_assessment(first, expected.assessment_id, mlflow.entities.Expectation(name="exact", value="b"))
    mlflow.log_feedback(trace_id=first, name="score", value=0.75)
    assert found("feedback.score > 0.5 AND expectation.exact = 'b'") == 1

    mlflow.set_trace_tag(first, "k", "v")
    assert found("tags.k = 'v'") == 1
    mlflow.delete_trace_tag(first, "k")
    client.link_traces_to_run([first], run.info.run_id)
    assert found(run_id=run.info.run_id) == 2
    assert client.delete_traces(trace.info.experiment_id, trace_ids=[first]) == 1
    assert found() == 2


def datasets():
    """Questions by which programs are measured."""
    from mlflow.genai import datasets as evaluation

    experiment = client.create_experiment("datasets " + MARK)
    other = client.create_experiment("other datasets " + MARK)
    dataset = evaluation.create_dataset(name="d" + MARK, experiment_id=[experiment], tags={"a": "b"})
    records = [{"inputs": {"q": f"question {i}"}, "expectations": {"answer": i}, "tags": {"n": str(i)}} for i in range(5)]
    dataset.merge_records(records)
    dataset.merge_records([{"inputs": {"q": "question 0"}, "expectations": {"other": [1]}}])
    seen = evaluation.get_dataset(dataset_id=dataset.dataset_id)
    assert seen.name == "d" + MARK and seen.tags["a"] == "b" and seen.experiment_ids == [experiment]
    frame = seen.to_df()
    assert len(frame) == 5 and frame["expectations"][0] == {"answer": 0, "other": [1]}
    assert json.loads(seen.profile) == {"num_records": 5}
    assert json.loads(seen.schema)["inputs"] == {"q": "string"}
    found = evaluation.search_datasets(experiment_ids=[experiment], filter_string=f"name = 'd{MARK}'")
    assert [it.dataset_id for it in found] == [dataset.dataset_id]
    assert not evaluation.search_datasets(experiment_ids=[other])
    evaluation.add_dataset_to_experiments(dataset_id=dataset.dataset_id, experiment_ids=[other])
    assert len(evaluation.search_datasets(experiment_ids=[other], filter_string="tags.a = 'b'")) == 1
    evaluation.remove_dataset_from_experiments(dataset_id=dataset.dataset_id, experiment_ids=[other])
    evaluation.set_dataset_tags(dataset_id=dataset.dataset_id, tags={"c": "d"})
    evaluation.delete_dataset_tag(dataset_id=dataset.dataset_id, key="a")
    assert "a" not in evaluation.get_dataset(dataset_id=dataset.dataset_id).tags
    evaluation.delete_dataset(dataset_id=dataset.dataset_id)
    refused("RESOURCE_DOES_NOT_EXIST", lambda: evaluation.get_dataset(dataset_id=dataset.dataset_id))


if __name__ == "__main__":
    for part in (given_run, logging, searching, artifacts, parts, models, autolog, traces, datasets, together):
        part()
        print(json.dumps({"passed": part.__name__}), flush=True)
    sys.exit(0)
