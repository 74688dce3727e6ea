"""`data:` URLs: documents that carry themselves, and that nobody has looked into."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

_TYPE = re.compile(r"data:([^,;]*)", re.IGNORECASE)
_AROUND: Final = "".join(map(chr, range(33)))
_WITHIN: Final = {9: None, 10: None, 13: None}
"""What a URL parser takes away around a URL and inside it."""
_DOCUMENT_TYPES: Final = ("html", "xml", "xsl")


def shows_document(url: str) -> bool:
    """Whether `url` is a `data:` one that a browser shows as a document."""
    match = _TYPE.match(url.lstrip(_AROUND).translate(_WITHIN))
    return match is not None and any(word in unquote(match[1]).lower() for word in _DOCUMENT_TYPES)
