"""`python -m e2e.bench`: when the banner is there to be pressed, on a slow phone's first visit.

Beside it, in the same run and turn about: a bare form from the same server, which is the floor; the same page
without a gate; and other consent managers on that page. docs/bench.md says how it is measured.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.bench.machine import load, machine
from tests.bench.report import progress, show

from ..browser import MISSING, find, launch_arguments
from ..lab.certificate import make_certificate
from ..lab.configuration import configuration
from ..lab.recorder import Recorder
from ..lab.servers import free_port, gunicorn, listens
from ..lab.visitor import ACCEPT
from .figures import FLOOR, GATED, NO_GATE, Rows, over_tls, sections
from .site import GATE_SETTINGS, MANAGERS
from .visit import first_visit

RUNS = 7


@dataclass(frozen=True)
class Place:
    """Something to visit; `button` holds the words to look for, "" where there is no banner."""

    name: str
    url: str
    button: str


def main(arguments: Sequence[str] | None = None) -> int:
    runs = _parser().parse_args(arguments).runs
    print(machine())
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = find(Path(playwright.chromium.executable_path))
        if path is None:
            print(MISSING)
            return 2
        with serving(Path(folder)) as (places, resolver_rules):
            browser = playwright.chromium.launch(**launch_arguments(path, resolver_rules))
            rows = _measure(browser, places, runs)
            browser.close()
    for section in sections(rows, runs):
        show(section)
    print(f"\nEnded at {load()}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m e2e.bench",
        description="When the banner is there to be pressed, beside a bare form and other consent managers.",
        epilog="examples:\n  python -m e2e.bench\n  python -m e2e.bench --runs 21    # steadier, ten minutes",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--runs", type=int, default=RUNS, help="visits to each page (default: %(default)s)")
    return parser


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[tuple[list[Place], str]]:
    """The places, and the rules that keep the browser on this machine: third parties are a recorder."""
    certificate = make_certificate(folder)
    settings = folder / "cookiegate.toml"
    settings.write_text(configuration("gated.localhost"), "utf-8")
    tls = ["--certfile", str(certificate.cert), "--keyfile", str(certificate.key)]
    with contextlib.ExitStack() as stack:
        recorder = stack.enter_context(Recorder(certificate).running())
        ports = []
        for options in ([], tls):
            port = free_port()
            server = gunicorn(
                "e2e.bench.site:make()",
                port=port,
                ready=lambda port=port: listens(port),
                log=folder / "gunicorn.log",
                env={GATE_SETTINGS: str(settings)},
                options=options,
            )
            stack.enter_context(server)
            ports.append(port)
        own = ", ".join(f"EXCLUDE {name}" for name in ("127.0.0.1", "localhost", "*.localhost"))
        yield _places(*ports), f"{own}, MAP * 127.0.0.1:{recorder.port}"


def _places(plain: int, tls: int) -> list[Place]:
    def http(name: str) -> str:
        return f"http://{name}.localhost:{plain}/"

    places = [
        Place(FLOOR, http("bare"), ACCEPT),
        Place(NO_GATE, http("open"), ""),
        Place(GATED, http("gated"), ACCEPT),
        Place(over_tls(FLOOR), f"https://bare.localhost:{tls}/", ACCEPT),
        Place(over_tls(GATED), f"https://gated.localhost:{tls}/", ACCEPT),
    ]
    for name, manager in MANAGERS.items():
        if manager.is_installed:
            places.append(Place(f"{manager.package} {manager.version}", http(name), manager.button))
        else:
            progress(f"without {manager.package}: not installed (npm ci in e2e/bench)")
    return places


def _measure(browser: Browser, places: list[Place], runs: int) -> Rows:
    """All places in turns, so that a busy moment of the machine falls on each; the first turn only warms up."""
    rows: Rows = {place.name: [] for place in places}
    for turn in range(runs + 1):
        progress(f"round {turn} of {runs}" if turn else "warming up")
        for place in places:
            seen = first_visit(browser, place.url, place.button)
            if turn:
                rows[place.name].append(seen)
    return rows


if __name__ == "__main__":
    sys.exit(main())
