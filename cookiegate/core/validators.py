"""Entity tags and conditional requests, per variant.

A rewritten page has one form per consent, so each form gets a tag of its own: the site's tag, marked. The
mark comes off before the site sees a conditional request, and only where it names the very variant that the
visitor would get now; so a 304 always speaks of bytes that were gated for this consent.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

MARK = "~gate"
"""Between the site's tag and the variant: `"abc"` becomes `W/"abc~gate.u"`, `W/"abc"` `W/"abc~gatew.u"`."""

LONGEST = 4096
"""Characters of an `If-None-Match` that are read; a longer one is dropped, which costs one full response."""

_TAG = re.compile(r'(W/)?"([^"\x00-\x20\x7f]*)"')
_OURS = re.compile(rf"(.*){MARK}(w?)\.([^~]*)\Z")
_VARIANT = re.compile(r"[^\x21\x23-\x7d]+|~")

_PAGES = frozenset({"document", "iframe", "frame", "embed", "object", "fencedframe"})


def mark(etag: str, variant: str, *, weak: bool = True) -> str:
    """The site's tag for one variant; "" for what is no tag. `weak`: the body's bytes are not the site's."""
    tag = _TAG.fullmatch(etag.strip(" \t"))
    if tag is None:
        return ""
    strength = "W/" if weak or tag[1] else ""
    return f'{strength}"{tag[2]}{MARK}{"w" if tag[1] else ""}.{_safe(variant)}"'


def unmark(if_none_match: str, variant: str, *, foreign: bool = False) -> str | None:
    """An `If-None-Match` as the site may see it, None where no tag is left.

    Tags of this variant lose their mark, tags of another are dropped. A tag without a mark belongs to a body
    that was never rewritten, or to a page kept from before the gate was there: it stays where `foreign`.
    """
    if len(if_none_match) > LONGEST:
        return None
    if if_none_match.strip(" \t") == "*":
        return "*" if foreign else None
    kept: list[str] = []
    wanted = _safe(variant)
    for tag in _TAG.finditer(if_none_match):
        ours = _OURS.match(tag[2])
        if ours is None:
            if foreign:
                kept.append(tag[0])
        elif ours[3] == wanted:
            kept.append(f'{"W/" if ours[2] else ""}"{ours[1]}"')
    return ", ".join(kept) or None


def may_be_page(environ: MutableMapping[str, Any]) -> bool:
    """Whether the browser will take the answer for a document, by `Sec-Fetch-Dest`; by
    `Accept` where there is none."""
    dest = environ.get("HTTP_SEC_FETCH_DEST")
    if dest == "empty" and environ.get("HTTP_SEC_FETCH_MODE") == "navigate":
        return True  # a service worker has passed a navigation on
    if dest is not None:
        return dest in _PAGES
    accept = environ.get("HTTP_ACCEPT", "")
    return not accept or "html" in accept or accept == "*/*"


def edit_conditions(environ: MutableMapping[str, Any], variant: str, *, page: bool) -> None:
    """Translate the conditional headers of a GET or HEAD in place. `page`: see `may_be_page`.

    For a page, only tags of this variant survive, and neither `If-Modified-Since` (a date knows no variant),
    nor `Range` and `If-Range` (a part of a page cannot be rewritten). Anything else keeps all of them, save
    tags of another variant and a date beside them.
    """
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        clean = unmark(tags, variant, foreign=not page)
        if clean is None:
            del environ["HTTP_IF_NONE_MATCH"]
            environ.pop("HTTP_IF_MODIFIED_SINCE", None)
        else:
            environ["HTTP_IF_NONE_MATCH"] = clean
    if page or not _same_variant_range(environ, variant):
        for key in ("HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_IF_RANGE"):
            environ.pop(key, None)


def _same_variant_range(environ: MutableMapping[str, Any], variant: str) -> bool:
    """Translate the tag in `If-Range`; False where it names another variant, whose rest does not fit."""
    condition = environ.get("HTTP_IF_RANGE")
    if condition is None or '"' not in condition:
        return True
    clean = unmark(condition, variant, foreign=True)
    if clean is None:
        return False
    environ["HTTP_IF_RANGE"] = clean
    return True


def _safe(variant: str) -> str:
    return _VARIANT.sub("-", variant)
