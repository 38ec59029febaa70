"""Writes down what a loop is to go through, as Headrace's loops read it."""
import json

from ports import Wrong, encode


def write(loop, inputs, outputs):
    """Of each item: all of it as JSON, its text, and the text of each of its fields."""
    items = inputs.parameters["items"]
    if not isinstance(items, list):
        raise Wrong("the loop goes through a list, not %s" % encode(items, "LIST")[:60])
    outputs.write_parameter("items", [values(loop, item) for item in items])


def write_places(loop, inputs, outputs):
    """Of each gathered artifact its number: the loop's tasks find it by that."""
    outputs.write_parameter("items", [values(loop, number) for number in range(len(inputs.artifacts["items"]))])


def values(loop, item):
    found = {loop: json.dumps(item, ensure_ascii=False), loop + "/": encode(item, "STRING")}
    if isinstance(item, dict):
        for key, value in item.items():
            found[loop + "/" + key] = encode(value, "STRING")
    return found
