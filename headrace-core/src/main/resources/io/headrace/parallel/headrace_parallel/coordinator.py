"""Leases mini batches to workers over TCP and keeps what they bring back."""
import collections
import hmac
import os
import socket
import threading
import time

from headrace_parallel import wire

_MOMENT = 0.1
_GRACE = 10


class Failure(Exception):
    """The step has failed; the message says why."""


class _Lease:
    def __init__(self, batch, worker, sock):
        self.batch = batch
        self.worker = worker
        self.sock = sock
        self.begun = time.monotonic()
        self.running_since = None

    def overdue(self, now, settings):
        if self.running_since is None:
            return now - self.begun > settings.task_overhead_timeout + _GRACE
        return now - self.running_since > settings.timeout + _GRACE


class Coordinator:
    """One thread for each worker talks; the main one decides, commits and tells.

    A mini batch counts as finished when its result is in the checkpoint, not before.
    """

    def __init__(self, settings, batches, checkpoint, schema, report):
        self._settings = settings
        self._checkpoint = checkpoint
        self._schema = schema
        self._report = report
        self._changed = threading.Condition()
        # All below: guarded by _changed.
        self._left = collections.deque(it for it in batches if it.index not in checkpoint.done)
        self._open = len(self._left)
        self._leases = set()
        self._results = []
        self._failure = None
        self._last_progress = time.monotonic()
        self._first_lease = None
        self.failed_items = sum(max(0, it.items - it.processed) for it in checkpoint.done.values())
        self.failed_batches = sum(it.processed < it.items for it in checkpoint.done.values())
        self.token = os.urandom(16).hex()
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(128)
        self.address = "127.0.0.1:%d" % self._listener.getsockname()[1]

    @property
    def open_batches(self):
        return self._open

    def run(self, crew):
        """Until all is finished. Raises Failure."""
        self._crew = crew
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            while self._open:
                self._look_after(crew)
                self._wait()
                self._settle()
                self._report.progress(self)
        finally:
            with self._changed:
                self._changed.notify_all()

    # The main thread

    def _look_after(self, crew):
        vain = crew.tend(self._open)
        if vain:
            raise Failure(vain)
        now = time.monotonic()
        with self._changed:
            overdue = [it for it in self._leases if it.overdue(now, self._settings)]
            first, progress = self._first_lease, self._last_progress
        for lease in overdue:
            # It should have ended itself; perhaps it is stopped, or its machine is gone.
            crew.kill(lease.worker)
            _close(lease.sock)
        begin, stall = self._settings.first_task_creation_timeout, self._settings.progress_update_timeout
        if begin and first is None and now - self._report.begun > begin:
            raise Failure("no mini batch was begun within %g s (first_task_creation_timeout)" % begin)
        if stall and first is not None and now - progress > stall:
            raise Failure("no mini batch ended within %g s (progress_update_timeout)" % stall)

    def _wait(self):
        with self._changed:
            self._changed.wait_for(
                lambda: self._failure or (not self._left and not self._leases), timeout=_MOMENT
            )

    def _settle(self):
        with self._changed:
            results, self._results = self._results, []
            failure = self._failure
        good = [it for it in results if it[1] is not None]
        if good:
            self._checkpoint.commit([(_kept(header), body) for header, body in good])
        for header, body in results:
            self._report.ended(header)
            self.failed_items += max(0, header["items"] - header.get("processed", 0))
            self.failed_batches += body is None or header["processed"] < header["items"]
        with self._changed:
            self._open -= len(results)
            self._changed.notify_all()
        self._check_thresholds()
        if failure:
            raise failure

    def _check_thresholds(self):
        for name, limit, count, what in (
            ("mini_batch_error_threshold", self._settings.mini_batch_error_threshold,
             self.failed_batches, "mini batches"),
            ("error_threshold", self._settings.error_threshold, self.failed_items, "items"),
        ):
            if 0 <= limit < count:
                raise Failure("%d %s failed; %s allows %d" % (count, what, name, limit))

    # A worker's thread

    def _accept(self):
        while True:
            sock, _ = self._listener.accept()
            threading.Thread(target=self._talk, args=(sock,), daemon=True).start()

    def _talk(self, sock):
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            hello = wire.receive(sock)
            if hello is None or not hmac.compare_digest(str(hello[0].get("token")), self.token):
                return
            worker = hello[0]["worker"]
            wire.send(sock, {"schema": self._schema})
            answer = wire.receive(sock)
            if answer is None:
                return
            if answer[0]["kind"] == "broken":
                self._fail(answer[0])
                return
            self._crew.is_ready(worker)
            self._hand_out(sock, worker)
        except OSError:
            pass  # the worker has gone; whoever held its lease has seen to that
        finally:
            _close(sock)

    def _hand_out(self, sock, worker):
        while True:
            lease = self._lease(worker, sock)
            if lease is None:
                wire.send(sock, {"kind": "end"})
                bye = wire.receive(sock)
                if bye is not None and bye[0].get("error"):
                    self._report.shutdown_failed(worker, bye[0]["error"], bye[0]["trace"])
                return
            answer = None
            try:
                wire.send(sock, *_order(lease.batch))
                answer = wire.receive(sock)
                if answer is not None and answer[0]["kind"] == "begun":
                    lease.running_since = time.monotonic()
                    answer = wire.receive(sock)
            except OSError:
                pass
            if answer is None:
                self._lost(lease)
                return
            if answer[0]["kind"] == "broken":
                self._fail(answer[0])
                return
            self._back(lease, *answer)

    def _lease(self, worker, sock):
        """A mini batch, or None when there will be none any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._left or not self._open or self._failure)
            if not self._left or self._failure:
                return None
            batch = self._left.popleft()
            batch.tries += 1
            lease = _Lease(batch, worker, sock)
            self._leases.add(lease)
            self._first_lease = self._first_lease or lease.begun
            return lease

    def _lost(self, lease):
        how, words = self._crew.epitaph(lease.worker)
        timed_out = (
            lease.running_since is not None
            and time.monotonic() - lease.running_since >= self._settings.timeout
        )
        error = (
            "run() took longer than retry_settings.timeout (%g s)" % self._settings.timeout
            if timed_out
            else "worker %s %s" % (lease.worker, how)
        )
        self._back(
            lease,
            {
                "kind": "failed",
                "index": lease.batch.index,
                "items": lease.batch.items,
                "error": error,
                "trace": words,
            },
            b"",
        )

    def _back(self, lease, header, body):
        batch = lease.batch
        header["worker"] = lease.worker
        header["what"] = batch.describe()
        header["tries"] = batch.tries
        with self._changed:
            self._leases.discard(lease)
            self._last_progress = time.monotonic()
            if header["kind"] == "done":
                self._results.append((header, body))
            elif batch.tries <= self._settings.max_retries:
                self._left.append(batch)
                self._report.tried(header)
            else:
                self._results.append((header, None))
            self._changed.notify_all()

    def _fail(self, broken):
        message = (broken["error"] + "\n" + broken["trace"]).strip()
        with self._changed:
            self._failure = self._failure or Failure(message)
            self._changed.notify_all()


def _order(batch):
    body = b""
    if batch.body:
        with open(batch.body, "rb") as file:
            body = file.read()
    return {"kind": "batch", "index": batch.index, "payload": batch.payload}, body


def _kept(header):
    return {name: header[name] for name in ("index", "items", "processed", "columns")}


def _close(sock):
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    sock.close()
