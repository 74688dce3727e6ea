"""Which attributes of which elements make a browser ask some host, and the shape of their values."""

from __future__ import annotations

from typing import Final, Literal

Shape = Literal["url", "srcset", "urls", "css", "values", "mark"]

CSS_ATTRIBUTES: Final = frozenset(
    b"style clip-path cursor fill filter marker marker-start marker-mid marker-end mask mask-image stroke".split()
)
"""A style sheet's declarations, or in SVG the value of one."""

_STYLE: Final[dict[bytes, Shape]] = {b"style": "css", b"background": "url"}
_DRAWN: Final[dict[bytes, Shape]] = {b"style": "css", b"href": "url", b"xlink:href": "url"}
_CLICKED: Final[dict[bytes, Shape]] = {b"style": "css", b"ping": "urls", b"attributionsrc": "urls"}
_ANIMATED: Final[dict[bytes, Shape]] = {
    b"style": "css",
    b"href": "url",
    b"xlink:href": "url",
    **dict.fromkeys((b"to", b"from", b"by", b"values"), "values"),
}
_SOURCE: Final[dict[bytes, Shape]] = {b"style": "css", b"src": "url"}

VECTORS: Final[dict[bytes, dict[bytes, Shape]]] = {
    b"a": _CLICKED,
    b"area": _CLICKED,
    b"img": {b"style": "css", b"src": "url", b"srcset": "srcset", b"attributionsrc": "urls"},
    b"image": {**_DRAWN, b"src": "url", b"srcset": "srcset"},  # outside SVG a parser makes it an `img`
    b"source": {b"style": "css", b"src": "url", b"srcset": "srcset"},
    b"input": _SOURCE,
    b"video": {b"style": "css", b"src": "url", b"poster": "url"},
    b"model": {b"style": "css", b"src": "url", b"poster": "url"},
    b"audio": _SOURCE,
    b"track": _SOURCE,
    b"embed": {b"style": "css", b"src": "url", b"code": "url"},
    b"frame": _SOURCE,
    b"iframe": _SOURCE,
    b"bgsound": _SOURCE,
    b"object": {b"style": "css", b"data": "url"},
    b"script": {b"style": "css", b"attributionsrc": "urls"},  # its source: `HtmlRewriter`
    b"link": {b"style": "css", b"href": "url", b"imagesrcset": "srcset"},
    b"base": {b"style": "css", b"href": "url"},
    **dict.fromkeys(
        b"use feimage lineargradient radialgradient pattern filter textpath mpath tref cursor font-face-uri".split(),
        _DRAWN,
    ),
    **dict.fromkeys(b"set animate animatetransform animatemotion animatecolor".split(), _ANIMATED),
}
"""Anything else has no vector but `_STYLE`. `data-gate` is ours: a page's own must be set apart from it.

A `data:` URL asks nobody by itself. The document, style sheet or script in it may; the page's
Content-Security-Policy goes with it and holds that.
"""
for _shapes in (_STYLE, *VECTORS.values()):
    _shapes.update(dict.fromkeys(CSS_ATTRIBUTES, "css"))
    _shapes[b"data-gate"] = "mark"

ANY_ELEMENT = _STYLE

FETCHING_LINKS: Final = frozenset(
    b"stylesheet preload modulepreload prefetch preconnect dns-prefetch prerender icon apple-touch-icon"
    b" apple-touch-icon-precomposed apple-touch-startup-image mask-icon fluid-icon manifest import search"
    b" subresource compression-dictionary monetization next".split()
)
"""Tokens of `rel` at which a browser fetches, or opens a connection, before anyone clicks."""

EMPTY_LINKS: Final = {
    b"stylesheet": b"data:text/css,",
    b"modulepreload": b"data:text/javascript,",
    b"manifest": b"data:application/json,{}",
}
"""What stands for a held link: empty, and of the type that its `rel` wants, so that nothing complains."""

SCRIPT_ATTRIBUTES: Final = frozenset(
    b"src href xlink:href type language async defer nomodule crossorigin integrity"
    b" referrerpolicy fetchpriority blocking".split()
)
"""Put aside of a held script: a data block may not have them (HTML standard, 4.12.1)."""

SCRIPT_TYPES: Final = frozenset(
    b"module application/ecmascript application/javascript application/x-ecmascript application/x-javascript"
    b" text/ecmascript text/javascript text/javascript1.0 text/javascript1.1 text/javascript1.2 text/javascript1.3"
    b" text/javascript1.4 text/javascript1.5 text/javascript1.6 text/javascript1.7 text/jscript text/livescript"
    b" text/x-ecmascript text/x-javascript".split()
)

HELD_DIRECTIVES: Final = frozenset([b"accept-ch", b"delegate-ch", b"x-dns-prefetch-control"])
"""`<meta http-equiv>` that hands out hints about the visitor, or resolves the hosts of every link."""
