"""Cross-origin answers: exactly the configured origins of a site may read them, and nobody may post from elsewhere.

Sources: Fetch Standard, 3.3 (CORS protocol); W3C Fetch Metadata.
"""

from __future__ import annotations

from flask import Request, Response

from ..errors import BadRequest
from ..web.origin import is_own_post
from .site import EmbeddedSite


def _(message: str) -> str:
    """Marks a text for extraction; it is translated where it is shown."""
    return message


FOREIGN = _("This did not come from a page of that site, so nothing was changed.")


def require_origin(site: EmbeddedSite, request: Request) -> None:
    """Raises BadRequest unless a script in a page of the site asks. `Origin: null` never counts."""
    if site.own:
        allowed = is_own_post(request.environ, site.gate.config.site.public_url)
    else:
        allowed = request.headers.get("Origin", "") in site.origins
    if not allowed:
        raise BadRequest(403, FOREIGN)
    if request.headers.get("Sec-Fetch-Mode", "cors") not in ("cors", "same-origin"):
        raise BadRequest(403, FOREIGN)


def share(site: EmbeddedSite, request: Request, response: Response) -> Response:
    """Lets the page that asked read the answer, where it is one of the site's."""
    response.headers.add("Vary", "Origin")
    origin = request.headers.get("Origin", "")
    if origin in site.origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        if site.shared:
            response.headers["Access-Control-Allow-Credentials"] = "true"
    return response
