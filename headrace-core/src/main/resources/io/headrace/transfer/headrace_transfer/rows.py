"""Rows as Parquet files. A column's type follows from all of its values."""
import datetime
import decimal
import json
import os
import pickle
import uuid

from headrace_transfer.settings import Wrong

_BATCH = 20000
_MOST_IN_A_FILE = 1000000


def write(cursor, target, as_file, as_table):
    """Writes what a cursor gives; tells how many rows."""
    if cursor.description is None:
        raise Wrong("the query gives no rows: an import needs a select")
    names = [_name(column[0]) for column in cursor.description]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Wrong("the query gives the column '%s' twice: name one anew (… AS …)" % twice[0])
    kinds = [Kind() for _ in names]
    spool = "rows.spool"
    total = 0
    try:
        with open(spool, "wb") as file:
            while True:
                batch = cursor.fetchmany(_BATCH)
                if not batch:
                    break
                columns = [list(column) for column in zip(*batch)]
                for kind, column in zip(kinds, columns):
                    kind.see(column)
                pickle.dump(columns, file, protocol=4)
                total += len(batch)
        _to_parquet(spool, names, kinds, target, as_file)
    finally:
        if os.path.exists(spool):
            os.remove(spool)
    if as_table:
        with open(os.path.join(target, "MLTable"), "w", encoding="utf-8") as file:
            file.write(_TABLE)
    return total


_TABLE = """\
paths:
- pattern: ./*.parquet
transformations:
- read_parquet:
    include_path_column: false
"""


def _name(name):
    return name.decode("utf-8") if isinstance(name, bytes) else name


def _to_parquet(spool, names, kinds, target, as_file):
    import pyarrow
    import pyarrow.parquet

    fields = [(name, kind.arrow(pyarrow)) for name, kind in zip(names, kinds)]
    schema = pyarrow.schema(fields)
    number, rows, writer = 0, 0, None
    with open(spool, "rb") as file:
        while True:
            try:
                columns = pickle.load(file)
            except EOFError:
                break
            arrays = [
                pyarrow.array(kind.converted(column), type=field[1])
                for kind, column, field in zip(kinds, columns, fields)
            ]
            if writer is not None and rows >= _MOST_IN_A_FILE and not as_file:
                writer.close()
                writer = None
            if writer is None:
                writer = pyarrow.parquet.ParquetWriter(_place(target, as_file, number), schema)
                number, rows = number + 1, 0
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
            rows += len(columns[0])
    if writer is None:
        writer = pyarrow.parquet.ParquetWriter(_place(target, as_file, 0), schema)
    writer.close()


def _place(target, as_file, number):
    return target if as_file else os.path.join(target, "part-%05d.parquet" % number)


class Kind:
    """What the values of one column have in common."""

    def __init__(self):
        self.types = set()
        self.whole_digits = 0
        self.scale = 0
        self.wide = False
        self.aware = False

    def see(self, column):
        for value in column:
            if value is None:
                continue
            self.types.add(type(value))
            if isinstance(value, bool):
                continue
            if isinstance(value, int):
                self.wide |= not -(1 << 63) <= value < 1 << 63
                self.whole_digits = max(self.whole_digits, len(str(abs(value))))
            elif isinstance(value, decimal.Decimal):
                self._see_decimal(value)
            elif isinstance(value, datetime.datetime):
                self.aware |= value.tzinfo is not None

    def _see_decimal(self, value):
        if not value.is_finite():
            self.wide = True
            return
        _, digits, exponent = value.as_tuple()
        scale = max(0, -exponent)
        self.scale = max(self.scale, scale)
        self.whole_digits = max(self.whole_digits, len(digits) + exponent, 1)

    def arrow(self, pa):
        types = self.types
        if types == {bool}:
            return pa.bool_()
        if types == {int} and not self.wide:
            return pa.int64()
        if types and types <= {int, float}:
            return pa.float64()
        if types and types <= {int, decimal.Decimal} and not self.wide:
            if self.whole_digits + self.scale <= 38:
                return pa.decimal128(self.whole_digits + self.scale, self.scale)
        if types and types <= {bytes, bytearray, memoryview}:
            return pa.binary()
        if types == {datetime.date}:
            return pa.date32()
        if types == {datetime.datetime}:
            return pa.timestamp("us", tz="UTC" if self.aware else None)
        if types == {datetime.time}:
            return pa.time64("us")
        return pa.string()

    def converted(self, column):
        """The values as the chosen type takes them."""
        types = self.types
        if types and types <= {int, float} and types != {int}:
            return [None if it is None else float(it) for it in column]
        if types and types <= {bytes, bytearray, memoryview}:
            return [None if it is None else bytes(it) for it in column]
        plain = (
            types <= {bool}
            or (types == {int} and not self.wide)
            or types in ({datetime.date}, {datetime.datetime}, {datetime.time}, {str})
            or (
                types <= {int, decimal.Decimal}
                and not self.wide
                and self.whole_digits + self.scale <= 38
            )
        )
        if plain:
            return [decimal.Decimal(it) if decimal.Decimal in types and it is not None else it for it in column]
        return [None if it is None else _text(it) for it in column]


def _text(value):
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if isinstance(value, uuid.UUID):
        return str(value)
    return str(value)


def read(source):
    """The files' rows, a batch at a time: names, then tuples."""
    files = sorted(_tables(source))
    if not files:
        raise Wrong("the input has no .parquet or .csv file to export")
    names = None
    for path in files:
        for found, batch in _parquet(path) if path.endswith(".parquet") else _csv(path):
            if names is not None and found != names:
                raise Wrong("%s has other columns than the files before it" % os.path.basename(path))
            names = found
            yield names, batch


def _tables(source):
    if os.path.isfile(source):
        return [source]
    return [
        os.path.join(folder, name)
        for folder, _, names in os.walk(source, followlinks=True)
        for name in names
        if name.lower().endswith((".parquet", ".csv")) and not name.startswith((".", "_"))
    ]


def _parquet(path):
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(path)
    names = file.schema_arrow.names
    for batch in file.iter_batches(_BATCH):
        yield names, list(zip(*[column.to_pylist() for column in batch.columns]))


def _csv(path):
    import csv

    with open(path, newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file)
        names = next(reader, None)
        if not names:
            raise Wrong("%s has no header" % os.path.basename(path))
        batch = []
        for row in reader:
            if row:
                if len(row) != len(names):
                    raise Wrong(
                        "%s:%d has %d fields, not %d"
                        % (os.path.basename(path), reader.line_num, len(row), len(names))
                    )
                batch.append(tuple(it if it != "" else None for it in row))
            if len(batch) == _BATCH:
                yield names, batch
                batch = []
        yield names, batch
