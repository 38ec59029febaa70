"""The registry's calls, sent to MLflow's own server and to ours, as differential.py does it for the rest.

What differs on purpose is in docs/decisions/0044: a user's mistake that MLflow answers with 500, a
value of a tag that is no text, SQL in a message, and texts that are no filter.
"""

import random
import re
import sys

import differential

differential.TIMES |= {"creation_timestamp", "last_updated_timestamp", "webhook_id", "model_id"}

MODELS = "/registered-models/"
VERSIONS = "/model-versions/"
# What MLflow says of SQL, and of a setting that is not ours.
NOT_SAID = re.compile(r" Error: \(.*| Set the MLFLOW_ALLOWED_HOST_ADDRESSED.*", re.DOTALL)
NAMES = ("m", "a b", "ünï", "x.y", "", "  ", "a/b", "a:b", ".", "..", "..x", "q'uote", "pct%20", 5, None, ["x"], {"a": 1}, True, 1.5)
PROMPT = {"key": "mlflow.prompt.is_prompt", "value": "true"}


class Side(differential.Side):
    def text(self, value, key):
        return super().text(NOT_SAID.sub("", value) if key == "message" else value, key)


def patch(s, path, body):
    return s.call("PATCH", "/api/2.0/mlflow" + path, body)


def delete(s, path, body):
    return s.call("DELETE", "/api/2.0/mlflow" + path, body)


def models(s):
    for name in NAMES:
        s.post(MODELS + "create", {} if name is None else {"name": name})
        s.post(MODELS + "create", {"name": name, "description": "d", "tags": [{"key": "k", "value": "v"}]})
        if isinstance(name, str):
            s.get(MODELS + "get", name=name)
            s.get(MODELS + "get-latest-versions", name=name)
        patch(s, MODELS + "update", {"name": name, "description": "new"})
        s.post(MODELS + "set-tag", {"name": name, "key": "a", "value": "b"})
    for name, new in (("m", "m3"), ("m3", "m"), ("m", "a/b"), ("m", ""), ("m", " "), ("nobody", "x"), ("m", "m"), ("", "x"), ("m", 5)):
        s.post(MODELS + "rename", {"name": name, "new_name": new})
    for tag in ({"key": ""}, {"key": "a,b", "value": "x"}, {"key": "a/../b"}, {"key": "k" * 251}, {"key": "k" * 250}, {"key": "ok", "value": "v" * 100001}, {"value": "x"}, {"key": "/a"}, {"key": "é", "value": "ü"}):
        s.post(MODELS + "create", {"name": f"tag {len(str(tag))}", "tags": [tag]})
        s.post(MODELS + "set-tag", {**tag, "name": "m"})
        delete(s, MODELS + "delete-tag", {"name": "m", **{k: v for k, v in tag.items() if k == "key"}})
        s.post(VERSIONS + "create", {"name": "m", "source": "s3://b/a", "tags": [tag]})
        s.post(VERSIONS + "set-tag", {**tag, "name": "m", "version": "1"})
    delete(s, MODELS + "delete", {"name": "a b"})
    delete(s, MODELS + "delete", {"name": "a b"})
    delete(s, MODELS + "delete", {})


def sources(s):
    s.post(MODELS + "create", {"name": "src"})
    for source in (
        "s3://b/a", "s3://b", "/tmp/x", "relative/x", "file:///tmp/x", "http://h/x", "ftp://h/x", "dbfs:/x",
        "mlflow-artifacts:/0/x", "mlflow-artifacts://h/x", "mlflow-artifacts:/../x", "s3://b/../x", "s3://b/%2e%2e/x",
        "s3://b/a/./c", "runs:/abc/model", "runs:/", "runs://x/abc/m", "models:/src/1", "models:/src/latest", "models:/src@none",
        "models:/nobody/1", "models:/src/999", "models:/m-123", "models:/", "models:/a/b/c", "models://h/m/1", "", "gs://b/x?y=1",
        "s3://b//x", "s3://b/x/", "databricks", "dummy-source", "unknownscheme:x", "S3://B/x", "s3:///x", 5,
    ):
        for more in ({}, {"run_id": "abc"}):
            s.post(VERSIONS + "create", {"name": "src", "source": source, **more})
    for body in ({"name": "nobody", "source": "s3://b/a"}, {"name": "src"}, {"source": "s3://b/a"}, {"name": "a/b", "source": "s3://b/a"},
                 {"name": "src", "source": "s3://b/a", "run_link": "http://x", "description": "d", "run_id": "0" * 32}):
        s.post(VERSIONS + "create", body)


