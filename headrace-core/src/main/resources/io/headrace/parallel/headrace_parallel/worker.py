"""One worker: runs the user's entry script on the mini batches that it is handed.

It holds nothing that another worker, on any machine, could not have: it may die at any moment.
"""
import faulthandler
import importlib.util
import inspect
import io
import logging
import os
import socket
import sys
import threading
import time
import traceback
import types

from headrace_parallel import settings as told
from headrace_parallel import tables
from headrace_parallel import wire


def main():
    settings = told.read()
    _end_with_parent()
    faulthandler.enable()
    host, port = os.environ["HEADRACE_PARALLEL_ADDRESS"].rsplit(":", 1)
    sock = socket.create_connection((host, int(port)))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    wire.send(
        sock,
        {
            "token": os.environ["HEADRACE_PARALLEL_TOKEN"],
            "worker": os.environ["HEADRACE_PARALLEL_WORKER"],
        },
    )
    welcome, _ = wire.receive(sock)
    try:
        script = _load(settings)
        if hasattr(script, "init"):
            script.init()
    except BaseException as e:  # even sys.exit() ends nothing but this attempt to begin
        error = "%s cannot begin: %s" % (settings.entry_script, _short(e))
        wire.send(sock, {"kind": "broken", "error": error, "trace": _trace()})
        return 1
    wire.send(sock, {"kind": "ready"})
    table = tables.of_step(settings, welcome["schema"])
    return _work(sock, settings, script, table)


def _work(sock, settings, script, table):
    wants_context = _takes_two(script.run)
    while True:
        message = wire.receive(sock)
        if message is None:
            return 1
        header, body = message
        if header["kind"] == "end":
            return _shut_down(sock, script)
        answer = _run(sock, settings, script, table, wants_context, header, body)
        wire.send(sock, *answer)


def _run(sock, settings, script, table, wants_context, header, body):
    items = -1
    try:
        # Ends the process from a thread that needs no lock of Python's, so that code which hangs
        # in a C library ends too; the log then says where it hung.
        faulthandler.dump_traceback_later(settings.task_overhead_timeout, exit=True)
        batch = _batch(settings, table, header, body)
        items = len(batch)
        context = types.SimpleNamespace(
            minibatch_index=str(header["index"]),
            partition_key_value=header["payload"].get("partition", {}),
        )
        wire.send(sock, {"kind": "begun"})
        faulthandler.dump_traceback_later(settings.timeout, exit=True)
        begun = time.monotonic()
        result = script.run(batch, context) if wants_context else script.run(batch)
        faulthandler.cancel_dump_traceback_later()
        columns, rows, processed = _rows(result)
    except told.Wrong as e:
        # Trying again would not help, nor would the next mini batch.
        faulthandler.cancel_dump_traceback_later()
        return {"kind": "broken", "index": header["index"], "error": str(e), "trace": ""}, b""
    except BaseException as e:
        faulthandler.cancel_dump_traceback_later()
        return (
            {
                "kind": "failed",
                "index": header["index"],
                "items": items,
                "error": _short(e),
                "trace": _trace(),
            },
            b"",
        )
    finally:
        _flush()
    return (
        {
            "kind": "done",
            "index": header["index"],
            "items": items,
            "processed": processed,
            "columns": columns,
            "seconds": time.monotonic() - begun,
        },
        rows,
    )


def _batch(settings, table, header, body):
    payload = header["payload"]
    if "files" in payload:
        root = settings.input_path
        return [os.path.join(root, name) if name else root for name in payload["files"]]
    if "slice" in payload:
        return table.read(payload["slice"])
    return tables.unpickled(io.BytesIO(body))


def _rows(result):
    """Column names, rows as bytes, and how many."""
    if hasattr(result, "to_csv") and hasattr(result, "columns"):
        text = result.to_csv(sep=" ", header=False, index=False)
        columns = result.head(0).to_csv(sep=" ", index=False).rstrip("\r\n")
        return columns, text.encode("utf-8"), len(result)
    if result is None or isinstance(result, (str, bytes, dict)) or not hasattr(result, "__len__"):
        raise TypeError(
            "run() returned %s; it must return a list, tuple or DataFrame with one element for "
            "each item that was processed" % type(result).__name__
        )
    return "", "".join("%s\n" % (item,) for item in result).encode("utf-8"), len(result)


def _shut_down(sock, script):
    try:
        if hasattr(script, "shutdown"):
            script.shutdown()
    except BaseException as e:
        wire.send(sock, {"kind": "bye", "error": _short(e), "trace": _trace()})
        return 1
    wire.send(sock, {"kind": "bye"})
    return 0


def _load(settings):
    path = os.path.abspath(settings.entry_script)
    if not os.path.isfile(path):
        raise FileNotFoundError(
            "task.entry_script: there is no '%s' in the code folder" % settings.entry_script
        )
    # As if Python had been started with it.
    sys.path[0] = os.path.dirname(path)
    sys.argv = [path] + settings.arguments
    logging.basicConfig(level=settings.logging_level)
    spec = importlib.util.spec_from_file_location("entry_script", path)
    script = importlib.util.module_from_spec(spec)
    sys.modules["entry_script"] = script
    spec.loader.exec_module(script)
    if not callable(getattr(script, "run", None)):
        raise AttributeError("%s defines no run(mini_batch)" % settings.entry_script)
    return script


def _takes_two(run):
    try:
        kinds = [p.kind for p in inspect.signature(run).parameters.values()]
    except (TypeError, ValueError):
        return False
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return inspect.Parameter.VAR_POSITIONAL in kinds or sum(k in positional for k in kinds) > 1


def _end_with_parent():
    """The crew holds the other end of this pipe; when it is gone, so are we, whatever runs."""
    lifeline = int(os.environ["HEADRACE_PARALLEL_LIFELINE"])

    def watch():
        os.read(lifeline, 1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _short(error):
    return "%s: %s" % (type(error).__name__, error)


def _trace():
    """Without our own frame at the top."""
    kind, error, tb = sys.exc_info()
    while tb is not None and os.path.dirname(tb.tb_frame.f_code.co_filename) == _HERE:
        tb = tb.tb_next
    return "".join(traceback.format_exception(kind, error, tb))


def _flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass


_HERE = os.path.dirname(os.path.abspath(__file__))
