"""Which machine measured, and how busy it was: what a figure means depends on both."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{platform.python_implementation()} {platform.python_version()} on {_processor()}, "
        f"{cores} cores, started at {load()}"
    )


def _processor() -> str:
    try:
        models = Path("/proc/cpuinfo").read_text().partition("model name")[2]
    except OSError:
        models = ""
    return models.partition("\n")[0].strip("\t :") or platform.machine()


def load() -> str:
    return "load " + " ".join(f"{average:.1f}" for average in os.getloadavg())
