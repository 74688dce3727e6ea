"""Inline scripts that carry a page's data and run nothing: what a framework's server hands to its client.

Such a script may hold all that the page says, a tracker's snippet among it. Holding it would take the page from its
framework; the tag that the framework then makes of it is stopped where it calls. Only a script that is a piece of data
from its first byte to its last is one: a string given to a stream, or JSON given to a name of the framework's.
Sources: Next.js (`self.__next_f`, the payload of React's server components), React Router 7
(`streamController.enqueue`), and the `window.__STATE__ = {…}` of server-side rendering, Redux's and Apollo's among it.
"""

from __future__ import annotations

import json
import re
from typing import Final

_STREAM: Final = (
    (b"self.__next_f.push([", b"])"),
    (b"(self.__next_f=self.__next_f||[]).push([", b"])"),
    (b"window.__reactRouterContext.streamController.enqueue(", b")"),
)
_TEXT: Final = re.compile(rb'(?:\d,)?"[^"\\\n\r]*(?:\\[^\n\r][^"\\\n\r]*)*"|\d')
_NAME: Final = re.compile(rb"(?:window|self|globalThis)\.__\w+\s*=(?=\s*[{\[])")


def is_page_data(text: bytes) -> bool:
    """Whether this script, whole, is data and nothing else."""
    script = text.strip().removesuffix(b";").rstrip()
    for start, end in _STREAM:
        if script.startswith(start):
            return script.endswith(end) and bool(_TEXT.fullmatch(script, len(start), len(script) - len(end)))
    named = _NAME.match(script)
    return named is not None and _is_json(script[named.end() :])


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
