"""Reads what an MLTable file describes, as pandas DataFrames, piece by piece.

Headrace has read the MLTable file itself; its meaning lies as JSON beside it. Here it is applied.
"""
import codecs
import csv
import io
import json
import os
import pickle
import random
import re

from headrace_parallel.settings import Wrong

DEFINITION = ".headrace-table.json"
_SAMPLE_ROWS = 200
_ENCODINGS = {
    "utf8": "utf-8",
    "iso88591": "iso-8859-1",
    "latin1": "latin-1",
    "ascii": "ascii",
    "utf16": "utf-16",
    "utf32": "utf-32",
    "utf8bom": "utf-8-sig",
    "windows1252": "cp1252",
}
_ORDERED = ("skip", "take", "take_random_sample")


def of_step(settings, schema=None):
    """The table that the step splits; None when its input is plain files."""
    path = os.path.join(settings.input_path, DEFINITION)
    if not os.path.isfile(path):
        return None
    with open(path, encoding="utf-8") as file:
        return Table(settings.input_path, json.load(file), schema)


def unpickled(stream):
    """One frame of several that were pickled one after the other."""
    frames = []
    while True:
        try:
            frames.append(pickle.load(stream))
        except EOFError:
            return frames[0] if len(frames) == 1 else _pandas().concat(frames, ignore_index=True)


class Table:
    """root: the folder that its files are relative to. schema: as the coordinator found it."""

    def __init__(self, root, document, schema):
        self.names = document["files"]
        self._root = root
        self._file = document["file"]
        self._steps = document["transformations"]
        reader = document.get("read")
        self._reader = None
        if reader is not None:
            self._reader = _READERS[reader["name"]](self, reader)
            self.schema = schema if schema is not None else self._reader.schema()
            self._reader.use(self.schema)
        else:
            self.schema = None

    @property
    def is_tabular(self):
        return self._reader is not None

    @property
    def is_order_free(self):
        """Whether each row can be made without knowing the rows before it."""
        return not any(step["name"] in _ORDERED for step in self._steps)

    def path(self, name):
        return os.path.join(self._root, name)

    def wrong(self, step, message):
        return Wrong("%s:%d: %s" % (self._file, step["line"], message))

    def slices(self, size):
        """Pieces of about that many bytes; none reaches over the end of a file."""
        for name in self.names:
            for piece in self._reader.slices(name, size):
                yield piece

    def read(self, piece):
        """The rows of a piece of a table without ordered steps."""
        return self._transformed(piece, {})

    def frames(self, size):
        """All rows in order, cut where the files and slices are."""
        memory = {}
        for piece in self.slices(size):
            frame = self._transformed(piece, memory)
            if len(frame):
                yield frame

    def partition_values(self, name):
        values = {}
        for step in self._steps:
            if step["name"] in _PARTITION_STEPS:
                values.update(_partition_values(self, step, name))
        return values

    def _transformed(self, piece, memory):
        frame = self._reader.read(piece)
        for number, step in enumerate(self._steps):
            frame = _STEPS[step["name"]](self, step, frame, piece, memory.setdefault(number, {}))
        return frame.reset_index(drop=True)


# Readers


