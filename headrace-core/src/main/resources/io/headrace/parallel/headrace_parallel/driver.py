"""The parallel step: cuts its input into mini batches and has a crew of workers run them.

Begin with main(). Python 3.7 or newer, and nothing else unless the input is a table.
"""
import os

from headrace_parallel import batches
from headrace_parallel import checkpoint as checkpoints
from headrace_parallel import crew as crews
from headrace_parallel import settings as told
from headrace_parallel import tables
from headrace_parallel.coordinator import Coordinator, Failure
from headrace_parallel.report import Report


def main():
    try:
        return _run()
    except told.Wrong as e:
        print("parallel: error: %s" % e, flush=True)
        return 1


def _run():
    checkpoint = checkpoints.open_checkpoint()
    settings = told.read()
    moved = _lead_outputs_to(checkpoint, settings)
    settings = told.read()  # its arguments may name outputs
    table = tables.of_step(settings)
    work = batches.of(settings, table, checkpoint.scratch)
    report = Report(settings, work, len(checkpoint.done))
    size = settings.workers or crews.usual_size()
    coordinator = Coordinator(
        settings, work, checkpoint, table.schema if table is not None else None, report
    )
    crew = crews.Crew(size, coordinator.address, coordinator.token)
    report.begin(min(size, coordinator.open_batches))
    try:
        coordinator.run(crew)
        _check_successes(settings, coordinator, checkpoint, len(work))
    except Failure as e:
        crew.end(0)
        first = "; the first: " + report.first_error if report.first_error else ""
        report.end(coordinator, "failed: %s" % e)
        print("parallel: error: %s%s" % (e, first), flush=True)
        return 1
    crew.end(settings.timeout)
    if settings.append_row_to:
        checkpoint.write_rows(_row_file(settings), settings.dataframe_header)
    if moved:
        checkpoint.move_outputs(moved)
    report.end(coordinator, "succeeded")
    return 0


def _lead_outputs_to(checkpoint, settings):
    """What run() writes into an output must outlive this attempt, as what it returns does."""
    moved = []
    for name in settings.outputs:
        if name == settings.append_row_to:
            continue
        target = os.environ["AZURE_ML_OUTPUT_" + name]
        folder = os.path.join(checkpoint.outputs, name)
        os.makedirs(folder, exist_ok=True)
        kept = folder if os.path.isdir(target) else os.path.join(folder, os.path.basename(target))
        for variable, value in list(os.environ.items()):
            if target in value:
                os.environ[variable] = value.replace(target, kept)
        moved.append((kept, target))
    return moved


def _row_file(settings):
    path = os.environ["AZURE_ML_OUTPUT_" + settings.append_row_to]
    return os.path.join(path, settings.append_row_file_name) if os.path.isdir(path) else path


def _check_successes(settings, coordinator, checkpoint, total):
    if total and not checkpoint.done:
        raise Failure("no mini batch succeeded")
    if total and coordinator.failed_batches * 100.0 / total > settings.allowed_failed_percent:
        raise Failure(
            "%d of %d mini batches failed; allowed_failed_percent is %g"
            % (coordinator.failed_batches, total, settings.allowed_failed_percent)
        )

