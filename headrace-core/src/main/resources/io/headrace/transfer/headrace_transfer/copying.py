"""Files into one folder, or one file to one place."""
import os
import shutil

from headrace_transfer.settings import Wrong


def into(target, sources, as_file, overwrite):
    """Copies all files of the sources; tells how many files and bytes."""
    if as_file:
        return _one(target, sources)
    plan = {}
    for source in sources:
        for path, relative in _files(source):
            other = plan.get(relative)
            if other is not None and not overwrite:
                raise Wrong(
                    "'%s' is in two inputs, and data_copy_mode is fail_if_conflict: "
                    "rename one, or write merge_with_overwrite" % relative
                )
            plan[relative] = path
    _check_places(plan)
    size = 0
    for relative, path in sorted(plan.items()):
        size += _put(path, os.path.join(target, relative))
    return len(plan), size


def _one(target, sources):
    files = [path for source in sources for path, _ in _files(source)]
    if len(files) != 1:
        raise Wrong("the output is one file, and the inputs hold %d: write type: uri_folder" % len(files))
    return 1, _put(files[0], target)


def _files(source):
    """Every file of a folder with its path in it; of a file, its name."""
    if not os.path.isdir(source):
        if not os.path.exists(source):
            raise Wrong("there is nothing at %s" % source)
        yield source, os.path.basename(source)
        return
    for folder, _, names in os.walk(source, followlinks=True):
        for name in names:
            path = os.path.join(folder, name)
            yield path, os.path.relpath(path, source)


def _check_places(plan):
    """A name that is a file in one input and a folder in another can be neither."""
    for relative in plan:
        parent = os.path.dirname(relative)
        while parent:
            if parent in plan:
                raise Wrong("'%s' is a file in one input and a folder in another" % parent)
            parent = os.path.dirname(parent)


def _put(source, target):
    """Whole or not at all: a reader of the target never sees half a file."""
    os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
    if os.path.isdir(target):
        raise Wrong("'%s' is a folder, and a file is to be written there" % target)
    part = "%s.%d.part" % (target, os.getpid())
    try:
        shutil.copyfile(source, part)
        os.chmod(part, 0o755 if os.access(source, os.X_OK) else 0o644)
        size = os.path.getsize(part)
        os.replace(part, target)
        return size
    finally:
        if os.path.exists(part):
            os.remove(part)
