"""A small campaign of `e2e.hostile`; `python -m e2e.hostile` runs a large one."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Playwright

from .hostile import grammar
from .hostile.campaign import Mode, running_campaign
from .hostile.minimise import minimised
from .hostile.spelling import page_of, renumbered

SEED = 7
PAGES = 40
MODES: tuple[Mode, ...] = ("rewriter", "policy", "open")


def test_hostile_pages_reach_nobody_but_without_a_gate(
    playwright: Playwright, browser_path: Path, tmp_path: Path
) -> None:
    reached = {}
    with running_campaign(
        playwright, browser_path, tmp_path, seed=SEED, mode="rewriter", scripts=(True,)
    ) as campaign:
        for mode in MODES:
            report = campaign.turn(mode)
            campaign.batch(range(PAGES), script=True)
            campaign.finish()
            reached[mode] = dict(report.reached)
    assert len(reached.pop("open")) > PAGES / 3
    assert reached == {"rewriter": {}, "policy": {}}


def test_a_page_is_the_same_again_and_says_which_it_is() -> None:
    assert grammar.page(SEED, 5) == grammar.page(SEED, 5) != grammar.page(SEED, 6)
    bodies = b"".join(grammar.page(SEED, number).body for number in range(200))
    assert page_of("h000007f01.t.test") == 7
    assert b"h000007f01." in bodies
    assert renumbered(b"//h000007f01.t.test", 7, 0xF00000) == b"//hf00000f01.t.test"


def test_every_line_of_the_grammar_is_used() -> None:
    pages = [grammar.page(1, number, beyond=True).body for number in range(40)]
    assert len(set(pages)) == 40
    for name in ("vectors.txt", "beyond.txt"):
        assert all("{" in line for line in grammar.templates(name))


def test_a_page_is_minimised_to_what_reaches() -> None:
    page = grammar.Page(
        [("Content-Type", "text/html"), ("Cache-Control", "no-store")], b"x" * 90 + b"<img>" + b"y" * 33
    )
    small = minimised(page, lambda some: [at for at, one in enumerate(some) if b"<img>" in one.body])
    assert small.body == b"<img>"
