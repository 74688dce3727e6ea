"""How an address may be spelt where it stands, and the host by which a call says which page made it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

OWNERS = (".t.test", ".t.test", ".t.test", ".t.test", ".doubleclick.net")
"""A domain nobody knows, and one that every catalogue does."""
_HOST = re.compile(r"h([0-9a-f]{6})f[0-9a-f]{2}\.", re.IGNORECASE)

BARE = (
    "https://§/x", "https://§/x", "//§/x", "\\\\§/x", "/\\§/x", "https:/\\§/x", "https:///§/x", "HTTPS://§",
    "&#104;ttps://§/x", "https&colon;//§/x", "/&sol;§/x", "&#47&#47;§/x", "https:&#0000047;/§/x", "//§:443/x",
    "//u:p@§/x", "//site.test@§/x", "//§?x", "//§#x", "https&#58//§/x", "&bsol;&bsol;§/x", "//§./x",
    "//§\\@site.test/x", "//§/@site.test", "//§#@site.test", "//§?.site.test", "//§\\.site.test/x",
    "//site.test&#64§/x", "//site.test:x@§", "///site.test@§/x", "//§&#47.site.test/x", "https://site.test\\@@§/x",
    "\\/site.test&commat;§",
)  # fmt: skip
QUOTED = (
    *BARE, " //§/x ", "\n//§/x", "ht\ntps://§/x", "/\t/§/x", "&NewLine;//§/x", "\x01//§/x", "&Tab;/&Tab;/§/x",
    "/\r\n/§/x", "https:\r//§/x", "\x0c//§/x", "&#x20;//§/x",
)  # fmt: skip
SHEET = (
    "https://§/x", "https://§/x", "//§/x", "\\2f/§/x", "\\68ttps://§/x", "https\\3a //§/x", "/\\/§/x", "\\\\\\\\§/x",
    "\\00002f\\00002f§/x", "\\00002F\t/§/x", "h\\74\ntps://§/x",
)  # fmt: skip
STYLE = (*SHEET, "&#104;ttps://§/x", "https&colon;//§/x", "/&#92;/§/x", "&bsol;2f/§/x", "&#x5c;2f /§/x")
JSON = ("https://§/x", "//§/x", "\\/\\/§/x", "\\u002f/§/x", "https:\\/\\/§\\u002fx", "\\u0068ttps://§/x")
PERCENT = ("https://§/x", "https:%2F%2F§/x", "https:/%2f§/x")
KINDS = {
    "u": BARE, "q": QUOTED, "a": QUOTED, "c": SHEET, "s": STYLE, "j": JSON, "p": PERCENT,
    "r": ("https://§/x",), "h": ("§",),
}  # fmt: skip
_PLACE = re.compile(r"\{([uqacsjprh])\}")
USUAL = 0.5
"""The share of addresses in the plainest spelling: what surrounds one matters more."""


def host_of(page: int, fragment: int, draw: random.Random) -> str:
    return f"h{page:06x}f{fragment:02x}{draw.choice(OWNERS)}"


def page_of(host: str) -> int | None:
    """The number of the page that called `host`, or None where no page of ours did."""
    match = _HOST.match(host)
    return int(match[1], 16) if match else None


def renumbered(text: bytes, page: int, number: int) -> bytes:
    """The same page under another number."""
    return re.sub(rb"(?i)h%06x(?=f[0-9a-f]{2})" % page, b"h%06x" % number, text)


def spelt(template: str, host: Callable[[], str], draw: random.Random) -> str:
    """`template` with an address in each of its places."""

    def address(place: re.Match[str]) -> str:
        forms = KINDS[place[1]]
        form = forms[0] if draw.random() < USUAL else draw.choice(forms)
        return form.replace("§", host())

    return _PLACE.sub(address, template)
