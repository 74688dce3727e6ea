"""A browser that keeps what it has loaded: Chromium stores nothing that came under a certificate it does not trust."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright

from ..browser import launch_arguments
from ..lab.lab import Lab
from ..lab.recorder import Recorder


@pytest.fixture(scope="session")
def trusting_browser(playwright: Playwright, browser_path: Path, lab: Lab) -> Iterator[Browser]:
    options = launch_arguments(browser_path, lab.resolver_rules)
    args = [each for each in options["args"] if each != "--ignore-certificate-errors"]
    options["args"] = [*args, f"--ignore-certificate-errors-spki-list={lab.certificate.key_hash}"]
    browser = playwright.chromium.launch(**options)
    yield browser
    browser.close()


@pytest.fixture
def keeping(trusting_browser: Browser, recorder: Recorder) -> Iterator[Callable[..., BrowserContext]]:
    """`keeping(**context options)`: a fresh visitor's profile with a cache in it."""
    contexts: list[BrowserContext] = []

    def new(**options: object) -> BrowserContext:
        context = trusting_browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context

    yield new
    for context in contexts:
        context.close()
