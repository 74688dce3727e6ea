"""One first visit in the profile of a slow phone, and what the browser says of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession

SLOWER = 4
"""Times by which the page's own processor is slowed down."""
NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}
"""1.6 Mbit/s down, 150 ms before each answer. Chromium delays requests by it, not handshakes."""
PHONE = {"width": 412, "height": 823}
WATCH = Path(__file__).with_name("watch.js").read_text("utf-8")
THERE = "banner is there"
"""What the page says by its console: a script that waits in the page would count among its own."""
PAINTED = f"""
new PerformanceObserver((list) => {{
  if (list.getEntriesByName("first-contentful-paint").length) console.debug({THERE!r});
}}).observe({{ type: "paint", buffered: true }});
"""
"""Where there is no banner to wait for."""
QUIET = 1_000
"""Milliseconds from opening a window to using it: its own furniture takes a processor at first."""
AFTERWARDS = 400
"""Milliseconds after which the browser has reported the time of a paint."""
TIMEOUT = 30_000

FACTS = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  return {
    shown: self.paintedAt ?? self.hitAt ?? null,
    first_paint: paint.startTime,
    connected: page.connectEnd - page.connectStart,
    secured: page.secureConnectionStart ? page.connectEnd - page.secureConnectionStart : 0,
    first_byte: page.responseStart,
    last_byte: page.responseEnd,
    size: page.encodedBodySize,
  };
}"""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Milliseconds from the start of the navigation, unless said otherwise."""

    shown: float | None
    """When the button was there to be pressed; None where the page has none."""
    first_paint: float
    connected: float
    """How long the connection took to be set up, its handshake included."""
    secured: float
    """How long its TLS handshake took; 0 without."""
    first_byte: float
    """As the server gave it: before the emulated network has held it back."""
    last_byte: float
    """As the page got it."""
    size: int
    """Bytes of the page's body, as sent."""
    script: float
    style: float
    layout: float
    """Milliseconds of the page's own processor until a moment after the banner was there, slowed down."""


def first_visit(browser: Browser, url: str, words: str) -> Seen:
    """A fresh profile opens `url`. `words` are those of the button to look for; "" where there is none."""
    context = browser.new_context(ignore_https_errors=True, viewport=PHONE)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        session.send("Performance.enable")
        page.add_init_script(f"({WATCH})({words!r})" if words else PAINTED)
        page.wait_for_timeout(QUIET)
        with page.expect_console_message(lambda said: said.text == THERE, timeout=TIMEOUT):
            page.goto(url, wait_until="commit")
        page.wait_for_timeout(AFTERWARDS)
        return Seen(**page.evaluate(FACTS), **_work(session))
    finally:
        context.close()


def _work(session: CDPSession) -> dict[str, float]:
    metrics: list[dict[str, Any]] = session.send("Performance.getMetrics")["metrics"]
    seconds = {metric["name"]: float(metric["value"]) for metric in metrics}
    names = {"script": "ScriptDuration", "style": "RecalcStyleDuration", "layout": "LayoutDuration"}
    return {ours: seconds[theirs] * 1000 for ours, theirs in names.items()}
