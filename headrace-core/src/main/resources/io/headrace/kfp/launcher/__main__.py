"""Runs one task of a compiled Kubeflow pipeline.

The task stands in two variables: HEADRACE_KFP_COMMAND, what to run, and HEADRACE_KFP_PORTS, what goes in and
comes out. The arguments are the inputs (values of literals, paths of files) and then the paths of the outputs, in
the order of the ports.

A parameter is a file: the text itself when it is a string, else JSON. An artifact is a folder: artifact.json
beside what the component wrote. Only the standard library is used, of Python 3.7.
"""
import json
import os
import sys

import importer
import loops
import ports
import runner


def main(arguments):
    command = json.loads(os.environ.pop("HEADRACE_KFP_COMMAND"))
    task = json.loads(os.environ.pop("HEADRACE_KFP_PORTS"))
    inputs = ports.Inputs(task["inputs"], arguments[: len(task["inputs"])])
    outputs = ports.Outputs(task["outputs"], arguments[len(task["inputs"]):])
    if "items" in command:
        loops.write(command["items"], inputs, outputs)
    elif "places" in command:
        loops.write_places(command["places"], inputs, outputs)
    elif "value" in command:
        outputs.write_parameter("value", inputs.parameters["value"])
    elif "importer" in command:
        importer.run(command["importer"], task, inputs, outputs)
    else:
        return runner.run(command, task, inputs, outputs)
    return 0


if __name__ == "__main__":
    try:
        code = main(sys.argv[1:])
    except ports.Wrong as e:
        print("headrace: %s" % e, file=sys.stderr)
        code = 1
    sys.exit(code)
