"""Fixtures of the browser suite. One lab and one browser for the run, a fresh profile for each test."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from .browser import MISSING, find, launch_arguments
from .lab.lab import GATED, NODE_DIST, Lab, running_lab
from .lab.recorder import Recorder

Visit = Callable[..., Page]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "node: needs Node 20 and a Java runtime (`make test-node`)")
    config.addinivalue_line("markers", "sites: whole sites behind the proxy (`make test-proxy`)")


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("lab"), gate=os.environ.get("LAB_GATE") != "off") as running:
        yield running


@pytest.fixture(scope="session")
def browser_path(playwright: Playwright) -> Path:
    found = find(Path(playwright.chromium.executable_path))
    if found is None:
        pytest.exit(MISSING, returncode=2)
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_path: Path, lab: Lab) -> dict[str, Any]:
    return launch_arguments(browser_path, lab.resolver_rules)


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"ignore_https_errors": True}


@pytest.fixture(scope="session")
def built() -> None:
    """The pages that libraries of Node make."""
    node, packages = shutil.which("node"), NODE_DIST.with_name("node_modules")
    if node is None or not packages.exists():
        pytest.fail("Node and the packages of e2e/node are needed: run `make test-node`")
    subprocess.run([node, "build.js"], cwd=packages.parent, check=True)


@pytest.fixture
def recorder(lab: Lab) -> Recorder:
    """Empty: what an earlier test's browser still had under way does not count."""
    lab.recorder.settle(quiet=0.1, most=2)
    lab.recorder.clear()
    return lab.recorder


@pytest.fixture
def visit(recorder: Recorder, new_context: Callable[..., BrowserContext]) -> Visit:
    """`visit(path, host=…, js=…, **context options)`: a fresh visitor's first page, loaded."""

    def open_page(path: str = "/plain", *, host: str = GATED, js: bool = True, **options: Any) -> Page:
        context = new_context(java_script_enabled=js, **options)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.goto(f"https://{host}{path}")
        return page

    return open_page


@pytest.fixture
def visit_with_profile(
    recorder: Recorder, playwright: Playwright, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> Iterator[Visit]:
    """Like `visit`, in a profile on disk: Chromium warms connections up and speculates only there."""
    with contextlib.ExitStack() as profiles:

        def open_page(path: str = "/plain", *, host: str = GATED, js: bool = True) -> Page:
            context = profiles.enter_context(
                playwright.chromium.launch_persistent_context(
                    tmp_path / host,
                    java_script_enabled=js,
                    ignore_https_errors=True,
                    **browser_type_launch_args,
                )
            )
            page = context.new_page()
            page.goto(f"https://{host}{path}")
            return page

        yield open_page


@pytest.fixture(scope="session")
def node_dist() -> Path:
    """The bundles that `e2e/node` builds."""
    if not (NODE_DIST / "react18.html").exists():
        pytest.fail("e2e/node/dist is missing: run `make test-node`")
    return NODE_DIST