def versions(s):
    s.post(MODELS + "create", {"name": "v"})
    for _ in range(3):
        s.post(VERSIONS + "create", {"name": "v", "source": "s3://b/a"})
    for version in ("1", "2", "0", "-1", "99", " 1 ", "+1", "1.0", "abc", "", 1, None, "v1"):
        given = {"name": "v"} if version is None else {"name": "v", "version": version}
        s.get(VERSIONS + "get", **given)
        s.get(VERSIONS + "get-download-uri", **given)
        for more in ({}, {"description": "x"}, {"description": ""}):
            patch(s, VERSIONS + "update", {**given, **more})
        s.post(VERSIONS + "set-tag", {**given, "key": "z", "value": "1"})
        s.post(VERSIONS + "transition-stage", {**given, "stage": "Staging"})
        s.post(MODELS + "alias", {**given, "alias": "champ"})
        delete(s, VERSIONS + "delete-tag", {**given, "key": "nope"})
    for stage in ("None", "STAGING", "production", "Archived", "bogus", "", 5):
        for archive in (False, True):
            s.post(VERSIONS + "transition-stage", {"name": "v", "version": "1", "stage": stage, "archive_existing_versions": archive})
        s.post(MODELS + "get-latest-versions", {"name": "v", "stages": [stage]})
    for alias in ("a", "A-b_c", "é", "a b", "a.b", "", "latest", "LATEST", "v1", "V12", "v1x", "x" * 255, "x" * 256, 5, None, "a/b"):
        s.post(MODELS + "alias", {"name": "v", "alias": alias, "version": "1"})
        if isinstance(alias, str):
            s.get(MODELS + "alias", name="v", alias=alias)
        delete(s, MODELS + "alias", {"name": "v", "alias": alias})
    delete(s, VERSIONS + "delete", {"name": "v", "version": "2"})
    delete(s, VERSIONS + "delete", {"name": "v", "version": "2"})
    s.post(VERSIONS + "create", {"name": "v", "source": "s3://b/last"})
    s.get(MODELS + "get", name="v")


def prompts(s):
    s.post(MODELS + "create", {"name": "p", "tags": [PROMPT]})
    for body in ({"name": "p", "tags": [PROMPT]}, {"name": "p"}, {"name": "m", "tags": [PROMPT]}):
        s.post(MODELS + "create", body)
    text = {"key": "mlflow.prompt.text", "value": "Hi {{x}}"}
    for body in ({"source": "dummy-source", "tags": [PROMPT, text]}, {"source": "s3://x/y", "tags": [PROMPT]}, {"source": "dummy-source"},
                 {"source": "dummy-source", "tags": [PROMPT, {**text, "value": "x" * 100001}]}):
        s.post(VERSIONS + "create", {"name": "p", **body})
    s.post(VERSIONS + "create", {"name": "src", "source": "models:/p/1"})


