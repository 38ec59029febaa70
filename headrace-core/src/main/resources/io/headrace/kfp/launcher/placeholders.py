"""Replaces {{$...}} in commands, arguments and values."""
import datetime
import json
import os
import re

from ports import Wrong

_PLACEHOLDER = re.compile(r"\{\{\$(?:\.(.*?))?\}\}")
_PART = re.compile(r"\.?([A-Za-z_]+)|\[['\"]+(.*?)['\"]+\]")


class Placeholders:
    """What stands for each placeholder in one task."""

    def __init__(self, task, executor_input):
        self._input = executor_input
        now = datetime.datetime.utcnow().strftime("%Y-%m-%dT%H:%M:%SZ")
        run = os.environ.get("AZUREML_ROOT_RUN_ID", "")
        self._known = {
            "pipeline_job_name": task["pipeline"],
            "pipeline_job_resource_name": run,
            "pipeline_job_uuid": run,
            "pipeline_task_name": task["task"],
            "pipeline_task_uuid": os.environ.get("AZUREML_RUN_ID", ""),
            "pipeline_root": os.path.dirname(executor_input["outputs"]["outputFile"]),
            "pipeline_job_create_time_utc": now,
            "pipeline_job_schedule_time_utc": now,
            "outputs.output_file": executor_input["outputs"]["outputFile"],
            "outputMetadataUri": executor_input["outputs"]["outputFile"],
        }

    def text(self, text):
        """Each placeholder is replaced once; what comes in is not looked at again."""
        return _PLACEHOLDER.sub(lambda match: self._one(match.group(1), match.group(0)), text)

    def deep(self, value):
        """The same in every text of a structure."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.deep(item) for item in value]
        if isinstance(value, dict):
            return {self.text(key): self.deep(item) for key, item in value.items()}
        return value

    def _one(self, path, whole):
        if path is None:
            return json.dumps(self._input)
        if path in self._known:
            return self._known[path]
        parts = [plain or key for plain, key in _PART.findall(path)]
        if len(parts) < 3 or parts[0] not in ("inputs", "outputs"):
            raise Wrong("the placeholder %s is not known" % whole)
        side = self._input[parts[0]]
        if parts[1] == "parameters" and parts[0] == "inputs":
            return _as_text(side["parameterValues"].get(parts[2]))
        if parts[1] == "parameters" and parts[2] in side["parameters"]:
            return side["parameters"][parts[2]]["outputFile"]
        if parts[1] == "artifacts" and parts[2] in side["artifacts"]:
            return self._artifact(side["artifacts"][parts[2]]["artifacts"], parts[3:])
        if parts[1] == "artifacts" and parts[0] == "inputs":
            return "null"
        raise Wrong("the placeholder %s names nothing of this task" % whole)

    @staticmethod
    def _artifact(artifacts, fields):
        if not fields:
            return json.dumps(artifacts)
        first = artifacts[0]
        if fields[0] in ("uri", "path"):
            return first["uri"]
        if fields[0] == "metadata":
            value = first["metadata"]
            return _as_text(value.get(fields[1]) if len(fields) > 1 else value)
        return _as_text(first.get(fields[0]))

    def words(self, templates):
        """A command: structures (Concat, IfPresent) become words, and placeholders are replaced."""
        return [self.text(word) for template in templates for word in self._struct(template)]

    def _struct(self, template):
        if not template.startswith(('{"Concat": ', '{"IfPresent": ')):
            return [template]
        try:
            return self._expand(json.loads(template))
        except ValueError:
            return [template]

    def _expand(self, node):
        if isinstance(node, str):
            return [node]
        if isinstance(node, list):
            return [word for item in node for word in self._expand(item)]
        if "Concat" in node:
            return ["".join(word for item in node["Concat"] for word in self._expand(item))]
        chosen = node["IfPresent"]
        inputs = self._input["inputs"]
        name = chosen["InputName"]
        there = inputs["parameterValues"].get(name) is not None or name in inputs["artifacts"]
        branch = chosen["Then"] if there else chosen.get("Else")
        return [] if branch is None else self._expand(branch)


def _as_text(value):
    return value if isinstance(value, str) else json.dumps(value)
