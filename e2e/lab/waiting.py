"""Waiting for what no page can be asked for: as long as a busy machine may take, and no longer than it does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

MOST = 10_000
STEP = 50
"""Milliseconds."""


def wait_until(page: Page, true: Callable[[], object], what: str) -> None:
    """Until `true()` is: the browser's events arrive meanwhile. Fails, naming `what`, after ten seconds."""
    for _ in range(MOST // STEP):
        if true():
            return
        page.wait_for_timeout(STEP)
    pytest.fail(f"never: {what}")
