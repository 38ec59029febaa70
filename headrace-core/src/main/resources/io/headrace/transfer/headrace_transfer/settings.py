"""What the step was told: one JSON document in HEADRACE_TRANSFER, paths in the usual variables."""
import json
import os


class Wrong(Exception):
    """Something that the user can mend; the message says all."""


def read():
    return _value(json.loads(os.environ["HEADRACE_TRANSFER"]))


def _value(node):
    """A text is a list of pieces; a list of texts, a list of those; an object stays one."""
    if isinstance(node, dict):
        return {key: _value(value) for key, value in node.items()}
    if node and isinstance(node[0], list) and node[0] and isinstance(node[0][0], str):
        return "".join(_piece(kind, value) for kind, value in node)
    return [_value(it) for it in node]


def _piece(kind, value):
    if kind == "text":
        return value
    if kind == "variable":
        return os.environ[value]
    return os.environ["AZURE_ML_%s_%s" % (kind.upper(), value)]


def secret(reference):
    """What env:NAME, file:PATH or secrets:PATH holds; only here, and never printed."""
    kind, _, name = reference.partition(":")
    if kind == "env":
        if name not in os.environ:
            raise Wrong("the variable %s, which should hold the connection's password, is not set" % name)
        return os.environ[name]
    try:
        rights = os.stat(name).st_mode & 0o777
        if rights & 0o077:
            raise Wrong("%s can be read by others (mode %o): chmod 600 it" % (name, rights))
        with open(name, encoding="utf-8") as file:
            text = file.read()
        if kind == "secrets":
            return json.loads(text).get("credentials", {}).get("password")
        return text.rstrip("\r\n")
    except OSError as e:
        raise Wrong("the connection's password cannot be read: %s" % e)
