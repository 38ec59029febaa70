"""Makes an artifact of what is there already."""
import os
import shutil

import runner
from placeholders import Placeholders
from ports import Wrong

ELSEWHERE = "://"


def run(what, task, inputs, outputs):
    told = runner.executor_input(inputs, outputs, os.path.abspath("executor_output.json"))
    runner.resolve_inputs(task, told)
    values = Placeholders(task, told)
    uri = values.text(what["uri"]) if "uri" in what else told["inputs"]["parameterValues"].get("uri")
    if not uri:
        raise Wrong("the importer has no address of an artifact")
    made = {"uri": uri, "metadata": values.deep(what.get("metadata", {}))}
    given = inputs.artifacts.get("headrace-data")
    path = given[0]["uri"] if given else local(uri)
    if path:
        made["uri"] = copy(path, outputs)
    outputs.write_artifact("artifact", made)


def local(uri):
    """The path of something on this machine."""
    if uri.startswith("file://"):
        uri = uri[len("file://"):]
    if ELSEWHERE in uri:
        return None
    if not os.path.exists(uri):
        raise Wrong("there is nothing at %s to import" % uri)
    return uri


def copy(path, outputs):
    target = outputs.artifacts["artifact"]["uri"]
    target = os.path.join(os.path.dirname(target), os.path.basename(path.rstrip("/")) or "artifact")
    if os.path.isdir(path):
        shutil.copytree(path, target)
    else:
        shutil.copyfile(path, target)
    return target
