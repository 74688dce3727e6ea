"""Serves hostile pages to a real browser, many in frames of one page, and notes which of them reached a host."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import BrowserContext, Error, Playwright
from playwright.sync_api import Page as Tab

from ..browser import launch_arguments
from ..lab.certificate import client_context, make_certificate
from ..lab.configuration import configuration
from ..lab.lab import BROWSER_ITSELF
from ..lab.recorder import Recorder
from ..lab.servers import free_port, gunicorn
from . import grammar
from .spelling import page_of, renumbered

Mode = Literal["rewriter", "policy", "open"]
FRAMES = 64
"""Pages in one: as many frames as fit into the window."""
TABS = 3
"""Of each browser: what one page does late, it does while the others load."""
ALONE_EVERY = 12
"""Of so many batches one is visited page by page: a frame has no icon, manifest or speculation."""
LINGER = 0.35
LOAD_TIMEOUT = 15_000
WINDOW = {"width": 1210, "height": 900}


@dataclass
class Report:
    tried: int = 0
    reached: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Number of a page -> what it called."""
    strange: set[str] = field(default_factory=set)
    """Calls that name no page."""


class Campaign:
    """One server, one recorder and two browsers, with and without script. Made by `running_campaign`."""

    def __init__(
        self, folder: Path, seed: int, mode: Mode, recorder: Recorder, browsers: dict[bool, BrowserContext]
    ) -> None:
        self._folder = folder
        self._seed = seed
        self._mode = mode
        self._recorder = recorder
        self._tabs: dict[bool, Iterator[Tab]] = {
            script: itertools.cycle([context.new_page() for _ in range(TABS)])
            for script, context in browsers.items()
        }
        self._numbers = itertools.count(0xF00000)
        self.report = Report()

    def turn(self, mode: Mode) -> Report:
        """From here on, pages stand behind `mode`, and a new report begins."""
        self.finish()
        self._mode, self.report = mode, Report()
        return self.report

    def batch(self, numbers: Sequence[int], *, script: bool, alone: bool = False) -> None:
        self._visit(
            [f"{self._mode}/page/{self._seed}/{number}" for number in numbers], script=script, alone=alone
        )
        self.report.tried += len(numbers)
        self._collect()

    def finish(self) -> None:
        """Wait for what is late."""
        time.sleep(LINGER)
        self._recorder.settle(most=3)
        self._collect()

    def reaching(
        self, bodies: Sequence[grammar.Page], number: int, *, script: bool, alone: bool
    ) -> list[int]:
        """Which of `bodies`, forms of page `number`, reach a host."""
        names = [next(self._numbers) for _ in bodies]
        for name, (headers, body) in zip(names, bodies, strict=True):
            text = renumbered(body, number, name).decode("latin-1")
            headers = [(key, renumbered(value.encode(), number, name).decode()) for key, value in headers]
            (self._folder / "candidates" / str(name)).write_text(json.dumps([headers, text]))
        for at in range(0, len(names), FRAMES):
            self._visit(
                [f"{self._mode}/file/{name}" for name in names[at : at + FRAMES]], script=script, alone=alone
            )
        time.sleep(LINGER)
        self._recorder.settle(quiet=0.3, most=3)
        called = {page_of(call.host) for call in self._recorder.calls}
        self._collect()
        for name in names:
            self.report.reached.pop(name, None)
        return [index for index, name in enumerate(names) if name in called]

    def _visit(self, paths: Sequence[str], *, script: bool, alone: bool) -> None:
        if alone:
            urls = [f"https://site.test/{path}" for path in paths]
        else:
            urls = ["https://site.test/frames?" + "&".join(f"path={path}" for path in paths)]
        for url in urls:
            with contextlib.suppress(Error):  # a page may lead elsewhere, or never be done
                next(self._tabs[script]).goto(url, timeout=LOAD_TIMEOUT)

    def _collect(self) -> None:
        calls = self._recorder.calls
        self._recorder.clear()
        for call in calls:
            number = page_of(call.host)
            if number is not None:
                self.report.reached[number].add(str(call))
            elif call.host != "site.test":
                self.report.strange.add(str(call))


@contextlib.contextmanager
def running_campaign(
    playwright: Playwright,
    browser: Path,
    folder: Path,
    *,
    seed: int,
    mode: Mode,
    scripts: Sequence[bool] = (True, False),
) -> Iterator[Campaign]:
    """A campaign in `folder`, with a browser for each of `scripts`: whether it runs them."""
    certificate = make_certificate(folder)
    (folder / "candidates").mkdir()
    (folder / "cookiegate.toml").write_text(configuration("site.test"))
    port = free_port()
    tls = ["--certfile", str(certificate.cert), "--keyfile", str(certificate.key)]
    with contextlib.ExitStack() as stack:
        recorder = stack.enter_context(Recorder(certificate).running())
        stack.enter_context(
            gunicorn(
                "e2e.hostile.site:application",
                port=port,
                ready=lambda: _status(port) == 200,
                log=folder / "gunicorn.log",
                env={"LAB_DIR": str(folder)},
                options=tls,
            )
        )
        launch = launch_arguments(browser, resolver_rules(port, recorder))
        del launch["ignore_default_args"]  # a page left behind with its frames would only take memory
        browsers = {
            script: stack.enter_context(
                playwright.chromium.launch_persistent_context(  # without a profile Chromium never preconnects
                    folder / f"profile-{script}",
                    java_script_enabled=script,
                    ignore_https_errors=True,
                    viewport=WINDOW,
                    **launch,
                )
            )
            for script in scripts
        }
        yield Campaign(folder, seed, mode, recorder, browsers)


def resolver_rules(port: int, recorder: Recorder) -> str:
    rules = [f"MAP {name} 127.0.0.1:{port}" for name in ("site.test", "*.site.test")]
    rules += [f"MAP {name} ~NOTFOUND" for name in BROWSER_ITSELF]
    rules += [f"EXCLUDE {name}" for name in ("127.0.0.1", "localhost")]
    rules += [f"MAP *:80 127.0.0.1:{recorder.plain_port}", f"MAP * 127.0.0.1:{recorder.port}"]
    return ", ".join(rules)


def _status(port: int) -> int:
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=client_context(), timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", "/own.css", headers={"Host": "site.test"})
        return connection.getresponse().status
