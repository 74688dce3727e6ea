"""`python -m tests.bench [PART …] [--quick] [--json FILE]`: what the gate costs, beside its targets."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from .machine import load, machine
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
    heading = machine()
    print(heading)
    sections: list[Section] = []
    for part in chosen.parts or PARTS:
        progress(PARTS[part])
        for section in import_module(f"{__package__}.{part}").measure(quick=chosen.quick):
            show(section)
            sections.append(section)
    print(f"\nEnded at {load()}.")
    if chosen.json:
        write_json(chosen.json, heading, sections)


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


if __name__ == "__main__":
    main()