class _Lines:
    """A file of lines: a slice is a range of bytes that ends with a line."""

    def __init__(self, table, step):
        self._table = table
        self._step = step
        self._arguments = step["arguments"] if isinstance(step["arguments"], dict) else {}
        encoding = str(self._arguments.get("encoding", "utf8"))
        if encoding not in _ENCODINGS:
            raise table.wrong(step, "encoding: '%s' is not one of %s" % (encoding, ", ".join(_ENCODINGS)))
        self._encoding = _ENCODINGS[encoding]
        self._with_path = self._arguments.get("include_path_column", False) is True

    def slices(self, name, size):
        path = self._table.path(name)
        end = os.path.getsize(path)
        with open(path, "rb") as file:
            at = self._skip_header(file, name)
            if self._encoding in ("utf-16", "utf-32"):
                size = end + 1  # line ends cannot be found byte by byte
            while at < end:
                begin = at
                at = min(at + size, end)
                if at < end:
                    at = self._line_end(file, begin, at)
                yield {"name": name, "start": begin, "end": at}

    def _skip_header(self, file, name):
        if self._encoding == "utf-8-sig" and file.read(3) != codecs.BOM_UTF8:
            file.seek(0)
        return file.tell()

    def _line_end(self, file, begin, at):
        file.seek(at - 1)
        file.readline()
        return file.tell()

    def _text(self, piece):
        with open(self._table.path(piece["name"]), "rb") as file:
            file.seek(piece["start"])
            data = file.read(piece["end"] - piece["start"])
        return self._decoded(data, piece["name"])

    def _decoded(self, data, name):
        try:
            return data.decode(self._encoding)
        except UnicodeDecodeError as e:
            raise self._table.wrong(self._step, "%s is not in the encoding %s: %s" % (name, self._encoding, e))

    def _finished(self, frame, piece):
        if self._with_path:
            frame.insert(0, "Path", piece["name"])
        return frame


class _Delimited(_Lines):
    def __init__(self, table, step):
        _Lines.__init__(self, table, step)
        self._delimiter = str(self._arguments.get("delimiter", ","))
        self._header = str(self._arguments.get("header", "all_files_same_headers"))
        self._multi_line = self._arguments.get("support_multi_line", False) is True
        self._empty_as_string = self._arguments.get("empty_as_string", False) is True
        self._infer = self._arguments.get("infer_column_types", True) is not False
        if self._header not in _HEADERS:
            raise table.wrong(step, "header: '%s' is not one of %s" % (self._header, ", ".join(_HEADERS)))
        if len(self._delimiter) != 1:
            raise table.wrong(step, "delimiter: '%s' is not one character" % self._delimiter)

    def schema(self):
        """Columns with their types; for files of different headers those of all."""
        types = {}
        names = self._table.names if self._header == "all_files_different_headers" else self._table.names[:1]
        for name in names:
            rows, columns = self._first_rows(name)
            for at, column in enumerate(columns):
                kind = _inferred([row[at] for row in rows if at < len(row)]) if self._infer else "string"
                types[column] = kind if types.get(column, kind) == kind else "string"
        return {"types": types}

    def use(self, schema):
        self._types = schema["types"]

    def _first_rows(self, name):
        rows = []
        with io.open(self._table.path(name), encoding=self._reading(), newline="") as file:
            try:
                for row in csv.reader(file, delimiter=self._delimiter):
                    if row:
                        rows.append(row)
                    if len(rows) > _SAMPLE_ROWS:
                        break
            except UnicodeDecodeError as e:
                raise self._table.wrong(self._step, "%s is not in the encoding %s: %s" % (name, self._encoding, e))
        if self._header == "no_header":
            width = max((len(row) for row in rows), default=0)
            return rows, ["Column%d" % (i + 1) for i in range(width)]
        return (rows[1:], _unique(rows[0])) if rows else ([], [])

    def _reading(self):
        return self._encoding

    def _has_header(self, name):
        return self._header != "no_header" and (
            self._header != "from_first_file" or name == self._table.names[0]
        )

    def _skip_header(self, file, name):
        at = _Lines._skip_header(self, file, name)
        if self._encoding in ("utf-16", "utf-32") or not self._has_header(name):
            return at
        line = file.readline()
        while line and not line.strip():
            line = file.readline()
        while self._multi_line and line.count(b'"') % 2:
            more = file.readline()
            if not more:
                break
            line += more
        return file.tell()

    def _line_end(self, file, begin, at):
        if not self._multi_line:
            return _Lines._line_end(self, file, begin, at)
        file.seek(begin)
        open_quote = False
        for line in iter(file.readline, b""):
            open_quote ^= line.count(b'"') % 2 == 1
            if not open_quote and file.tell() >= at:
                break
        return file.tell()

    def read(self, piece):
        text = self._text(piece)
        name = piece["name"]
        columns = list(self._types)
        if self._header == "all_files_different_headers":
            columns = self._first_rows(name)[1]
        if self._encoding in ("utf-16", "utf-32") and self._has_header(name):
            text = text.split("\n", 1)[1] if "\n" in text else ""
        frame = self._parsed(text, columns, name)
        for column in self._types:
            if column not in frame.columns:
                frame[column] = None
        frame = frame[list(self._types)]
        for column, kind in self._types.items():
            frame[column] = _typed(frame[column], kind, self._empty_as_string)
        return self._finished(frame, piece)

    def _parsed(self, text, columns, name):
        pandas = _pandas()
        if not self._multi_line and '"' in text and _has_open_quotes(text):
            # A line break ends the record, quoted or not: pandas would go on.
            rows = [next(csv.reader([line], delimiter=self._delimiter)) for line in text.splitlines() if line]
            width = len(columns)
            rows = [row[:width] + [""] * (width - len(row)) for row in rows]
            return pandas.DataFrame(rows, columns=columns, dtype=object)
        if not text.strip():
            return pandas.DataFrame({column: [] for column in columns}, dtype=object)
        try:
            return pandas.read_csv(
                io.StringIO(text),
                sep=self._delimiter,
                header=None,
                names=columns,
                index_col=False,
                dtype=object,
                keep_default_na=False,
                na_filter=False,
                engine="c",
            )
        except (ValueError, pandas.errors.ParserError) as e:
            raise self._table.wrong(self._step, "%s: %s" % (name, str(e).strip()))


