"""What goes into a task and comes out of it."""
import json
import os

METADATA = "artifact.json"


class Wrong(Exception):
    """Something that the pipeline's author can mend."""


def decode(text, kind):
    """The value of a parameter's text. Strings are taken as they are, all else is JSON."""
    if kind == "STRING":
        return text
    if kind == "BOOLEAN" and text.strip().lower() in ("true", "false"):
        return text.strip().lower() == "true"
    try:
        return json.loads(text)
    except ValueError:
        raise Wrong("'%s' is not a value of type %s" % (text[:60], kind))


def encode(value, kind):
    """The inverse of decode."""
    if kind == "STRING" and isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def select(value, keys):
    """A part of a structured value: parseJson(string_value)["key"]."""
    for key in keys:
        if isinstance(value, str):
            value = decode(value, "STRUCT")
        if not isinstance(value, dict) or key not in value:
            raise Wrong("there is no '%s' in %s" % (key, json.dumps(value)[:60]))
        value = value[key]
    return value


def typed(value, kind):
    """A value as its component declares it; JSON knows one kind of number only, and loops only text."""
    if kind == "ANY":
        return value
    if kind == "STRING" and value is not None and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if kind != "STRING" and isinstance(value, str):
        value = decode(value, kind)
    if kind == "NUMBER_INTEGER" and isinstance(value, float) and value.is_integer():
        return int(value)
    if kind == "NUMBER_DOUBLE" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


class Inputs:
    """The values of parameters and the artifacts, as the executor input tells them."""

    def __init__(self, declared, given):
        self.parameters = {}
        self.artifacts = {}
        for port, text in zip(declared, given):
            name = port["name"]
            if port["kind"] == "literal":
                value = select(decode(text, port["from"]), port.get("select", []))
                self.parameters[name] = typed(value, port["type"])
            elif port["kind"] == "status":
                self.parameters[name] = final_status(text, port["task"])
            elif not text:
                continue  # what was to make it did not, and the component can do without
            elif port["kind"] == "artifact":
                path = self._entry(text, port)
                self.artifacts[name] = gathered(path, port.get("depth", 0), lambda it: artifact(it, port))
                if port.get("depth", 0) == 0:
                    self.artifacts[name] = [self.artifacts[name]]
            else:
                value = gathered(text, port.get("depth", 0), lambda it: decode(read(alone(it)), port["from"]))
                self.parameters[name] = typed(select(value, port.get("select", [])), port["type"])

    def _entry(self, path, port):
        """Of what loops have gathered, the one that this item of another loop stands for."""
        for name in port.get("at", []):
            path = os.path.join(path, str(self.parameters.pop(name)))
        return path


def gathered(path, depth, one):
    """What the iterations of a loop made: a folder with an entry for each; deeper for loops in loops."""
    if depth == 0:
        return one(path)
    entries = sorted((it for it in os.listdir(path) if it.isdigit()), key=int)
    return [gathered(os.path.join(path, it), depth - 1, one) for it in entries]


def alone(path):
    """The file itself, or the only file of a loop's entry."""
    return os.path.join(path, os.listdir(path)[0]) if os.path.isdir(path) else path


def final_status(text, task):
    """How an earlier task ended, as a component finds it in a PipelineTaskFinalStatus."""
    state, _, failed = text.partition(" ")
    status = {
        "state": state,
        "pipelineJobResourceName": os.environ.get("AZUREML_ROOT_RUN_ID", ""),
        "pipelineTaskName": task,
    }
    if state != "SUCCEEDED":
        status["error"] = {"code": 9, "message": "failed: " + failed if failed else state.lower()}
    return status


def artifact(path, port):
    """An artifact as another task left it, or a plain file or folder when it comes from outside."""
    if port.get("raw"):
        return {"name": port["name"], "type": port["type"], "uri": path, "metadata": {}}
    kept = json.loads(read(os.path.join(path, METADATA)))
    uri = kept["uri"] if "uri" in kept else os.path.join(path, kept["path"])
    return {
        "name": kept.get("name", port["name"]),
        "type": kept.get("type", port["type"]),
        "uri": uri,
        "metadata": kept.get("metadata", {}),
    }


class Outputs:
    """Where outputs go: parameters to files, artifacts into folders."""

    def __init__(self, declared, paths):
        self.parameters = {}
        self.artifacts = {}
        self._types = {}
        for port, path in zip(declared, paths):
            name = port["name"]
            if port["kind"] == "artifact":
                # A component may add an ending of its own: what lies beside counts, too.
                self.artifacts[name] = {
                    "name": name,
                    "type": port["type"],
                    "uri": os.path.join(path, name),
                    "metadata": {},
                }
            else:
                self.parameters[name] = path
                self._types[name] = port["type"]

    def folder(self, name):
        return os.path.dirname(self.artifacts[name]["uri"])

    def write_parameter(self, name, value):
        with open(self.parameters[name], "w", encoding="utf-8", newline="") as file:
            file.write(encode(typed(value, self._types[name]), self._types[name]))

    def read_parameter(self, path, name):
        return decode(read(path), self._types[name])

    def write_artifact(self, name, made):
        """Keeps what is known of an artifact; a path within its folder moves along with the folder."""
        folder = self.folder(name)
        uri = made.get("uri") or self.artifacts[name]["uri"]
        kept = {"name": made.get("name") or name, "type": self.artifacts[name]["type"]}
        if os.path.abspath(uri).startswith(os.path.abspath(folder) + os.sep):
            kept["path"] = os.path.relpath(uri, folder)
        else:
            kept["uri"] = uri
        kept["metadata"] = made.get("metadata") or {}
        with open(os.path.join(folder, METADATA), "w", encoding="utf-8") as file:
            json.dump(kept, file, ensure_ascii=False, indent=2, sort_keys=True)
