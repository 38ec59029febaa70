"""Runs a component's command, again when it fails and may."""
import json
import os
import shutil
import subprocess
import sys
import time

import metrics
from placeholders import Placeholders
from ports import Wrong


def executor_input(inputs, outputs, output_file):
    """What KFP calls the executor input: all that a component is told."""
    return {
        "inputs": {
            "parameterValues": inputs.parameters,
            "artifacts": {name: {"artifacts": found} for name, found in inputs.artifacts.items()},
        },
        "outputs": {
            "parameters": {name: {"outputFile": path} for name, path in outputs.parameters.items()},
            "artifacts": {name: {"artifacts": [it]} for name, it in outputs.artifacts.items()},
            "outputFile": output_file,
        },
    }


def resolve_inputs(task, told):
    """Values may name other inputs of the same task: f-strings in a pipeline's function do."""
    values = told["inputs"]["parameterValues"]
    resolver = Placeholders(task, told)
    told["inputs"]["parameterValues"] = {name: resolver.deep(value) for name, value in values.items()}


def run(command, task, inputs, outputs):
    output_file = os.path.abspath("executor_output.json")
    told = executor_input(inputs, outputs, output_file)
    resolve_inputs(task, told)
    words = Placeholders(task, told).words(command["command"] + command["args"])
    if not words:
        raise Wrong("the component has no command; Headrace does not know what its image starts")
    code = attempts(words, task.get("retry", {}), outputs, output_file)
    if code == 0:
        collect(outputs, output_file)
    return code


def attempts(words, retry, outputs, output_file):
    most = retry.get("count", 0)
    delay = retry.get("delay", 0.0)
    for number in range(most + 1):
        clear(outputs, output_file)
        code = once(words)
        if code == 0 or number == most:
            return code
        pause = min(delay, retry.get("most", delay))
        say("attempt %d of %d ended with %d; again in %g s" % (number + 1, most + 1, code, pause))
        time.sleep(pause)
        delay *= retry.get("factor", 1.0)
    return 0


def once(words):
    try:
        code = subprocess.call(words)
    except FileNotFoundError:
        raise Wrong(
            "there is no program '%s' here; the component expects its image, which is used when podman or"
            " docker answers" % words[0]
        )
    except OSError as e:
        raise Wrong("'%s' cannot be started: %s" % (words[0], e.strerror))
    return 128 - code if code < 0 else code


def clear(outputs, output_file):
    """Nothing of an earlier attempt is to be taken for this one's."""
    if os.path.exists(output_file):
        os.remove(output_file)
    for path in outputs.parameters.values():
        if os.path.exists(path):
            os.remove(path)
    for name in outputs.artifacts:
        folder = outputs.folder(name)
        for entry in os.listdir(folder):
            path = os.path.join(folder, entry)
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            else:
                os.remove(path)


def collect(outputs, output_file):
    """Takes what the component said of its outputs, or left where it was told to."""
    said = {}
    if os.path.exists(output_file):
        with open(output_file, encoding="utf-8") as file:
            said = json.load(file)
    values = said.get("parameterValues", {})
    for name, path in outputs.parameters.items():
        if name in values:
            outputs.write_parameter(name, values[name])
        elif os.path.exists(path):
            outputs.write_parameter(name, outputs.read_parameter(path, name))
        else:
            raise Wrong("the component left no value for its output '%s'" % name)
    made = said.get("artifacts", {})
    for name in outputs.artifacts:
        found = made.get(name, {}).get("artifacts") or [outputs.artifacts[name]]
        outputs.write_artifact(name, found[0])
        metrics.log(outputs.artifacts[name]["type"], found[0].get("metadata") or {})


def say(text):
    print("headrace: " + text, file=sys.stderr, flush=True)
