"""The words of the banner without its markup: what a consent record proves was shown."""

from __future__ import annotations

import html
import re

from .facts import PagePolicy

WORDS = PagePolicy(inline_style=False, own_style=False, inline_script=False, own_script=False)
"""A banner of nothing but its words and forms."""

TAG = re.compile(r"<[^>]*>")
SPACES = re.compile(r"\s+")


def words_of(banner: bytes) -> str:
    """Text of our own markup, whose attribute values hold no `>`: they are escaped."""
    return SPACES.sub(" ", html.unescape(TAG.sub(" ", banner.decode()))).strip()
