"""Tells how far the step is: in its log, in files under ./logs, and as metrics."""
import json
import os
import threading
import time
import urllib.request

_PERIOD = 10
_MOST_TRACES = 20


class Report:
    def __init__(self, settings, batches, kept):
        self.begun = time.monotonic()
        self._settings = settings
        self._total = len(batches)
        self._kept = kept
        self._processed = 0
        self._items = 0
        self._told = time.monotonic()
        self._traces = 0
        self.first_error = ""
        self._metrics = Metrics(settings.metrics_prefix)
        os.makedirs(os.path.join("logs", "user"), exist_ok=True)

    def begin(self, workers):
        kept = ", %d of them finished before" % self._kept if self._kept else ""
        self._say("%d mini batches%s, %d workers" % (self._total, kept, workers))

    def ended(self, header):
        """A mini batch has ended for good."""
        if header["kind"] == "done":
            self._processed += 1
            self._items += header["processed"]
            if self._settings.logging_level == "DEBUG":
                self._say(
                    "mini batch %(index)d done by %(worker)s: %(processed)d of %(items)d items"
                    % header
                )
            return
        self.first_error = self.first_error or "mini batch %(index)d: %(error)s" % header
        self._failed(header, "mini batch %(index)d failed after %(tries)d tries" % header)

    def tried(self, header):
        """A mini batch has failed and will be tried again."""
        self._failed(header, "mini batch %(index)d failed at try %(tries)d, is tried again" % header)

    def _failed(self, header, what):
        text = "%s: %s\n  it holds: %s\n" % (what, header["error"], header["what"] or "rows")
        trace = "".join("  | %s\n" % line for line in header["trace"].splitlines())
        with open(os.path.join("logs", "user", "error.txt"), "a", encoding="utf-8") as log:
            log.write(text + trace)
        self._traces += 1
        if self._traces <= _MOST_TRACES:
            self._say(text + trace.rstrip("\n"))
        elif self._traces == _MOST_TRACES + 1:
            self._say("more mini batches fail; all are in logs/user/error.txt")

    def shutdown_failed(self, worker, error, trace):
        self._say("shutdown() failed in %s: %s\n%s" % (worker, error, trace))

    def progress(self, coordinator):
        now = time.monotonic()
        if now - self._told < _PERIOD:
            return
        self._told = now
        if self._settings.logging_level != "WARNING":
            self._say(self._overview(coordinator))
        self._metrics.send(self._numbers(coordinator))

    def _overview(self, coordinator):
        settled = self._total - coordinator.open_batches
        return "%d of %d mini batches done, %d failed, %d items processed, %d failed, %.0f s" % (
            settled,
            self._total,
            coordinator.failed_batches,
            self._items,
            coordinator.failed_items,
            time.monotonic() - self.begun,
        )

    def _numbers(self, coordinator):
        return {
            "Processed Mini Batches": self._kept + self._processed,
            "Failed Mini Batches": coordinator.failed_batches,
            "Remaining Mini Batches": coordinator.open_batches,
            "Processed Items": self._items,
            "Failed Items": coordinator.failed_items,
        }

    def end(self, coordinator, outcome):
        line = self._overview(coordinator)
        self._say(line)
        with open(os.path.join("logs", "job_progress_overview.txt"), "w", encoding="utf-8") as file:
            file.write(line + "\n" + outcome + "\n")
        self._metrics.send(self._numbers(coordinator))
        self._metrics.close()

    @staticmethod
    def _say(text):
        print("parallel: " + text, flush=True)


class Metrics:
    """Metrics of the step's run, sent aside; a server that does not answer holds nothing up."""

    def __init__(self, prefix):
        self._prefix = prefix
        self._address = os.environ.get("MLFLOW_TRACKING_URI", "")
        self._run = os.environ.get("MLFLOW_RUN_ID", "")
        self._step = 0
        self._thread = None

    def send(self, numbers):
        if not self._run or not self._address.startswith("http"):
            return
        self.close()
        now = int(time.time() * 1000)
        metrics = [
            {"key": self._prefix + name, "value": value, "timestamp": now, "step": self._step}
            for name, value in numbers.items()
        ]
        self._step += 1
        self._thread = threading.Thread(target=self._post, args=(metrics,), daemon=True)
        self._thread.start()

    def close(self):
        if self._thread is not None:
            self._thread.join(10)

    def _post(self, metrics):
        request = urllib.request.Request(
            self._address.rstrip("/") + "/api/2.0/mlflow/runs/log-batch",
            json.dumps({"run_id": self._run, "metrics": metrics}).encode("utf-8"),
            {
                "Content-Type": "application/json",
                "Authorization": "Bearer " + os.environ.get("MLFLOW_TRACKING_TOKEN", ""),
            },
        )
        try:
            # Never by a proxy: the server is on this machine.
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            opener.open(request, timeout=5).close()
        except OSError:
            pass  # progress is also in the log
