"""`make bench-dashboard`, its second half: the dashboard's first page in the profile of a slow phone.

4 times slower processor, 1.6 Mbit/s, 150 ms; nothing kept from before but the sign-in.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from .bench.visit import NETWORK, PHONE, QUIET, SLOWER
from .browser import MISSING, find, launch_arguments
from .dashboard_site import PASSWORD, PATH, dashboard_site

ROUNDS = 5
PAINTS = """() => new Promise((done) => {
  const watch = new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime));
  watch.observe({ type: "largest-contentful-paint", buffered: true });
})"""


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        dashboard_site(Path(folder), 120) as site,
    ):
        found = find(Path(playwright.chromium.executable_path))
        if found is None:
            raise SystemExit(MISSING)
        browser = playwright.chromium.launch(**launch_arguments(found, ""))
        page = browser.new_page()
        page.goto(f"{site}/sign-in")
        page.get_by_label("Name").fill("anna")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"**{PATH}**")
        cookies = page.context.cookies()
        paints = []
        for _ in range(ROUNDS):
            context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
            context.add_cookies(cookies)  # type: ignore[arg-type]
            fresh = context.new_page()
            session = context.new_cdp_session(fresh)
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", NETWORK)
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            fresh.wait_for_timeout(QUIET)
            fresh.goto(f"{site}{PATH}", wait_until="load")
            fresh.wait_for_timeout(QUIET)
            paints.append(fresh.evaluate(PAINTS))
            context.close()
        browser.close()
        print(f"largest contentful paint, {ROUNDS} first visits: {statistics.median(paints):.0f} ms "
              f"({min(paints):.0f} to {max(paints):.0f})")  # fmt: skip


if __name__ == "__main__":
    main()
