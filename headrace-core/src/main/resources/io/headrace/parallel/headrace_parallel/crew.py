"""The workers of one machine: starts them, and others in place of those that died."""
import os
import re
import signal
import subprocess
import sys
import time

_PROGRAM = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_STILLBORN = 3


class Crew:
    """address: where the coordinator listens. node: this machine's number among those at work."""

    def __init__(self, size, address, token, node=0):
        self._size = size
        self._address = address
        self._token = token
        self._node = node
        self._members = {}
        self._started = 0
        self._ready = set()
        self._stillborn = 0
        self._gpus = _gpus()

    def tend(self, wanted):
        """Brings the crew to its size, or to as many as there is work for.

        Returns why that is in vain, or the empty text.
        """
        for slot in list(self._members):
            member = self._members[slot]
            if member.process.poll() is not None:
                del self._members[slot]
                member.close()
                self._stillborn = 0 if member.name in self._ready else self._stillborn + 1
                if self._stillborn >= _STILLBORN:
                    return "workers end before they are ready: %s\n%s" % (
                        ending(member.process.returncode),
                        member.last_words(),
                    )
        for slot in range(min(self._size, wanted)):
            if slot not in self._members:
                self._members[slot] = self._start(slot)
        return ""

    def is_ready(self, worker):
        self._ready.add(worker)

    def _start(self, slot):
        name = "process%03d" % self._started
        self._started += 1
        return _Member(name, self._node, self._variables(name, slot))

    def _variables(self, name, slot):
        variables = dict(os.environ)
        variables["HEADRACE_PARALLEL_ADDRESS"] = self._address
        variables["HEADRACE_PARALLEL_TOKEN"] = self._token
        variables["HEADRACE_PARALLEL_WORKER"] = name
        if slot < len(self._gpus):
            variables["CUDA_VISIBLE_DEVICES"] = self._gpus[slot]
        return variables

    def kill(self, worker):
        for member in self._members.values():
            if member.name == worker:
                member.process.kill()

    def epitaph(self, worker):
        """How a worker ended, and the end of what it wrote to its error log."""
        for member in list(self._members.values()):
            if member.name == worker:
                try:
                    status = member.process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    return "lost its connection", ""
                return ending(status), member.last_words()
        return "has ended", ""

    def end(self, patience):
        """Waits for all to end by themselves, then ends them."""
        limit = time.monotonic() + patience
        for member in self._members.values():
            try:
                member.process.wait(timeout=max(0, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                member.process.kill()
                member.process.wait()
            member.close()


class _Member:
    def __init__(self, name, node, variables):
        self.name = name
        out = _log_file("stdout", node, name)
        self._errors = _log_file("stderr", node, name)
        read, self._lifeline = os.pipe()
        variables["HEADRACE_PARALLEL_LIFELINE"] = str(read)
        try:
            with open(out, "ab") as stdout, open(self._errors, "ab") as stderr:
                self.process = subprocess.Popen(
                    [sys.executable, _PROGRAM, "worker"],
                    stdin=subprocess.DEVNULL,
                    stdout=stdout,
                    stderr=stderr,
                    env=variables,
                    pass_fds=(read,),
                )
        finally:
            os.close(read)

    def close(self):
        os.close(self._lifeline)

    def last_words(self):
        try:
            with open(self._errors, "rb") as log:
                log.seek(max(0, os.path.getsize(self._errors) - 4096))
                return log.read().decode("utf-8", "replace").strip()
        except OSError:
            return ""


def _log_file(kind, node, name):
    folder = os.path.join("logs", "user", kind, str(node))
    os.makedirs(folder, exist_ok=True)
    return os.path.join(folder, "%s.%s.txt" % (name, kind))


def ending(status):
    if status >= 0:
        return "ended with exit code %d" % status
    hint = "; the machine may have run out of memory" if status == -signal.SIGKILL else ""
    try:
        return "was ended by %s%s" % (signal.Signals(-status).name, hint)
    except ValueError:
        return "was ended by signal %d" % -status


def _gpus():
    told = os.environ.get("CUDA_VISIBLE_DEVICES")
    if told is not None:
        return [it.strip() for it in told.split(",") if it.strip()]
    try:
        devices = map(re.compile(r"nvidia(\d+)$").match, os.listdir("/dev"))
        return sorted(device.group(1) for device in devices if device)
    except OSError:
        return []


def usual_size():
    """One worker for each core; on a machine with GPUs one, as in Azure ML."""
    if _gpus():
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
