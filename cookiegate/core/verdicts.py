"""The verdict table: what passes and what is held, for one site and one consent.

A `Verdicts` is built per variant (site, catalogue, consent key) and kept; it is asked for every URL, cookie
and inline script of a page, so its answers are remembered in a bounded cache.
"""

from __future__ import annotations

from typing import NamedTuple


class Verdict(NamedTuple):
    """The answer about one third-party thing.

    `service` is a catalogue id, or None for a host nobody named; `host` is the third party's host ("" for an
    inline script held by a snippet rule). `signal` names the vendor family ("google", "microsoft", "clarity",
    "meta") whose consent signal must precede this tag, else "".
    """

    hold: bool
    category: str
    service: str | None
    host: str
    signal: str = ""
