"""Cuts the input into mini batches, in the same order each time."""
import os
import pickle
import re

from headrace_parallel import settings as told
from headrace_parallel.settings import Wrong


class Batch:
    """Something to hand to run().

    payload: what the worker is sent; JSON
    body: path of a file whose bytes go with it, or empty
    items: how many, or -1 while nobody has looked
    """

    def __init__(self, index, payload, items, body=""):
        self.index = index
        self.payload = payload
        self.items = items
        self.body = body
        self.tries = 0

    def describe(self):
        files = self.payload.get("files")
        if files:
            return ", ".join(files[:3]) + (" and %d more" % (len(files) - 3) if files[3:] else "")
        if self.payload.get("partition"):
            return str(self.payload["partition"])
        if "slice" in self.payload:
            return str(self.payload["slice"]["name"])
        return ""


def of(settings, table, scratch):
    """All mini batches. table: the input's definition when it has one."""
    if settings.as_table and table is not None and table.is_tabular:
        return _of_table(settings, table, scratch)
    files = table.names if table is not None else _files(settings.input_path)
    if settings.partition_keys:
        return _by_folder(settings.partition_keys, files, table)
    count = told.file_count(settings.mini_batch_size)
    return [
        Batch(at // count, {"files": files[at : at + count]}, len(files[at : at + count]))
        for at in range(0, len(files), count)
    ]


def _files(root):
    """Names relative to the input, sorted; the empty name when it is itself a file."""
    if os.path.isfile(root):
        return [""]
    names = []
    for folder, _, files in os.walk(root):
        inside = os.path.relpath(folder, root)
        names.extend(name if inside == "." else inside + "/" + name for name in files)
    names.sort()
    return names


def _by_folder(keys, files, table):
    groups = {}
    for name in files:
        values = dict(_FOLDER.findall(name))
        if table is not None:
            values.update((k, str(v)) for k, v in table.partition_values(name).items())
        missing = [key for key in keys if key not in values]
        if missing:
            raise Wrong(
                "partition_keys: '%s' says no value for %s; its path needs a folder %s=VALUE, or "
                "its MLTable a partition format" % (name, ", ".join(missing), missing[0])
            )
        groups.setdefault(tuple(values[key] for key in keys), []).append(name)
    return [
        Batch(index, {"files": groups[key], "partition": dict(zip(keys, key))}, len(groups[key]))
        for index, key in enumerate(sorted(groups))
    ]


_FOLDER = re.compile(r"(?:^|/)([^/=]+)=([^/]*)(?=/)")


def _of_table(settings, table, scratch):
    size = told.byte_size(settings.mini_batch_size)
    if settings.partition_keys:
        return _by_key(settings.partition_keys, table, size, scratch)
    if table.is_order_free:
        return [Batch(i, {"slice": it}, -1) for i, it in enumerate(table.slices(size))]
    batches = []
    for frame in table.frames(size):
        path = os.path.join(scratch, "%08d" % len(batches))
        frame.to_pickle(path, compression=None)
        batches.append(Batch(len(batches), {"frame": True}, len(frame), path))
    return batches


def _by_key(keys, table, size, scratch):
    """Rows of one key may be anywhere: they are gathered in a file for each key first."""
    found = {}
    for frame in table.frames(size):
        missing = [key for key in keys if key not in frame.columns]
        if missing:
            raise Wrong("partition_keys: the table has no column '%s'" % missing[0])
        for values, rows in frame.groupby(list(keys), sort=False, dropna=False):
            values = values if isinstance(values, tuple) else (values,)
            group = found.setdefault(tuple(map(_plain, values)), [len(found), 0])
            group[1] += len(rows)
            with open(os.path.join(scratch, "%08d" % group[0]), "ab") as file:
                pickle.dump(rows, file)
    return [
        Batch(
            index,
            {"frame": True, "partition": dict(zip(keys, values))},
            found[values][1],
            os.path.join(scratch, "%08d" % found[values][0]),
        )
        for index, values in enumerate(sorted(found, key=lambda v: [(str(type(x)), x) for x in v]))
    ]


def _plain(value):
    """A value that JSON can hold."""
    value = value.item() if hasattr(value, "item") else value
    if value is None or isinstance(value, (bool, int, str)):
        return value if value is not None else ""
    if isinstance(value, float):
        return value if value == value else ""
    return str(value)
