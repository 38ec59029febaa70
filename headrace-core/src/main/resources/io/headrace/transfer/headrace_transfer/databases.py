"""Opens SQLite and PostgreSQL by their Python drivers."""
import json
import os
import re
import ssl
from urllib.parse import parse_qs, quote, unquote, urlsplit

from headrace_transfer import settings
from headrace_transfer.settings import Wrong

_CASTS = {
    "string": "text",
    "int": "integer",
    "int32": "integer",
    "int64": "bigint",
    "decimal": "numeric",
    "double": "double precision",
    "single": "real",
    "boolean": "boolean",
    "guid": "uuid",
    "datetime": "timestamp",
    "date": "date",
}


class Database:
    """A connection in one transaction.

    place: how statements mark a value; errors: what the driver raises.
    """

    def __init__(self, connection, kind, place, errors):
        self.connection = connection
        self.kind = kind
        self.place = place
        self.errors = errors

    def commit(self):
        if self.kind == "sqlite":
            self.connection.execute("commit")
        else:
            self.connection.commit()

    def bound(self, batch):
        """Rows as the driver takes them: SQLite knows no dates, decimals and lists."""
        if self.kind != "sqlite":
            return batch
        return [tuple(_plain(value) for value in row) for row in batch]

    def procedure(self, name, parameters):
        """A statement that calls a function which gives rows, and its values."""
        if self.kind == "sqlite":
            raise Wrong("SQLite has no stored procedures: write a query")
        words = []
        for parameter in parameters:
            cast = _CASTS.get(parameter.get("type", "string").lower())
            if cast is None:
                raise Wrong(
                    "stored_procedure_params: the type '%s' is not known; known: %s"
                    % (parameter["type"], ", ".join(sorted(_CASTS)))
                )
            named = quoted(parameter["name"]) + " => " if parameter.get("name") else ""
            words.append("%scast(%s as %s)" % (named, self.place, cast))
        called = ".".join(quoted(part) for part in name.split("."))
        values = [parameter.get("value") for parameter in parameters]
        return "select * from %s(%s)" % (called, ", ".join(words)), values


def _plain(value):
    if value is None or isinstance(value, (int, float, str, bytes)):
        return value
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def quoted(name):
    return '"%s"' % name.replace('"', '""')


def table(name):
    return ".".join(quoted(part) for part in name.split("."))


def open_database(told, writing):
    target = told["target_database"]
    if target.startswith("sqlite:"):
        return _sqlite(re.sub("^sqlite:(//)?", "", target), writing)
    return _postgresql(target, told)


def _sqlite(path, writing):
    import sqlite3

    if not os.path.exists(path):
        raise Wrong("there is no database at %s" % path)
    mode = "rw" if writing else "ro"
    connection = sqlite3.connect(
        "file:%s?mode=%s" % (quote(path), mode), uri=True, timeout=60, isolation_level=None
    )
    connection.execute("begin immediate" if writing else "begin")
    return Database(connection, "sqlite", "?", sqlite3.Error)


def _postgresql(target, told):
    import pg8000.dbapi

    address = urlsplit(target)
    user = told.get("username") or unquote(address.username or "") or os.environ.get("PGUSER")
    if not user:
        raise Wrong("the connection '%s' says no username" % told["connection"])
    password = settings.secret(told["password"]) if told.get("password") else None
    try:
        connection = pg8000.dbapi.connect(
            user=user,
            password=password,
            host=address.hostname or "localhost",
            port=address.port or 5432,
            database=unquote(address.path.lstrip("/")) or user,
            ssl_context=_tls(parse_qs(address.query).get("sslmode", ["prefer"])[0]),
        )
    except (pg8000.dbapi.Error, OSError) as e:
        text = said(e)
        if password:
            text = text.replace(password, "***")
        raise Wrong("the connection '%s' cannot be opened: %s" % (told["connection"], text))
    return Database(connection, "postgresql", "%s", pg8000.dbapi.Error)


def said(error):
    """PostgreSQL tells a mapping, SQLite a text."""
    first = error.args[0] if error.args else error
    return str(first.get("M", first) if isinstance(first, dict) else first)


def _tls(mode):
    if mode in ("disable", "allow", "prefer"):
        return None
    context = ssl.create_default_context()
    if mode == "require":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif mode not in ("verify-ca", "verify-full"):
        raise Wrong("target: sslmode is one of disable, prefer, require, verify-full, not '%s'" % mode)
    return context
