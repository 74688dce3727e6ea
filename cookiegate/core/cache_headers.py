"""Cache headers of a gated site: who may keep a response, and for how long without asking.

Three rules. A response that differs because something is granted, and that can run script, belongs to one
visitor: no shared cache keeps it. A page that is fully gated is the same for everyone without a choice, so
shared caches may keep it as long as the site says. And a browser asks again for every page, because the same
address looks different after a choice; only entity tags, which name the variant, can answer "unchanged".

`Last-Modified` goes from pages: it cannot name a variant, and it makes caches guess a lifetime where the site
gave none. `stale-while-revalidate` and `immutable` would show the page of before the choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from typing import Literal

Headers = list[tuple[str, str]]
Kind = Literal["page", "active", "inert"]
"""A page; anything else that can run script as a document or a worker; everything else."""

TARGETED = frozenset(
    {
        "cdn-cache-control",
        "surrogate-control",
        "x-accel-expires",
        "edge-control",
        "akamai-cache-control",
        "cloudflare-cdn-cache-control",
        "fastly-cache-control",
        "netlify-cdn-cache-control",
        "vercel-cdn-cache-control",
    }
)
"""Headers that tell one shared cache what `Cache-Control` does not (RFC 9213 and its forerunners)."""

VARY = ("Cookie", "Sec-GPC", "DNT", "Sec-Fetch-Dest")
"""What a page depends on: the choice, the signals, and whether it stands on top (only there is a banner)."""

_SHARED_ONLY = ("public", "s-maxage", "proxy-revalidate")
_PAST_CHOICE = ("max-age", "immutable", "stale-while-revalidate", "stale-if-error")
_CACHE = ("cache-control", "expires")


def kind_of(content_type: str) -> Kind:
    """By the `Content-Type` header's value; a response without a type may be sniffed into a page."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in ("", "text/html", "application/xhtml+xml"):
        return "page"
    if kind.endswith(("javascript", "ecmascript", "/xml", "+xml", "/pdf", "/wasm")):
        return "active"
    return "inert"


def private_headers(headers: Headers, kind: Kind) -> Headers:
    """For a visitor who granted something, or sent a signal. A page is asked for again at each visit; other
    active types keep the lifetime the site gave them, in this browser only."""
    dropped = _SHARED_ONLY + (_PAST_CHOICE if kind == "page" else ())
    directives = [d for d in _directives(headers) if d[0] not in (*dropped, "private")]
    start = ["private"]
    if kind == "page" and not any(name == "no-store" for name, _ in directives):
        start.append("max-age=0")
    gone = TARGETED | {"cache-control"} | ({"expires", "last-modified"} if kind == "page" else set())
    kept = [pair for pair in headers if pair[0].lower() not in gone]
    kept.append(("Cache-Control", ", ".join([*start, *(text for _, text in directives)])))
    kept.append(("CDN-Cache-Control", "no-store"))
    return vary_on(kept, VARY)


def shared_page_headers(headers: Headers) -> Headers:
    """For the fully gated page: the site's lifetime holds for shared caches alone."""
    directives = _directives(headers)
    lifetime = _lifetime(headers, directives)
    kept = [pair for pair in headers if pair[0].lower() not in ("last-modified", *_CACHE)]
    names = {name for name, _ in directives}
    texts = [text for name, text in directives if name not in _PAST_CHOICE]
    if lifetime is not None and not names & {"no-store", "no-cache"}:
        texts.append("max-age=0")
        if lifetime > 0 and not names & {"s-maxage", "private"}:
            texts.append(f"s-maxage={lifetime}")
    if texts:
        kept.append(("Cache-Control", ", ".join(texts)))
    return vary_on(kept, VARY)


def same_page_headers(headers: Headers) -> Headers:
    """For a page that is the same for every visitor, whatever they chose: as the site says, but a page that sets a
    cookie is its visitor's own. `Last-Modified` goes: it does not tell what was gated by other settings."""
    if any(pair[0].lower() == "set-cookie" for pair in headers):
        return private_headers(headers, "page")
    return [pair for pair in headers if pair[0].lower() != "last-modified"]


def vary_on(headers: Headers, names: Iterable[str]) -> Headers:
    """`Vary` with `names` added to what the site wrote; the site's own value first, `*` stays `*`."""
    present = [pair[1] for pair in headers if pair[0].lower() == "vary"]
    fields = [field.strip() for value in present for field in value.split(",") if field.strip()]
    if "*" in fields:
        return headers
    known = {field.lower() for field in fields}
    fields += [name for name in names if name.lower() not in known]
    return [*(pair for pair in headers if pair[0].lower() != "vary"), ("Vary", ", ".join(fields))]


def _directives(headers: Headers) -> list[tuple[str, str]]:
    """Lower-case name and text of each `Cache-Control` directive, in order."""
    found = []
    for name, value in headers:
        if name.lower() == "cache-control":
            for part in value.split(","):
                text = part.strip()
                if text:
                    found.append((text.partition("=")[0].strip().lower(), text))
    return found


def _lifetime(headers: Headers, directives: list[tuple[str, str]]) -> int | None:
    """Seconds that the site lets everyone keep the page, None where it does not say."""
    for name, text in directives:
        if name == "max-age":
            digits = text.partition("=")[2].strip(' "')
            return int(digits[:10]) if digits.isdecimal() else 0
    dates = {name.lower(): value for name, value in headers if name.lower() in ("expires", "date")}
    if "expires" not in dates:
        return None
    try:
        # Without a Date there is nothing to measure from: no lifetime is the safe reading.
        length = parsedate_to_datetime(dates["expires"]) - parsedate_to_datetime(dates["date"])
    except (KeyError, TypeError, ValueError):
        return 0
    return max(0, int(length.total_seconds()))
