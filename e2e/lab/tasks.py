"""Tasks of a page's own thread, by the processor time they took: however busy the machine is, they stay as long."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

LONG = 50.0
"""Milliseconds, the W3C's Long Tasks limit."""
TASK = "ThreadControllerImpl::RunTask"


@contextmanager
def traced_tasks(browser: Browser, page: Page, script: str) -> Iterator[list[float]]:
    """The list is filled when the block has ended: milliseconds of each long task in which a script whose address
    holds `script` ran, the slow-down that the page emulates included. Chromium alone can be traced."""
    found: list[float] = []
    browser.start_tracing(page=page, categories=["toplevel", "devtools.timeline"])
    try:
        yield found
    finally:
        found += _long(json.loads(browser.stop_tracing())["traceEvents"], script)


def _long(events: list[dict[str, Any]], script: str) -> list[float]:
    ran = [
        e for e in events if script in str(e.get("args", {}).get("data", {}).get("url", "")) and "dur" in e
    ]
    assert ran, f"no script of {script} was seen to run"
    return [
        round(task["tdur"] / 1000, 1)
        for task in events
        if task.get("name") == TASK and task.get("tdur", 0) > LONG * 1000
        if any(_holds(task, event) for event in ran)
    ]


def _holds(task: dict[str, Any], event: dict[str, Any]) -> bool:
    same = (task["pid"], task["tid"]) == (event["pid"], event["tid"])
    return same and task["ts"] <= event["ts"] <= task["ts"] + task["dur"]
