"""`python -m tests.bench [PART …] [--quick] [--json FILE]`: what the gate costs, beside its targets."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from .report import Section, progress, show, write_json

PARTS = {
    "rewriter": "the HTML rewriter beside its peers",
    "in_process": "microseconds added to a request, without a server",
    "under_gunicorn": "requests a second and latencies of a Flask site, bare and gated",
    "small_parts": "consent cookie and address truncation",
    "memory": "memory while a large page streams",
    "start": "what a worker pays before its first request",
}


def main(arguments: Sequence[str] | None = None) -> None:
    chosen = _parser().parse_args(arguments)
    machine = _machine()
    print(machine)
    sections: list[Section] = []
    for part in chosen.parts or PARTS:
        progress(PARTS[part])
        for section in import_module(f"{__package__}.{part}").measure(quick=chosen.quick):
            show(section)
            sections.append(section)
    print(f"\nEnded at {_load()}.")
    if chosen.json:
        write_json(chosen.json, machine, sections)


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {name:<15} {what}" for name, what in PARTS.items())
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=f"What CookieGate costs, measured beside its targets. Parts:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "parts", nargs="*", metavar="PART", type=_part, help="only these parts (default: all)"
    )
    parser.add_argument(
        "--quick", action="store_true", help="fewer and shorter rounds: a look, not a figure to quote"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE as well")
    return parser


def _part(name: str) -> str:
    if name not in PARTS:
        raise argparse.ArgumentTypeError(f"{name} is no part; there are {', '.join(PARTS)}")
    return name


def _machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{platform.python_implementation()} {platform.python_version()} on {_processor()}, "
        f"{cores} cores, started at {_load()}"
    )


def _processor() -> str:
    try:
        models = Path("/proc/cpuinfo").read_text().partition("model name")[2]
    except OSError:
        models = ""
    return models.partition("\n")[0].strip("\t :") or platform.machine()


def _load() -> str:
    return "load " + " ".join(f"{load:.1f}" for load in os.getloadavg())


if __name__ == "__main__":
    main()
