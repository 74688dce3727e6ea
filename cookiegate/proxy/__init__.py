"""The reverse proxy: an ASGI application that answers with what a site behind it says.

It knows nothing of consent: `cookiegate.asgi.GateMiddleware` stands in front of it, as of any application.
"""

from .app import Proxy
from .trusted import TrustedProxies
from .upstream import Upstream

__all__ = ["Proxy", "TrustedProxies", "Upstream"]
