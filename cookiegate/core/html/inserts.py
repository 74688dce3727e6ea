"""What goes into a page besides its own bytes, and what is known of the page by then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What the page has shown so far: its `<meta>` policies, its language, whether it has a `<base>` of its
    own, and the services (ids, or hosts) that something was held for."""

    meta_csp: tuple[str, ...] = ()
    lang: str = ""
    has_base: bool = False
    held: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inserts:
    """What to insert into one document; each goes in at most once, and nothing where it returns b"".

    `early` stands first in the head and `banner` first in the body, also where those are implied. `link` stands
    before `</body>` (or at the end), unless the page has a link to `/_gate/settings`. `signal` takes the vendor
    families of the first released script that has one and stands right before it. `first` stands before the first
    script, or where the body ends without any. `sure` says that the browser asked for a document; else a doctype
    or `<html>` must come first.
    """

    early: Callable[[PageFacts], bytes] | None = None
    banner: Callable[[PageFacts], bytes] | None = None
    link: Callable[[PageFacts], bytes] | None = None
    signal: Callable[[frozenset[str], PageFacts], bytes] | None = None
    first: Callable[[PageFacts], bytes] | None = None
    sure: bool = False
