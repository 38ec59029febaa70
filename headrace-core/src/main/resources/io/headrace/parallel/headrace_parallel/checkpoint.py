"""What is finished, so that no later attempt does it again.

Results are kept in segments: files that appear by one rename, after a sync, and are never changed.
A segment holds the results of all mini batches that ended within a moment.
"""
import errno
import fcntl
import json
import os
import shutil
import tempfile


class Done:
    """A finished mini batch and where its rows are."""

    def __init__(self, header, path, offset):
        self.index = header["index"]
        self.items = header["items"]
        self.processed = header["processed"]
        self.columns = header.get("columns", "")
        self.size = header["size"]
        self.path = path
        self.offset = offset


class Checkpoint:
    def __init__(self, folder):
        self.folder = folder
        self.segments = os.path.join(folder, "results")
        self.outputs = os.path.join(folder, "outputs")
        self.scratch = os.path.join(folder, "scratch")
        self._moved = os.path.join(folder, "outputs-moved")
        if os.path.exists(self._moved):
            # An attempt ended while it moved its outputs away: they are not whole any more.
            for part in (self.segments, self.outputs):
                shutil.rmtree(part, ignore_errors=True)
            os.remove(self._moved)
        shutil.rmtree(self.scratch, ignore_errors=True)
        for part in (self.segments, self.outputs, self.scratch):
            os.makedirs(part, exist_ok=True)
        self.done = {}
        self._number = 0
        self._read()

    def _read(self):
        for name in sorted(os.listdir(self.segments)):
            path = os.path.join(self.segments, name)
            if not name.endswith(".part"):
                os.remove(path)
                continue
            self._number = max(self._number, int(name.split(".")[0]))
            with open(path, "rb") as segment:
                for line in iter(segment.readline, b""):
                    done = Done(json.loads(line.decode("utf-8")), path, segment.tell())
                    self.done.setdefault(done.index, done)
                    segment.seek(done.size, os.SEEK_CUR)

    def commit(self, results):
        """Keeps results (pairs of header and bytes); they are safe when this returns."""
        self._number += 1
        path = os.path.join(self.segments, "%08d.part" % self._number)
        temporary = path + ".new"
        added = []
        with open(temporary, "wb") as segment:
            for header, body in results:
                header["size"] = len(body)
                segment.write(json.dumps(header).encode("utf-8") + b"\n")
                added.append(Done(header, path, segment.tell()))
                segment.write(body)
            segment.flush()
            os.fsync(segment.fileno())
        os.rename(temporary, path)
        sync_folder(self.segments)
        for done in added:
            self.done.setdefault(done.index, done)

    def write_rows(self, path, with_columns):
        """All rows in the order of the mini batches, whoever finished first."""
        with open(path, "wb") as out:
            columns_due = with_columns
            for index in sorted(self.done):
                done = self.done[index]
                if columns_due and done.columns:
                    out.write(done.columns.encode("utf-8") + b"\n")
                    columns_due = False
                with open(done.path, "rb") as segment:
                    segment.seek(done.offset)
                    out.write(segment.read(done.size))

    def move_outputs(self, targets):
        """Gives the outputs to the step: pairs of where they are and where they must be."""
        with open(self._moved, "wb") as marker:
            os.fsync(marker.fileno())
        sync_folder(self.folder)
        for kept, target in targets:
            if os.path.isdir(kept):
                for name in os.listdir(kept):
                    shutil.move(os.path.join(kept, name), os.path.join(target, name))
            elif os.path.exists(kept):
                shutil.move(kept, target)


def sync_folder(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_checkpoint():
    """The step's own, or a passing one when another process works with it now."""
    folder = os.environ.get("HEADRACE_CHECKPOINT_DIR", "")
    if folder:
        os.makedirs(folder, exist_ok=True)
        # Stays open, and so locked, until this process ends.
        lock = os.open(os.path.join(folder, "lock"), os.O_RDWR | os.O_CREAT, 0o644)
        os.set_inheritable(lock, False)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return Checkpoint(folder)
        except OSError as e:
            if e.errno not in (errno.EWOULDBLOCK, errno.EAGAIN):
                raise
            print("another run does the same work now; finished mini batches are not shared")
    return Checkpoint(tempfile.mkdtemp(prefix=".parallel-", dir=os.getcwd()))
