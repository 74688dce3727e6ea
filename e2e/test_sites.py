"""Whole sites behind `cookiegate proxy`: nobody is reached, and after five decisions at most nothing is broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Playwright

from cookiegate.catalogue_files import load_delivery, registrable_domain
from cookiegate.config import Config, load_toml
from cookiegate.core.site import Site

from .lab.certificate import make_certificate
from .sites.looks import Pixels, difference, visit
from .sites.stage import OWN, SAVED, Stage, staged
from .sites.trial import Trial

pytestmark = pytest.mark.sites
TRIALS = pytest.mark.parametrize("trial", [*OWN, *SAVED], ids=lambda trial: trial.name)

PAIRS = 3


@pytest.fixture(scope="module")
def stage(
    tmp_path_factory: pytest.TempPathFactory, playwright: Playwright, browser_path: Path
) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("sites")
    with staged(folder, make_certificate(folder), playwright, browser_path) as running:
        yield running


def abroad(stage: Stage, trial: Trial, *passing: str) -> list[str]:
    """The requests that left the site, but for those to hosts that the settings print as passing."""
    config = load_toml(trial.file(stage.folder))
    site = Site(trial.host, own=config.site.own, registrable=registrable_domain())
    fine = {*delivery(config), *config.allow, *passing}
    stage.gated.settle(quiet=0.3, most=5)
    calls = stage.gated.requests
    return sorted({str(call) for call in calls if not site.owns(call.host) and not _among(call.host, fine)})


def delivery(config: Config) -> tuple[str, ...]:
    return config.delivery if config.delivery is not None else tuple(load_delivery())


def _among(host: str, patterns: set[str]) -> bool:
    return host in patterns or any(host.endswith(one[1:]) for one in patterns if one.startswith("*."))


@TRIALS
def test_site(stage: Stage, trial: Trial, tmp_path: Path) -> None:
    stage.gated.clear()
    for path in trial.pages:
        visit(stage.behind_gate, urljoin(trial.url, path), trial.host).page.context.close()
    assert abroad(stage, trial) == []
    stage.taken_up(trial)
    for number, path in enumerate(trial.pages):
        _compare(stage, trial, urljoin(trial.url, path), tmp_path / str(number))


def _compare(stage: Stage, trial: Trial, url: str, saved: Path) -> None:
    """A pixel differs when it does in each of several pairs of visits. Edges of letters fall otherwise by chance,
    one pixel in four million in one run of many; what the gate changes it changes each time."""
    differing, tried = _pair(stage, trial, url, saved / "0"), 1
    while differing.any() and tried < PAIRS:
        differing &= _pair(stage, trial, url, saved / str(tried))
        tried += 1
    assert not differing.any(), f"{differing.sum()} pixels differ in each of {PAIRS} pairs; see {saved}"


def _pair(stage: Stage, trial: Trial, url: str, saved: Path) -> Pixels:
    stage.gated.clear()
    gated, control = visit(stage.behind_gate, url, trial.host), visit(stage.as_it_is, url, trial.host)
    assert gated.page.locator("section.gate").count() == 1, "the banner is there"
    keys = gated.held()
    masks = [*gated.boxes(keys), *control.boxes(keys)]
    gated.take()
    control.take()
    new = Counter(gated.errors) - Counter(control.errors)
    gated.page.context.close()
    control.page.context.close()
    assert not new, f"errors that the site has behind the gate alone: {dict(new)}"
    return difference(control, gated, masks, saved)
