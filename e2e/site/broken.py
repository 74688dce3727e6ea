"""An error of ours, made on purpose: the verdicts of this one gate throw in the middle of a page."""

from __future__ import annotations

import dataclasses
from typing import Any

THROWS_AT = b"https://img.stranger.example"


class FaultyVerdicts:
    """The true verdicts until the page's first image is judged; that one throws."""

    def __init__(self, true: Any) -> None:
        self._true = true

    def __getattr__(self, name: str) -> Any:
        return getattr(self._true, name)

    def url(self, url: Any, *rest: Any) -> Any:
        text = url if isinstance(url, bytes) else str(url).encode()
        if text.startswith(THROWS_AT):
            raise ZeroDivisionError("made on purpose, for a test")
        return self._true.url(url, *rest)


def break_rewriter(gated: Any) -> None:
    """Make `gated` (a GateMiddleware) throw in the middle of rewriting, and nowhere else."""
    true = gated.gate.variants.of
    gated.gate.variants.of = lambda *asked: _faulty(true(*asked))


def _faulty(variant: Any) -> Any:
    return dataclasses.replace(variant, verdicts=FaultyVerdicts(variant.verdicts))
