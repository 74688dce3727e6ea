"""The smallest form of a page that still reaches a host: both ends, then eighths … single bytes are left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .grammar import Page

Reaching = Callable[[Sequence[Page]], list[int]]
"""Which of these pages reach a host, by index."""
AT_ONCE = 64
MOST_ROUNDS = 80


def minimised(page: Page, reaching: Reaching) -> Page:
    """`page` itself where it reaches nobody when it is tried again."""
    plain = page._replace(headers=[*page.headers[:2]])
    if plain != page and reaching([plain]):
        page = plain
    for _ in range(2):
        page = _shorter(page, [slice(at, None) for at in reversed(_cuts(page))], reaching)
        page = _shorter(page, [slice(0, at) for at in _cuts(page)], reaching)
    size = max(1, len(page.body) // 8)
    for _ in range(MOST_ROUNDS):
        smaller = _round(page, size, reaching)
        if smaller is not None:
            page = smaller
        elif size == 1:
            break
        else:
            size = size // 2
    return page


def _cuts(page: Page) -> list[int]:
    size = len(page.body)
    return sorted({size * part // AT_ONCE for part in range(1, AT_ONCE)})


def _shorter(page: Page, pieces: Sequence[slice], reaching: Reaching) -> Page:
    """The first of these pieces of the page that reaches a host; the shortest comes first."""
    forms = [page._replace(body=page.body[piece]) for piece in pieces]
    return forms[found[0]] if (found := reaching(forms)) else page


def _round(page: Page, size: int, reaching: Reaching) -> Page | None:
    """The page without as many pieces of `size` bytes as can be left out, None where none can."""
    body = page.body
    starts = list(range(0, len(body), size))
    found: list[int] = []
    for at in range(0, len(starts), AT_ONCE):
        some = starts[at : at + AT_ONCE]
        found += [some[index] for index in reaching([_without(page, [start], size) for start in some])]
    if not found:
        return None
    if len(found) > 1:
        together = [_without(page, found, size), _without(page, found[::2], size)]
        for index in reaching(together):
            return together[index]
    return _without(page, found[:1], size)


def _without(page: Page, starts: Sequence[int], size: int) -> Page:
    body = page.body
    for start in reversed(starts):
        body = body[:start] + body[start + size :]
    return page._replace(body=body)
