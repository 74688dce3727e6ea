"""The seventeen ways, each marked up as a manager asks its users to mark it up. Sources: the managers' own guides."""

from __future__ import annotations

import re

TAG = re.compile(r"<(script|img|iframe|link|video|object|div)\b([^>]*)>")
URL = re.compile(r"\s(src|srcset|href|data)=(\"[^\"]*\")")
SELF = "window.ran = window.ran || []"

MARKS = {
    "gate": ('data-gate="marketing"', "data-gate-"),
    "vanilla": ('data-category="marketing"', "data-"),
    "klaro": ('data-type="text/javascript" data-name="marketing"', "data-"),
    "cookiebot": ('data-cookieconsent="marketing"', "data-cookieblock-"),
    "usercentrics": ('data-usercentrics="Lab Ads"', "data-uc-"),
    "onetrust": ('class="optanon-category-C0004"', "data-"),
    "cookieyes": ('data-cookieyes="cookieyes-advertisement"', "data-"),
    "template": ("", ""),
    "orejime": ("", ""),
}
"""Manager -> what marks an element, and the beginning of the attributes that stand in for its URLs.

Where there is none, the whole element goes into an inert wrapper."""
WRAPPERS = {"template": '<template data-gate="marketing">', "orejime": '<template data-purpose="marketing">'}


def marked_up(text: str, manager: str) -> str:
    """Every third-party element of the page of seventeen vectors, and its inline script, in `manager`'s mark-up."""
    if manager in WRAPPERS:
        return _wrapped(text, WRAPPERS[manager])
    mark, prefix = MARKS[manager]
    return TAG.sub(
        lambda tag: _marked(tag, mark, prefix), _style_wrapped(text, '<template data-gate="marketing">')
    )


def _marked(tag: re.Match[str], mark: str, prefix: str) -> str:
    name, attributes = tag[1], tag[2]
    if name == "script" and "src=" in attributes:
        kind = ' data-gate-type="module" data-type="module"' if 'type="module"' in attributes else ""
        attributes = attributes.replace('type="module"', "")
        return f'<script type="text/plain" {mark}{kind}{attributes}>'
    if name == "script":
        return tag[0] if tag.string[tag.end() :].startswith(SELF) else f'<script type="text/plain" {mark}>'
    if not URL.search(attributes) or 'href="data:' in attributes or name == "div":
        return tag[0]
    return f"<{name} {mark}{URL.sub(lambda url: f' {prefix}{url[1]}={url[2]}', attributes)}>"


def _style_wrapped(text: str, opening: str) -> str:
    """A background in a style attribute has no mark-up of its own anywhere: the wrapper alone can hold it."""
    return re.sub(
        r"(<div style=\"background-image.*?</div>)", rf"{opening}\1</template>", text, flags=re.DOTALL
    )


def _wrapped(text: str, opening: str) -> str:
    elements = (
        r"<script[^>]*src=.*?</script>|<link rel=\"(?:stylesheet|preload)[^>]*>|<img[^>]*>|<iframe.*?</iframe>"
        r"|<div style=.*?</div>|<video.*?</video>|<object.*?</object>|<script>\s*\(function.*?</script>"
    )
    return re.sub(f"({elements})", rf"{opening}\1</template>", text, flags=re.DOTALL)
