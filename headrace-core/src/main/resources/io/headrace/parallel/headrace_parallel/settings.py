"""What the step was told: one JSON document in HEADRACE_PARALLEL, paths in the usual variables."""
import json
import os
import re


class Wrong(Exception):
    """Something that the user can mend; the message says all."""


class Settings:
    def __init__(self, document):
        self.entry_script = document["entry_script"]
        self.input_name = document["input"]
        self.as_table = document["data"] == "table"
        self.mini_batch_size = document.get("mini_batch_size", "")
        self.partition_keys = document.get("partition_keys", [])
        self.append_row_to = document.get("append_row_to", "")
        self.outputs = document["outputs"]
        self.max_retries = document.get("max_retries", 2)
        self.timeout = document.get("timeout", 60)
        self.workers = document.get("workers", 0)
        self.logging_level = document.get("logging_level", "INFO")
        self.arguments = [_word(word) for word in document.get("arguments", [])]
        self.mini_batch_error_threshold = document.get("mini_batch_error_threshold", -1)
        # These may also be given among the program's arguments, as in Azure ML.
        self.error_threshold = self._own("error_threshold", document.get("error_threshold", -1))
        self.allowed_failed_percent = self._own("allowed_failed_percent", 100)
        self.task_overhead_timeout = self._own("task_overhead_timeout", 600)
        self.progress_update_timeout = self._own("progress_update_timeout", 0)
        self.first_task_creation_timeout = self._own("first_task_creation_timeout", 0)
        self.append_row_file_name = self._own("append_row_file_name", "parallel_run_step.txt")
        self.dataframe_header = self._own("append_row_dataframe_header", "false").lower() == "true"
        self.metrics_prefix = self._own("metrics_name_prefix", "")

    @property
    def input_path(self):
        return os.environ["AZURE_ML_INPUT_" + self.input_name]

    def _own(self, name, default):
        text = _option(self.arguments, "--" + name)
        if text is None:
            return default
        if isinstance(default, str):
            return text
        try:
            return float(text) if "percent" in name or "timeout" in name else int(text)
        except ValueError:
            raise Wrong("program_arguments: --%s must be a number, not '%s'" % (name, text))


def read():
    return Settings(json.loads(os.environ["HEADRACE_PARALLEL"]))


def _word(pieces):
    """One argument: its pieces are texts, or name an input or output."""
    text = []
    for kind, value in pieces:
        if kind == "text":
            text.append(value)
        elif kind == "input":
            text.append(os.environ["AZURE_ML_INPUT_" + value])
        else:
            text.append(os.environ["AZURE_ML_OUTPUT_" + value])
    return "".join(text)


def _option(arguments, name):
    for at, word in enumerate(arguments):
        if word == name and at + 1 < len(arguments):
            return arguments[at + 1]
        if word.startswith(name + "="):
            return word[len(name) + 1 :]
    return None


_SIZE = re.compile(r"^\s*(\d+)\s*(b|kb|mb|gb|)\s*$", re.IGNORECASE)
_UNITS = {"": 1, "b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30}


def file_count(text):
    """How many files a mini batch has."""
    if not text:
        return 10
    if not text.strip().isdigit() or int(text) < 1:
        raise Wrong(
            "mini_batch_size: '%s' is not a number of files; input_data is a set of files" % text
        )
    return int(text)


def byte_size(text):
    """How many bytes of a table a mini batch has."""
    if not text:
        return 1 << 20
    match = _SIZE.match(text)
    if not match or int(match.group(1)) < 1:
        raise Wrong("mini_batch_size: '%s' is not a size; write 10kb, 1mb or 2gb" % text)
    return int(match.group(1)) * _UNITS[match.group(2).lower()]
