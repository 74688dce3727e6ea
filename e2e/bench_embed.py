"""One script tag beside its peers: `make bench-embed`.

Each manager is installed as its own guide says, in the same unmodified page of 17 ways to reach a tracker. Leaks,
bytes (compressed, before a choice) and axe's findings come from an ordinary visit; the time until a button to
accept can be pressed and tasks over 50 ms from a slow phone's profile: 4 times slower CPU, 1.6 Mbit/s, 150 ms, the
median of five fresh visits. The button counts from the paint that shows its words, once a press meets it. The peers'
files come from the page's own host, over its connection; ours from another site, and from a subdomain of the page's.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, TimeoutError, sync_playwright

from .browser import MISSING, find, launch_arguments
from .lab.embed_pages import peers
from .lab.lab import Lab, running_lab
from .lab.visitor import ACCEPT
from .site.vectors import PEERS_17

RUNS = 5
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
"""Milliseconds, and bytes a second."""
OURS = "first"
BESIDE = "subdomain"
PLACES = {BESIDE: ("www.shared.test", OURS)}
"""Rows whose page stands elsewhere, or whose tag has another name."""
VERBOSE = bool(os.environ.get("BENCH_VERBOSE"))
"""Each slow visit by itself."""
GIVE_UP = 10_000
"""Milliseconds; a banner that has not come by then is shown as `inf`."""
AFTERWARDS = 600
"""Milliseconds after which the browser has reported the time of a paint, and tasks that a manager has put off."""
WATCH = (Path(__file__).parent / "bench" / "watch.js").read_text("utf-8")
BUTTONS = {
    "klaro": "That's ok",
    "orejime": "Accept",
    "tarteaucitronjs": "OK, accept all",
    "vanilla-cookieconsent": "Accept all",
}
"""What the button says that grants everything; ours is the visitor's word for it."""
TASKS = """
self.longTasks = [];
new PerformanceObserver(list => self.longTasks.push(...list.getEntries().map(task => Math.round(task.duration))))
  .observe({ type: 'longtask', buffered: true });
"""
THERE = "banner is there"
"""What the page says by its console."""
SHOWN = "self.paintedAt ?? self.hitAt ?? null"


class Row(NamedTuple):
    leaks: int
    ran: int
    kilobytes: float
    shown: float
    long_tasks: float
    serious: int


def address(name: str) -> str:
    host, tag = PLACES.get(name, ("shop.test", name))
    return f"https://{host}/vectors?tag={tag}"


def watch(name: str) -> str:
    """For the page alone: whatever runs in its frames is work of their own that no visitor has."""
    return f"if (self === top) {{ {TASKS} ({WATCH})({json.dumps(BUTTONS.get(name, ACCEPT))}) }}"


def measure(lab: Lab, browser: Browser, names: list[str]) -> dict[str, Row]:
    """The slow visits are taken in turns, so that a busy moment of the machine falls on each manager."""
    plain = {name: ordinary(lab, browser, name) for name in names}
    slow: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for _ in range(RUNS):
        for name in names:
            slow[name].append(slow_visit(browser, name))
    return {name: _row(plain[name], slow[name]) for name in names}


def _row(plain: tuple[int, int, int, int], slow: list[tuple[float, float]]) -> Row:
    leaks, ran, size, serious = plain
    shown, tasks = (statistics.median(values) for values in zip(*slow, strict=True))
    return Row(leaks, ran, size / 1000, shown, tasks, serious)


def ordinary(lab: Lab, browser: Browser, how: str) -> tuple[int, int, int, int]:
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.add_init_script(watch(how))
    asked: list[Request] = []
    page.on("requestfinished", lambda request: asked.append(request))
    lab.recorder.settle()
    lab.recorder.clear()
    await_banner(page, how, "load")
    lab.recorder.settle(least=1.0)
    found = len(lab.recorder.vectors & set(PEERS_17))
    executed = len(page.evaluate("self.ran || []"))
    size = sum(body_size(asked, ("/_gate/", "/lib/")))
    serious = serious_findings(page)
    context.close()
    return found, executed, size, serious


def await_banner(page: Page, how: str, until: Literal["commit", "load"]) -> None:
    if how == "none":
        page.goto(address(how), wait_until=until)
        return
    with (
        contextlib.suppress(TimeoutError),
        page.expect_console_message(lambda said: said.text == THERE, timeout=GIVE_UP),
    ):
        page.goto(address(how), wait_until=until)


def body_size(asked: Iterable[Request], parts: tuple[str, ...]) -> list[int]:
    return [r.sizes()["responseBodySize"] for r in asked if any(part in r.url for part in parts)]


def serious_findings(page: Page) -> int:
    found = Axe().run(page).response["violations"]
    return sum(len(item["nodes"]) for item in found if item["impact"] in ("serious", "critical"))


def slow_visit(browser: Browser, how: str) -> tuple[float, float]:
    """Milliseconds until the button is there, and tasks of more than 50 ms."""
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 412, "height": 823})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(watch(how))
    # The window's own furniture takes a processor at first.
    page.wait_for_timeout(AFTERWARDS)
    await_banner(page, how, "commit")
    with contextlib.suppress(TimeoutError):
        page.wait_for_load_state("load", timeout=GIVE_UP)
    page.wait_for_timeout(AFTERWARDS)
    shown, tasks = page.evaluate(f"[{SHOWN}, self.longTasks]")
    if VERBOSE:
        print(f"  {how}: {shown} {tasks}", file=sys.stderr)
    context.close()
    return (0.0 if how == "none" else float("inf") if shown is None else float(shown)), float(len(tasks))


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = find(Path(playwright.chromium.executable_path))
        if path is None:
            print(MISSING)
            return 2
        with running_lab(Path(folder)) as lab:
            browser = playwright.chromium.launch(**launch_arguments(path, lab.resolver_rules))
            print(HEAD)
            for name, row in measure(lab, browser, ["none", OURS, BESIDE, *peers()]).items():
                show(name, row)
            browser.close()
    return 0


HEAD = f"{'':24}{'leaks':>7}{'ran':>6}{'kB gzip':>9}{'shown, ms':>11}{'long tasks':>12}{'axe serious':>13}"


def show(name: str, row: Row) -> None:
    title = {"none": "no manager", OURS: "cookiegate", BESIDE: "cookiegate (subdomain)"}.get(name, name)
    line = f"{title:24}{row.leaks:7}{row.ran:6}{row.kilobytes:9.1f}{row.shown:11.0f}{row.long_tasks:12.0f}"
    print(f"{line}{row.serious:13}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
