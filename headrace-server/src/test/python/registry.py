"""The model registry as MLflow's own client sees it, against the server at MLFLOW_TRACKING_URI.

Exits with an error at the first thing that is not as MLflow's server would have it.
"""

import json
import os
import sys
import tempfile

import mlflow
import numpy as np
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from sklearn.linear_model import LinearRegression

client = MlflowClient()
X = np.arange(20.0).reshape(10, 2)
Y = X[:, 0] * 2


def refused(code, text, call):
    try:
        call()
    except MlflowException as e:
        assert e.error_code == code, e
        assert text in e.message, e.message
        return
    raise AssertionError(f"expected {code}")


def registered_while_logging():
    mlflow.set_experiment("registry")
    for factor in (1, 2):
        with mlflow.start_run() as run:
            model = LinearRegression().fit(X, Y * factor)
            info = mlflow.sklearn.log_model(
                model, name="model", registered_model_name="price", input_example=X[:2]
            )
        assert int(info.registered_model_version) == factor
    version = client.get_model_version("price", "2")
    assert version.run_id == run.info.run_id and version.status == "READY"
    assert version.version == "2" and version.current_stage == "None"
    logged = client.get_logged_model(info.model_id)
    noted = json.loads(logged.tags["mlflow.modelVersions"])  # by the server, and by the client
    assert {(v["name"], int(v["version"])) for v in noted} == {("price", 2)}

    client.set_registered_model_alias("price", "champion", "1")
    for uri, factor in (
        ("models:/price@champion", 1),
        ("models:/price/1", 1),
        ("models:/price/2", 2),
        ("models:/price/latest", 2),
    ):
        assert np.allclose(mlflow.sklearn.load_model(uri).predict(X), Y * factor), uri
        assert np.allclose(mlflow.pyfunc.load_model(uri).predict(X), Y * factor), uri
    client.set_registered_model_alias("price", "champion", "2")
    assert client.get_model_version_by_alias("price", "champion").version == "2"
    assert client.get_registered_model("price").aliases == {"champion": "2"}
    assert client.get_model_version("price", 2).aliases == ["champion"]

    registered = mlflow.register_model(f"runs:/{run.info.run_id}/model", "other")
    assert registered.version == "1"
    assert np.allclose(mlflow.pyfunc.load_model("models:/other/1").predict(X), Y * 2)
    copy = client.copy_model_version("models:/price@champion", "copied")
    assert copy.version == "1" and copy.run_id == run.info.run_id
    assert copy.source == "models:/price/2"
    assert np.allclose(mlflow.pyfunc.load_model("models:/copied/1").predict(X), Y * 2)


def swapped_after_registration():
    """What is registered does not change, whoever may write to the run."""
    with mlflow.start_run() as run, tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "weights.txt")
        with open(path, "w") as file:
            file.write("approved")
        mlflow.log_artifact(path, "weights")
        source = run.info.artifact_uri + "/weights"
        client.create_registered_model("weights")
        version = client.create_model_version("weights", source, run.info.run_id)
        assert client.get_model_version_download_uri("weights", version.version) == source
        with open(path, "w") as file:
            file.write("swapped")
        mlflow.log_artifact(path, "weights")
    assert mlflow.artifacts.load_text(source + "/weights.txt") == "swapped"
    uri = client.get_model_version_download_uri("weights", version.version)
    assert mlflow.artifacts.load_text(uri + "/weights.txt") == "approved"
    assert mlflow.artifacts.load_text("models:/weights/1/weights.txt") == "approved"


