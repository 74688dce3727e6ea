"""An error of ours, made on purpose: the verdicts of this one gate throw when a page's tags are judged."""

from __future__ import annotations

from typing import Any


def break_rewriter(gated: Any) -> None:
    """Make `gated` (a GateMiddleware) throw in the middle of rewriting, and nowhere else."""