class _JsonLines(_Lines):
    def __init__(self, table, step):
        _Lines.__init__(self, table, step)
        self._invalid = str(self._arguments.get("invalid_lines", "error"))
        if self._invalid not in ("error", "drop"):
            raise table.wrong(step, "invalid_lines: '%s' is not one of error, drop" % self._invalid)

    def schema(self):
        return {}

    def use(self, schema):
        pass

    def read(self, piece):
        rows = []
        for line in self._text(piece).split("\n"):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise ValueError("not an object")
                rows.append(row)
            except ValueError as e:
                if self._invalid == "error":
                    raise self._table.wrong(
                        self._step,
                        "%s holds a line that is not a JSON object (%s): %s"
                        % (piece["name"], e, line[:100]),
                    )
        return self._finished(_pandas().DataFrame(rows), piece)


class _Parquet:
    def __init__(self, table, step):
        self._table = table
        self._step = step
        arguments = step["arguments"] if isinstance(step["arguments"], dict) else {}
        self._with_path = arguments.get("include_path_column", False) is True

    def schema(self):
        return {}

    def use(self, schema):
        pass

    def slices(self, name, size):
        """Row groups together, until they have that size."""
        file = self._open(name)
        groups, bytes_in = [], 0
        for group in range(file.metadata.num_row_groups):
            groups.append(group)
            bytes_in += file.metadata.row_group(group).total_byte_size
            if bytes_in >= size:
                yield {"name": name, "groups": groups}
                groups, bytes_in = [], 0
        if groups:
            yield {"name": name, "groups": groups}

    def read(self, piece):
        frame = self._open(piece["name"]).read_row_groups(piece["groups"]).to_pandas()
        if self._with_path:
            frame.insert(0, "Path", piece["name"])
        return frame

    def _open(self, name):
        try:
            from pyarrow import parquet
        except ImportError:
            raise Wrong("read_parquet needs pyarrow: add it to the environment's packages")
        try:
            return parquet.ParquetFile(self._table.path(name))
        except (OSError, ValueError) as e:
            raise self._table.wrong(self._step, "%s cannot be read as Parquet: %s" % (name, e))


_READERS = {"read_delimited": _Delimited, "read_json_lines": _JsonLines, "read_parquet": _Parquet}
_HEADERS = (
    "no_header",
    "from_first_file",
    "all_files_different_headers",
    "all_files_same_headers",
)


