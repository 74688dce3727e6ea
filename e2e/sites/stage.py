"""Everything that runs for the trial: sites, the world, two `cookiegate proxy` (plain and TLS), two browsers."""

from __future__ import annotations

import contextlib
import http.client
import socket
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Playwright
from werkzeug.serving import make_server

from cookiegate.demo.settings import DemoSettings
from cookiegate.demo.website import site_app
from e2e.browser import launch_arguments
from e2e.lab.certificate import Certificate, client_context
from e2e.lab.lab import BROWSER_ITSELF, SAVED_PAGES
from e2e.lab.recorder import Recorder
from e2e.lab.servers import free_port, process

from .answers import HERE, of_folder, of_page, of_world
from .trial import Trial, read_trials

OWN = read_trials("own.toml")
SAVED = [trial for trial in read_trials("saved.toml") if (SAVED_PAGES / f"{trial.name}.html").exists()]
FLASK = "flask"
TAGGED = "/tagged.html"
"""A page that the stand-ins send with an entity tag."""
TAKEN_UP = 20
"""Seconds in which a running gate has taken up its operator's decisions."""


@dataclass
class Stage:
    """`gated` is the world as the gated browser sees it: whatever reaches it has left the site. `proxies` are the
    ports of the plain gate and of the one with TLS."""

    folder: Path
    gated: Recorder
    behind_gate: Browser
    as_it_is: Browser
    proxies: dict[bool, int]

    def taken_up(self, trial: Trial) -> None:
        """Take the decisions, and return when the running gate answers by them: the entity tag of a page stands
        for the settings, the policy for some of them."""
        if not trial.decisions:
            return
        before, deadline = self._tag(trial), time.monotonic() + TAKEN_UP
        trial.decide(self.folder)
        while self._tag(trial) == before:
            assert time.monotonic() < deadline, "the decisions are not in force"
            time.sleep(0.2)

    def _tag(self, trial: Trial) -> str:
        plain = http.client.HTTPConnection("127.0.0.1", self.proxies[False])
        tls = http.client.HTTPSConnection("127.0.0.1", self.proxies[True], context=client_context())
        connection = tls if trial.secure else plain
        connection.request("GET", TAGGED, headers={"Host": trial.host, "Sec-Fetch-Dest": "document"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return f"{answer.headers['ETag']} {answer.headers['Content-Security-Policy']}"


@contextlib.contextmanager
def staged(folder: Path, certificate: Certificate, playwright: Playwright, browser: Path) -> Iterator[Stage]:
    with contextlib.ExitStack() as stack:
        servers = {
            trial.name: stack.enter_context(_site(trial, folder, certificate)) for trial in (*OWN, *SAVED)
        }
        for trial in (*OWN, *SAVED):
            trial.write(folder, f"http://127.0.0.1:{servers[trial.name][0]}")
        proxies = {
            secure: stack.enter_context(
                _proxy([t for t in (*OWN, *SAVED) if t.secure is secure], folder, certificate)
            )
            for secure in (False, True)
        }
        gated = stack.enter_context(Recorder(certificate, of_world).running())
        world = stack.enter_context(Recorder(certificate, of_world).running())
        fronts = {t.host: proxies[t.secure] for t in (*OWN, *SAVED)}
        ungated = {t.host: servers[t.name][1 if t.secure else 0] for t in (*OWN, *SAVED)}
        launch = [launch_arguments(browser, rules(*pair)) for pair in ((fronts, gated), (ungated, world))]
        browsers = [stack.enter_context(playwright.chromium.launch(**arguments)) for arguments in launch]
        yield Stage(folder, gated, *browsers, proxies)


def rules(sites: dict[str, int], world: Recorder) -> str:
    """Chromium's `--host-resolver-rules`: each site to its port, all else to the stand-ins."""
    lines = [f"MAP {host} 127.0.0.1:{port}" for host, port in sites.items()]
    lines += [f"MAP {name} ~NOTFOUND" for name in BROWSER_ITSELF]
    return ", ".join([*lines, f"MAP *:80 127.0.0.1:{world.plain_port}", f"MAP * 127.0.0.1:{world.port}"])


@contextlib.contextmanager
def _site(trial: Trial, folder: Path, certificate: Certificate) -> Iterator[tuple[int, int]]:
    """The ports of one site, plain and TLS."""
    if trial.name == FLASK:
        with _flask(folder) as port:
            yield port, port
        return
    saved = SAVED_PAGES / f"{trial.name}.html"
    answers = (
        partial(of_page, saved, trial.pages[0]) if trial in SAVED else partial(of_folder, HERE / trial.name)
    )
    with Recorder(certificate, answers).running() as server:
        yield server.plain_port, server.port


@contextlib.contextmanager
def _flask(folder: Path) -> Iterator[int]:
    """The demo's site, a Flask application, without its gate and with its vendors by their real names."""
    state = folder / "flask-state"
    state.mkdir()
    app = site_app(DemoSettings(state=str(state), real_hosts=True, gated=False))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()


@contextlib.contextmanager
def _proxy(trials: list[Trial], folder: Path, certificate: Certificate) -> Iterator[int]:
    """One `cookiegate proxy` for all of them, by name."""
    port, secure = free_port(), any(trial.secure for trial in trials)
    if not trials:
        yield port
        return
    command = [sys.executable, "-m", "cookiegate", "proxy", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    command += ["--tls", str(certificate.cert), str(certificate.key)] if secure else []
    for trial in trials:
        command += ["--config", str(trial.file(folder))]

    def listening() -> bool:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return "startup complete" in log.read_text()

    log = folder / ("tls.log" if secure else "plain.log")
    with process(command, ready=listening, log=log):
        yield port