def described():
    model = client.create_registered_model("described", {"a": "1"}, "what it is")
    assert (model.tags, model.description) == ({"a": "1"}, "what it is")
    refused(
        "RESOURCE_ALREADY_EXISTS",
        "Registered Model (name=described) already exists.",
        lambda: client.create_registered_model("described"),
    )
    refused(
        "INVALID_PARAMETER_VALUE",
        "Names cannot contain '/' or ':'.",
        lambda: client.create_registered_model("a/b"),
    )
    for i in range(3):
        client.create_model_version("described", f"s3://bucket/{i}", tags={"t": str(i)})
    client.update_model_version("described", "1", "first")
    client.set_model_version_tag("described", "1", "k", "v")
    client.delete_model_version_tag("described", "1", "t")
    version = client.get_model_version("described", "1")
    assert (version.description, version.tags, version.source) == (
        "first",
        {"k": "v"},
        "s3://bucket/0",
    )
    client.transition_model_version_stage("described", "1", "production")
    client.transition_model_version_stage("described", "2", "Production", True)
    stages = {v.version: v.current_stage for v in client.search_model_versions("name='described'")}
    assert stages == {"1": "Archived", "2": "Production", "3": "None"}
    latest = {v.current_stage: v.version for v in client.get_latest_versions("described")}
    assert latest == {"Archived": "1", "Production": "2", "None": "3"}
    client.delete_model_version("described", "3")
    assert client.create_model_version("described", "s3://bucket/4").version == "4"
    refused("RESOURCE_DOES_NOT_EXIST", "not found", lambda: client.get_model_version("described", 3))
    client.rename_registered_model("described", "renamed")
    assert client.get_model_version("renamed", "1").name == "renamed"
    refused("RESOURCE_DOES_NOT_EXIST", "not found", lambda: client.get_registered_model("described"))
    client.delete_registered_model("renamed")
    assert client.search_model_versions("name='renamed'") == []


def searched():
    for i in range(12):
        client.create_registered_model(f"page {i:02}", {"half": "low" if i < 6 else "high"})
    found, token = [], None
    while True:
        page = client.search_registered_models(
            "name LIKE 'page%'", 5, ["name DESC"], page_token=token
        )
        found += [m.name for m in page]
        if not token:
            client.create_registered_model("page 99")  # neither shown twice nor hiding one
        token = page.token
        if not token:
            break
    assert found == [f"page {i:02}" for i in range(11, -1, -1)], found
    low = client.search_registered_models("name ILIKE 'PAGE%' AND tags.half = 'low'")
    assert len(low) == 6
    refused(
        "INVALID_PARAMETER_VALUE",
        "Invalid attribute key 'stage' specified",
        lambda: client.search_registered_models("stage = 'x'"),
    )


def prompts():
    first = mlflow.genai.register_prompt("greet", "Hello {{name}}", commit_message="one")
    second = mlflow.genai.register_prompt("greet", "Hi {{name}}", tags={"tone": "short"})
    assert (first.version, second.version) == (1, 2)
    assert mlflow.genai.load_prompt("prompts:/greet/1").format(name="Ada") == "Hello Ada"
    mlflow.genai.set_prompt_alias("greet", "live", 2)
    live = mlflow.genai.load_prompt("prompts:/greet@live")
    assert (live.template, live.tags["tone"]) == ("Hi {{name}}", "short")
    mlflow.genai.register_prompt("chat", [{"role": "user", "content": "{{question}}"}])
    assert [p.name for p in mlflow.genai.search_prompts()] == ["chat", "greet"]
    assert [p.name for p in mlflow.genai.search_prompts("name = 'greet'")] == ["greet"]
    assert "greet" not in [m.name for m in client.search_registered_models()]
    assert "greet" not in [v.name for v in client.search_model_versions()]
    assert len(client.search_prompt_versions("greet")) == 2
    refused(
        "RESOURCE_ALREADY_EXISTS",
        "already taken by a prompt",
        lambda: client.create_registered_model("greet"),
    )
    mlflow.genai.delete_prompt_alias("greet", "live")
    client.delete_prompt_version("greet", "1")
    assert mlflow.genai.load_prompt("greet", version=1, allow_missing=True) is None


def webhooks():
    refused(
        "INVALID_PARAMETER_VALUE",
        "Invalid webhook URL scheme: 'http'. Allowed schemes are: https.",
        lambda: client.create_webhook("w", "http://example.com", ["registered_model.created"]),
    )
    refused(
        "INVALID_PARAMETER_VALUE",
        "must not resolve to a non-public IP address",
        lambda: client.create_webhook("w", "https://127.0.0.1/x", ["registered_model.created"]),
    )
    assert list(client.list_webhooks()) == []


PARTS = (
    registered_while_logging,
    swapped_after_registration,
    described,
    searched,
    prompts,
    webhooks,
)

if __name__ == "__main__":
    for part in PARTS:
        part()
        print(json.dumps({"passed": part.__name__}), flush=True)
    sys.exit(0)