def _pandas():
    try:
        import pandas
    except ImportError:
        raise Wrong("a table as input needs pandas: add it to the environment's packages")
    return pandas


def _has_open_quotes(text):
    return any(line.count('"') % 2 for line in text.splitlines())


def _unique(columns):
    seen = {}
    names = []
    for column in columns:
        seen[column] = seen.get(column, 0) + 1
        names.append(column if seen[column] == 1 else "%s_%d" % (column, seen[column]))
    return names


# Types

_INT = re.compile(r"\s*[+-]?\d{1,18}\s*$")
_DATE = re.compile(r"\s*\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?\s*$")


def _inferred(texts):
    texts = [it for it in texts if it != ""]
    if not texts:
        return "string"
    if all(_INT.match(it) for it in texts):
        return "int"
    if all(_is_float(it) for it in texts):
        return "float"
    if all(it.strip().lower() in ("true", "false") for it in texts):
        return "boolean"
    if all(_DATE.match(it) for it in texts):
        return "datetime"
    return "string"


def _is_float(text):
    try:
        float(text)
        return "_" not in text
    except ValueError:
        return False


def _typed(column, kind, empty_as_string):
    """A column of texts as what it holds; what does not fit becomes null, as in Azure ML."""
    if kind == "string":
        return column if empty_as_string else column.where(column != "", None)
    return _converted(column.where(column != "", None), kind, {})


def _converted(column, kind, options):
    pandas = _pandas()
    if kind == "string":
        return column.map(lambda it: it if it is None or it != it else str(it))
    if kind == "int":
        numbers = pandas.to_numeric(column, errors="coerce")
        return numbers if numbers.isna().any() else numbers.astype("int64")
    if kind == "float":
        return pandas.to_numeric(column, errors="coerce").astype("float64")
    if kind == "boolean":
        true = [str(it).lower() for it in options.get("true_values", ["true", "1", "1.0", "yes"])]
        false = [str(it).lower() for it in options.get("false_values", ["false", "0", "0.0", "no"])]
        values = column.map(lambda it: _boolean(it, true, false, options.get("mismatch_as", "null")))
        return values if values.isna().any() else values.astype(bool)
    formats = options.get("formats")
    if not formats:
        return pandas.to_datetime(column, errors="coerce")
    dates = None
    for pattern in formats:
        tried = pandas.to_datetime(column, format=pattern, errors="coerce")
        dates = tried if dates is None else dates.fillna(tried)
    return dates


def _boolean(value, true, false, mismatch):
    if value is None or value != value:
        return None
    text = str(value).strip().lower()
    if text in true:
        return True
    if text in false:
        return False
    if mismatch == "error":
        raise ValueError("'%s' is neither true nor false" % value)
    return {"true": True, "false": False}.get(str(mismatch).lower())


# Transformations: each gets the table, its step, the rows, their slice, and what it remembers


def _columns(table, step, frame, columns):
    columns = [columns] if isinstance(columns, str) else columns
    for column in columns:
        if column not in frame.columns:
            raise table.wrong(
                step,
                "%s: there is no column '%s'; there are %s"
                % (step["name"], column, ", ".join(map(str, frame.columns[:20]))),
            )
    return list(columns)


def _keep(table, step, frame, piece, memory):
    return frame[_columns(table, step, frame, step["arguments"])]


def _drop(table, step, frame, piece, memory):
    return frame.drop(columns=_columns(table, step, frame, step["arguments"]))


def _convert(table, step, frame, piece, memory):
    frame = frame.copy()
    for conversion in step["arguments"]:
        kind = conversion["column_type"]
        options = {}
        if isinstance(kind, dict):
            kind, options = next(iter(kind.items()))
        kind = _KINDS.get(kind)
        if kind is None:
            raise table.wrong(
                step, "column_type: '%s' is not one of %s" % (conversion["column_type"], ", ".join(_KINDS))
            )
        for column in _columns(table, step, frame, conversion["columns"]):
            try:
                frame[column] = _converted(frame[column], kind, options or {})
            except ValueError as e:
                raise table.wrong(step, "column '%s': %s" % (column, e))
    return frame


