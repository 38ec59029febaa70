"""Does the one task that the step was told. Python 3.7 or newer."""
import sys

from headrace_transfer import copying, databases, rows
from headrace_transfer import settings as told
from headrace_transfer.settings import Wrong


def main():
    try:
        settings = told.read()
        print("transfer: %s" % _TASKS[settings["task"]](settings), flush=True)
        return 0
    except Wrong as e:
        print("transfer: error: %s" % e, flush=True)
    except ImportError as e:
        print("transfer: error: %s in the Python of this step, %s" % (e, sys.executable), flush=True)
    except OSError as e:
        print("transfer: error: %s" % e, flush=True)
    return 1


def _copy(settings):
    files, size = copying.into(
        settings["target"],
        settings["sources"],
        settings["target_type"] == "uri_file",
        settings["mode"] == "merge_with_overwrite",
    )
    return "%d files copied, %d bytes" % (files, size)


def _import(settings):
    database = databases.open_database(settings, False)
    kind = settings["target_type"]
    statement, values = _statement(settings, database)
    try:
        cursor = database.connection.cursor()
        cursor.execute(statement, values)
        total = rows.write(cursor, settings["target"], kind == "uri_file", kind == "mltable")
    except database.errors as e:
        raise Wrong("the database refuses: %s" % databases.said(e))
    finally:
        database.connection.close()
    return "%d rows imported" % total


def _statement(settings, database):
    if settings.get("stored_procedure"):
        return database.procedure(settings["stored_procedure"], settings["parameters"])
    if settings.get("table_name"):
        return "select * from %s" % databases.table(settings["table_name"]), ()
    return settings["query"], ()


def _export(settings):
    """All rows or none: they are committed at the end."""
    database = databases.open_database(settings, True)
    total = 0
    try:
        cursor = database.connection.cursor()
        for names, batch in rows.read(settings["source"]):
            if batch:
                cursor.executemany(_insert(settings, database, names), database.bound(batch))
                total += len(batch)
        database.commit()
    except database.errors as e:
        raise Wrong("the database refuses: %s" % databases.said(e))
    finally:
        database.connection.close()
    return "%d rows exported" % total


def _insert(settings, database, names):
    return "insert into %s (%s) values (%s)" % (
        databases.table(settings["table_name"]),
        ", ".join(databases.quoted(name) for name in names),
        ", ".join([database.place] * len(names)),
    )


_TASKS = {"copy": _copy, "import": _import, "export": _export}
