"""The files of the application: relative to its code, which is the working folder, or URIs."""
import os
import shutil
import tarfile
import zipfile

from headrace_spark.settings import Wrong


def located(field, names):
    return [_located(field, name) for name in names]


def _located(field, name):
    path, mark, alias = name.partition("#")
    if path.startswith("file:"):
        path = "/" + path[5:].lstrip("/") if path.startswith("file:/") else path[5:]
    if "://" in path or path.startswith("local:"):
        return name
    if not os.path.exists(path):
        raise Wrong("%s: there is no '%s' in the code" % (field, path))
    if "," in path:
        raise Wrong("%s: '%s' has a comma, which Spark takes for the end of the name" % (field, path))
    return os.path.abspath(path) + mark + alias


def lay_out(files, archives):
    """As on a cluster: files lie in the working folder, archives are unpacked into it."""
    for name in files:
        path, _, alias = name.partition("#")
        target = alias or os.path.basename(path)
        if os.path.isfile(path) and not os.path.exists(target):
            shutil.copyfile(path, target)
    for name in archives:
        path, _, alias = name.partition("#")
        target = alias or os.path.basename(path)
        if os.path.isfile(path) and not os.path.exists(target):
            _unpack(path, target)


def _unpack(path, target):
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            archive.extractall(target)
    elif tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            if hasattr(tarfile, "data_filter"):
                archive.extractall(target, filter="data")
            else:
                archive.extractall(target)
    else:
        raise Wrong("archives: '%s' is neither zip nor tar" % path)