def searches(s):
    for i, name in enumerate(("alpha", "Alpha", "beta_1", "b%ta", "gam'ma", "dé", "x.y")):
        s.post(MODELS + "create", {"name": "s " + name, "tags": [{"key": "k", "value": "aA%"[i % 3]}]})
        for version in range(i % 4):
            s.post(VERSIONS + "create", {"name": "s " + name, "source": f"s3://b/{'pPq'[i % 3]}/{version}", "run_id": ("r1", "R1")[i % 2], "tags": [{"key": "t", "value": "xX"[i % 2]}]})
    filters = (
        "", "name = 's alpha'", "name != 's alpha'", "name LIKE '%alpha'", "name ilike '%ALPHA'", "name IN ('s alpha','x')", "name NOT IN ('s alpha')",
        "name IN ()", "name IN ('a', 1)", "name > 'a'", "tags.k = 'a'", "tags.k != 'a'", "tag.k ILIKE 'a'", "tags.`k` = 'a'", "tags.\"k\" = 'a'", "tags.k > 'a'",
        "tags.k IN ('a')", "tags.k = a", "tags.k = 5", "attribute.name = 'x'", "foo = 'x'", "metrics.x = 1", "name = alpha", "name = 5", "name", "name =",
        "name = 'a' OR name = 'b'", "name = 'it''s'", "name = 'x", "   ", "tags.`mlflow.prompt.is_prompt` = 'true'", "tags.`mlflow.prompt.is_prompt` != 'true'",
        "tags.`mlflow.prompt.is_prompt` != 'false'", "name LIKE '%_1'", "name RLIKE 'a'", "name = 'a'; drop table x", "name == 'a'", "name <> 'a'",
    )
    of_versions = (
        "run_id = 'r1'", "run_id IN ('r1','R1')", "run_id NOT IN ('r1')", "run_id LIKE 'r%'", "source_path LIKE 's3://b/p%'", "source_path ILIKE 's3://B/P%'",
        "source_path IN ('x')", "version_number = 1", "version_number >= 2 AND version_number < 9", "version_number = '1'", "version_number = 'abc'",
        "version_number = 1.5", "version_number LIKE '1'", "creation_timestamp > 5", "version = 1", "user_id = 'x'",
    )
    for path, asked in ((MODELS, filters), (VERSIONS, filters + of_versions)):
        for filter in asked:
            s.get(path + "search", filter=filter, order_by="name", max_results=900)
            s.get(path + "search", filter="name LIKE 's %' AND " + filter, order_by="name")
        for order in ("name", "name DESC", "foo", "name foo", "name asc desc", "name,version_number", "", " name", "version_number DESC", "creation_timestamp", "tags.k", "1"):
            s.get(path + "search", filter="name LIKE 's %'", order_by=[order, "name" if path == VERSIONS and order.startswith("version") else "last_updated_timestamp"])
        for most in (0, 1, 1000, 1001, 200001, "abc"):
            s.get(path + "search", filter="name = 's alpha'", max_results=most)


def webhooks(s):
    event = {"entity": "REGISTERED_MODEL", "action": "CREATED"}
    for body in ({}, {"name": "w"}, {"name": "w", "url": "https://x"}, {"name": "w", "url": "ftp://h/x", "events": [event]}, {"name": "-x", "url": "https://x", "events": [event]},
                 {"name": "x" * 64, "url": "https://x", "events": [event]}, {"name": "w", "url": "  ", "events": [event]}, {"name": "w", "url": "https:///x", "events": [event]},
                 {"name": "w", "url": "https://127.0.0.1/x", "events": [event]}, {"name": "w", "url": "https://x", "events": [{**event, "action": "SET"}]}, {"name": "w", "url": "https://x", "events": "x"}):
        s.post("/webhooks", body)
    s.get("/webhooks")
    s.call("GET", "/api/2.0/mlflow/webhooks/nobody")
    delete(s, "/webhooks/nobody", None)
    s.post("/webhooks/nobody/test", {})


def at_random(s):
    """The same few hundred calls on each side."""
    dice = random.Random(7)
    name = lambda: "r " + dice.choice("abc")
    version = lambda: dice.choice("1234")
    stages = ("Staging", "production", "Archived", "None")
    for _ in range(400):
        match dice.randrange(11):
            case 0:
                s.post(MODELS + "create", {"name": name(), "tags": [PROMPT] if dice.random() < 0.2 else []})
            case 1 | 2:
                source = dice.choice(("s3://b/x", f"models:/{name()}/{version()}", f"models:/{name()}@al", "dummy-source"))
                s.post(VERSIONS + "create", {"name": name(), "source": source})
            case 3:
                s.post(MODELS + "alias", {"name": name(), "alias": "al", "version": version()})
            case 4:
                delete(s, MODELS + "alias", {"name": name(), "alias": "al"})
            case 5:
                s.get(MODELS + "alias", name=name(), alias=dice.choice(("al", "latest")))
            case 6:
                s.post(VERSIONS + "transition-stage", {"name": name(), "version": version(), "stage": dice.choice(stages[:2]), "archive_existing_versions": dice.random() < 0.4})
            case 7:
                delete(s, VERSIONS + "delete", {"name": name(), "version": version()})
            case 8:
                s.post(MODELS + "rename", {"name": name(), "new_name": "r d"})
                s.post(MODELS + "rename", {"name": "r d", "new_name": name()})
            case 9:
                patch(s, VERSIONS + "update", {"name": name(), "version": version(), "description": "x"})
            case 10:
                s.get(MODELS + "get", name=name())


differential.Side = Side
differential.SCENARIOS = [models, sources, versions, prompts, searches, webhooks, at_random]

if __name__ == "__main__":
    sys.exit(differential.main(sys.argv[1:]))
