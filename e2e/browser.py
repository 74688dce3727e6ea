"""Find the browser of the suite: `python e2e/browser.py` fetches one where it can, or says how to get one.

Playwright's own Chromium where it is there or can be had, else the system's.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FETCH_TIMEOUT = 600
QUIET_BROWSER = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-quic",
    "--no-default-browser-check",
    "--no-first-run",
    "--ignore-certificate-errors",
]
MISSING = (
    "No browser for the end-to-end tests. Get one of these, then run the command again:\n"
    "  .venv/bin/playwright install --with-deps --no-shell chromium\n"
    "  apt-get install chromium        (Debian, Ubuntu)"
)


def own_path() -> Path:
    """Where Playwright would have its Chromium."""
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def system() -> Path | None:
    for name in SYSTEM_NAMES:
        if found := shutil.which(name):
            return Path(found)
    return None


def find(own: Path) -> Path | None:
    """The browser to use: `own` where it is installed and starts. `COOKIEGATE_BROWSER` names another one."""
    if named := os.environ.get("COOKIEGATE_BROWSER"):
        return Path(named)
    return own if _starts(own) else system()


def launch_arguments(browser: Path, resolver_rules: str) -> dict[str, Any]:
    """How every browser of the suite starts: quiet, and with the whole world mapped to loopback."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {
        "executable_path": str(browser),
        "args": [*QUIET_BROWSER, *sandbox, f"--host-resolver-rules={resolver_rules}"],
        # Playwright switches the back/forward cache off; visitors have it.
        "ignore_default_args": ["--disable-back-forward-cache"],
    }


def fetch() -> None:
    """Ask Playwright for its browser; without a network, or on an unknown system, this does nothing."""
    command = [sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]
    with contextlib.suppress(subprocess.SubprocessError, OSError):
        subprocess.run(command, capture_output=True, timeout=FETCH_TIMEOUT, check=True)


def _starts(path: Path) -> bool:
    """A downloaded browser without the system libraries it needs ends at once."""
    try:
        subprocess.run([path, "--version"], capture_output=True, timeout=30, check=True)
    except (subprocess.SubprocessError, OSError):
        return False
    return True


def main() -> int:
    own = own_path()
    if not os.environ.get("COOKIEGATE_BROWSER") and not _starts(own):
        fetch()
    found = find(own)
    print(f"browser: {found}" if found else MISSING)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