_KINDS = {
    "int": "int",
    "long": "int",
    "float": "float",
    "double": "float",
    "string": "string",
    "boolean": "boolean",
    "bool": "boolean",
    "datetime": "datetime",
}


def _filter(table, step, frame, piece, memory):
    from headrace_parallel import filters

    try:
        return frame[filters.mask(step["arguments"], frame)]
    except filters.NotUnderstood as e:
        raise table.wrong(step, "filter: %s" % e)


def _skip(table, step, frame, piece, memory):
    left = memory.get("left", int(step["arguments"]))
    memory["left"] = max(0, left - len(frame))
    return frame.iloc[left:]


def _take(table, step, frame, piece, memory):
    left = memory.get("left", int(step["arguments"]))
    memory["left"] = max(0, left - len(frame))
    return frame.iloc[:left]


def _sample(table, step, frame, piece, memory):
    arguments = step["arguments"]
    if "random" not in memory:
        memory["random"] = random.Random(int(arguments.get("seed") or 0))
    chance = float(arguments["probability"])
    return frame[[memory["random"].random() < chance for _ in range(len(frame))]]


def _partition_columns(table, step, frame, piece, memory):
    frame = frame.copy()
    for column, value in _partition_values(table, step, piece["name"]).items():
        frame[column] = value
    return frame


_STEPS = {
    "keep_columns": _keep,
    "drop_columns": _drop,
    "convert_column_types": _convert,
    "filter": _filter,
    "skip": _skip,
    "take": _take,
    "take_random_sample": _sample,
    "extract_columns_from_partition_format": _partition_columns,
    "extract_partition_format": _partition_columns,
}
_PARTITION_STEPS = ("extract_columns_from_partition_format", "extract_partition_format")


# Partition formats: /{country}/{day:yyyy/MM/dd}/data.csv

_PLACE = re.compile(r"\{([^{}:]+)(?::([^{}]+))?\}")
_TIME_PARTS = {"yyyy": 4, "MM": 2, "dd": 2, "HH": 2, "mm": 2, "ss": 2}
_TIME_NAMES = {"yyyy": "year", "MM": "month", "dd": "day", "HH": "hour", "mm": "minute", "ss": "second"}


def _partition_values(table, step, name):
    import datetime

    text = step["arguments"]
    pattern, times = _partition_pattern(text)
    match = re.search(pattern + "$", "/" + name) or re.search(pattern + "(?=/|$)", "/" + name)
    if match is None:
        raise table.wrong(step, "the path '%s' does not fit the partition format '%s'" % (name, text))
    values = {}
    for column, group in times:
        if isinstance(group, str):
            values[column] = match.group(group)
        else:
            parts = {_TIME_NAMES[part]: int(match.group(at)) for part, at in group.items()}
            parts.setdefault("month", 1)
            parts.setdefault("day", 1)
            values[column] = datetime.datetime(**parts)
    return values


def _partition_pattern(text):
    pattern, columns, at = [], [], 0
    for number, place in enumerate(_PLACE.finditer(text)):
        pattern.append(_literal(text[at : place.start()]))
        column, form = place.group(1).strip(), place.group(2)
        if form is None:
            group = "g%d" % number
            pattern.append("(?P<%s>[^/]+?)" % group)
            columns.append((column, group))
        else:
            groups = {}
            for part in re.split("(yyyy|MM|dd|HH|mm|ss)", form):
                if part in _TIME_PARTS:
                    groups[part] = "g%d%s" % (number, part)
                    pattern.append(r"(?P<%s>\d{%d})" % (groups[part], _TIME_PARTS[part]))
                else:
                    pattern.append(_literal(part))
            columns.append((column, groups))
        at = place.end()
    pattern.append(_literal(text[at:]))
    return "".join(pattern), columns


def _literal(text):
    return re.escape(text).replace(r"\*", "[^/]*")
