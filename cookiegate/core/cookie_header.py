"""The request's `Cookie` header, as browsers write it (RFC 6265bis, 5.8.3): pairs between semicolons.

Quotes mean nothing to a browser, so they mean nothing here: a semicolon ends a pair wherever it stands. A
parser that honours quotes can only see fewer cookies than there are.
"""

from __future__ import annotations

from collections.abc import Callable


def filter_cookie_header(header: str, keep: Callable[[str], bool]) -> tuple[str, tuple[str, ...]]:
    """The header with only the cookies whose name `keep` approves, and the names that went, each once.

    Kept cookies stay as they came, byte for byte and in order; the very same text where nothing goes. A
    cookie without `=` is taken for its name: applications differ about it, so it gets no loophole.
    """
    removed: dict[str, None] = {}
    kept: list[str] = []
    for pair in header.split(";"):
        name = pair.partition("=")[0].strip(" \t")
        if not pair.strip(" \t") or keep(name):
            kept.append(pair)
        else:
            removed[name] = None
    if not removed:
        return header, ()
    return ";".join(kept).strip(" \t;"), tuple(removed)


def cookie_names(header: str) -> tuple[str, ...]:
    """Every name in the header, in order, with repetitions."""
    return tuple(pair.partition("=")[0].strip(" \t") for pair in header.split(";") if pair.strip(" \t"))
