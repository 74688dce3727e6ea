"""`Link` and `Refresh`: headers by which a browser reaches other hosts before it reads a page."""

from __future__ import annotations

import re
from collections.abc import Callable

from .verdicts import Verdict

UrlVerdict = Callable[[str, str], Verdict | None]
"""Of a URL and the URL it is relative to; None and `hold=False` both let it pass."""

LOADING = frozenset(
    {
        "preconnect",
        "dns-prefetch",
        "preload",
        "modulepreload",
        "prefetch",
        "prerender",
        "stylesheet",
        "icon",
        "manifest",
        "compression-dictionary",
    }
)
"""Relations on which some browser makes a request, or a connection, of its own accord."""

_VALUE = re.compile(r"(?:<[^>]*>|\"(?:[^\"\\]|\\.)*\"|[^,<\"]|[<\"])+")
_TARGET = re.compile(r"\s*<([^>]*)>(.*)", re.DOTALL)
_SAID = r";\s*{}\s*=\s*(?=\"((?:[^\"\\]|\\.)*)|([^\s;,\"]*))"
_REL = re.compile(_SAID.format("rel"), re.IGNORECASE | re.DOTALL)
"""Each place that might name the relations: one inside another parameter's string counts too."""
_IMAGES = re.compile(_SAID.format("imagesrcset"), re.IGNORECASE | re.DOTALL)
_CANDIDATE = re.compile(r"[^\s,]+")
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
# https://html.spec.whatwg.org/multipage/document-lifecycle.html#shared-declarative-refresh-steps
_REFRESH = re.compile(r"\s*[0-9.]*\s*[;,]?\s*(?:url\s*=\s*)?(.*)", re.IGNORECASE | re.DOTALL)


def filter_link(value: str, verdict: UrlVerdict, base: str, held: list[Verdict]) -> str:
    """The header without the values that load from a held host; "" where nothing is left.

    What stays, stays byte for byte. `held` collects the verdicts of what went. A value that is no link a
    browser would follow stays too, unless it names a network address.
    """
    values = _VALUE.findall(value)
    kept = [part for part in values if not _is_held(part, verdict, base, held)]
    return value if len(kept) == len(values) else ",".join(kept).strip(" \t")


def refresh_targets(value: str) -> list[str]:
    """Where a `Refresh` header leads, by each reading; [""] where it reloads the page itself."""
    match = _REFRESH.match(value)
    return [target.strip() for target in unquoted(match[1] if match else "")]


def unquoted(target: str) -> list[str]:
    """What a browser may take for the URL of a refresh: up to the next quote of the kind that opens it, as the
    standard has it, or up to the last one, as Chromium does."""
    quote = target[:1]
    if quote not in ("'", '"'):
        return [target]
    inner = target[1:]
    return list(dict.fromkeys([inner.partition(quote)[0], inner.rpartition(quote)[0] or inner]))


def _is_held(part: str, verdict: UrlVerdict, base: str, held: list[Verdict]) -> bool:
    target = _TARGET.match(part)
    if target is None:
        return "//" in part
    relations = _said(_REL, target[2])
    if not relations or not LOADING & set(" ".join(relations).lower().replace("'", " ").split()):
        return False
    images = _CANDIDATE.findall(" ".join(_said(_IMAGES, target[2])))
    for url in (target[1], *images):
        answer = verdict(url, base)
        if answer is not None and answer.hold:
            held.append(answer)
            return True
    return False


def _said(parameter: re.Pattern[str], text: str) -> list[str]:
    return [_QUOTED_PAIR.sub(r"\1", match[1] or match[2] or "") for match in parameter.finditer(text)]
