"""What the step was told: one JSON document in HEADRACE_SPARK, paths in the usual variables."""
import json
import os


class Wrong(Exception):
    """Something that the user can mend; the message says all."""


class Settings:
    def __init__(self, document):
        self.version = _text(document["version"])
        self.entry_file = _text(document["entry"].get("file", []))
        self.class_name = _text(document["entry"].get("class_name", []))
        self.py_files = [_text(it) for it in document["py_files"]]
        self.jars = [_text(it) for it in document["jars"]]
        self.files = [_text(it) for it in document["files"]]
        self.archives = [_text(it) for it in document["archives"]]
        self.conf = {key: _text(value) for key, value in document["conf"].items()}
        self.args = [_text(it) for it in document["args"]]
        self.direct_outputs = [
            os.environ["AZURE_ML_OUTPUT_" + _text(it)] for it in document["direct"]
        ]


def read():
    return Settings(json.loads(os.environ["HEADRACE_SPARK"]))


def _text(pieces):
    """A text: its pieces are texts, or name an input, an output or a variable."""
    text = []
    for kind, value in pieces:
        if kind == "text":
            text.append(value)
        elif kind == "variable":
            text.append(os.environ[value])
        else:
            text.append(os.environ["AZURE_ML_%s_%s" % (kind.upper(), value)])
    return "".join(text)
