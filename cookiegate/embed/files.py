"""What is the same for everyone: compressed once, answered with 304 where the browser has it already."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from typing import NamedTuple

from flask import Response, request


class _Packed(NamedTuple):
    plain: bytes
    gzipped: bytes
    tag: str


@lru_cache(maxsize=1024)
def _packed(text: str) -> _Packed:
    plain = text.encode()
    return _Packed(plain, gzip.compress(plain, 9, mtime=0), hashlib.sha256(plain).hexdigest()[:16])


def answer(text: str, content_type: str, keep: str, *, mark: str = "") -> Response:
    """`text` to the present request. Any page may have it: nothing of a visitor is in it, and a tag with `integrity`
    asks for it by CORS. `mark` begins its entity tag: who asks again says by it which form they have."""
    packed = _packed(text)
    headers = {
        "Cache-Control": keep,
        "Content-Type": content_type,
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Vary": "Accept-Encoding",
    }
    if request.accept_encodings.quality("gzip") > 0:
        response = Response(packed.gzipped, headers=headers | {"Content-Encoding": "gzip"})
    else:
        response = Response(packed.plain, headers=headers)
    response.set_etag(mark + packed.tag, weak=True)
    response.make_conditional(request)
    return response
