"""What a worker pays before its first request: import, catalogue, an open gate, memory.

Each is measured in fresh processes (`python -m tests.bench.start bare|gated STATE`), turn about.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from .report import Figure, Section, progress

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE_TARGET = 60.0
"""Milliseconds to load the catalogue."""

Steps = dict[str, float]


def measure(*, quick: bool) -> list[Section]:
    progress("starting, in fresh processes")
    bare: list[Steps] = []
    gated: list[Steps] = []
    with TemporaryDirectory() as folder:
        _apart("gated", folder)  # makes the secret and the ledger, and the .pyc files
        for _ in range(3 if quick else 9):
            bare.append(_apart("bare", folder))
            gated.append(_apart("gated", folder))
    figures = [
        _figure(gated, "import flask", "ms"),
        _figure(gated, "import cookiegate", "ms"),
        _figure(gated, "load the catalogue", "ms", CATALOGUE_TARGET),
        _figure(gated, "open the gate", "ms"),
        _figure(gated, "first page", "ms"),
        _figure(bare, "a worker's memory, bare", "MB"),
        _figure(gated, "a worker's memory, gated", "MB"),
    ]
    return [
        Section(
            "Starting a worker (processor time; medians of fresh processes)", tuple(f for f in figures if f)
        )
    ]


def _figure(runs: list[Steps], step: str, unit: str, target: float | None = None) -> Figure | None:
    if step not in runs[0]:
        return None
    return Figure(name=step, value=median(run[step] for run in runs), unit=unit, target=target)


def _apart(kind: str, folder: str) -> Steps:
    command = [sys.executable, "-m", "tests.bench.start", kind, folder]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    found: Steps = json.loads(ran.stdout)
    return found


def main() -> None:
    """The steps of one worker's start. Imports stand here because they are what is measured."""
    kind, folder = sys.argv[1:]
    steps: Steps = {}
    start = process_time()

    def step(name: str) -> None:
        nonlocal start
        steps[name] = (process_time() - start) * 1000
        start = process_time()

    from flask import Flask

    app = Flask("site")
    app.config["COOKIEGATE_STATE_DIR"] = folder
    app.config["COOKIEGATE_SERVICES"] = ["google-analytics", "youtube"]
    app.add_url_rule("/", view_func=lambda: "<!doctype html><title>x</title><body>Hello</body>")
    step("import flask")
    if kind == "gated":
        import cookiegate.flask_extension
        from cookiegate.catalogue_files import load_catalogue

        step("import cookiegate")
        load_catalogue()
        step("load the catalogue")
        cookiegate.flask_extension.CookieGate(app)
        step("open the gate")
    app.test_client().get("/", headers={"Sec-Fetch-Dest": "document"})
    step("first page")
    memory = _memory()
    if memory is not None:
        steps[f"a worker's memory, {kind}"] = memory
    json.dump(steps, sys.stdout)


def _memory() -> float | None:
    """Megabytes of the resident set; None off Linux."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return None
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    main()
