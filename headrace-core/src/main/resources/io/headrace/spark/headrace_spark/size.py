"""How large the application may be on this machine.

In local mode one process is driver and executors at once: it gets what they all would have had,
as far as the machine has it.
"""
import os
import re

_UNITS = {"": 1 << 20, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40, "p": 1 << 50}


def threads(conf):
    cores = _count(conf, "spark.executor.cores")
    executors = _executors(conf)
    wanted = (cores or 1) * (executors or 1) if cores or executors else machine_cores()
    return max(1, min(wanted, machine_cores()))


def memory(conf):
    """The heap, as Spark writes sizes; empty when nothing was said, and then Spark's own default."""
    driver = _bytes(conf.get("spark.driver.memory", ""))
    executor = _bytes(conf.get("spark.executor.memory", ""))
    if not driver and not executor:
        return ""
    wanted = (driver or 1 << 30) + executor * max(1, _executors(conf))
    most = machine_memory() * 3 // 4
    return "%dm" % max(512, min(wanted, most) >> 20)


def _executors(conf):
    if conf.get("spark.dynamicAllocation.enabled", "").lower() == "true":
        most = _count(conf, "spark.dynamicAllocation.maxExecutors")
        if most:
            return most
    return _count(conf, "spark.executor.instances")


def _count(conf, name):
    text = conf.get(name, "").strip()
    return int(text) if text.isdigit() else 0


def _bytes(text):
    match = re.match(r"^\s*(\d+)\s*([kmgtp]?)b?\s*$", text, re.IGNORECASE)
    return int(match.group(1)) * _UNITS[match.group(2).lower()] if match else 0


def machine_cores():
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def machine_memory():
    """Bytes; a container's limit counts."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            with open(limit) as file:
                text = file.read().strip()
        except OSError:
            continue
        if text.isdigit():
            total = min(total, int(text))
    return total
