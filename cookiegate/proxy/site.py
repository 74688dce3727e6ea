"""One site, or several, behind the gate and the proxy, put together from settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from ..asgi import GateMiddleware
from ..asgi.protocol import Receive, Scope, Send
from ..catalogue_files import registrable_domain
from ..config import Config
from ..core.site import Site
from ..core.urls import host_of
from ..errors import ConfigError
from ..live_gate import Pair
from .app import Proxy
from .trusted import TrustedProxies
from .upstream import Upstream, is_local

MISDIRECTED = b"No site of this name is served here.\n"


class ProxiedSite:
    """The gate before the proxy before the site. Raises ConfigError, with nothing started.

    The gate follows its settings; where the site is and whom to trust counts from the start. `before` is a gate that
    was opened earlier, with its pages: it answers as long as the settings cannot be used, or the folder of its state.
    """

    def __init__(self, read: Callable[[], Config], before: Pair | None = None) -> None:
        config, upstream = _settled(read, before)
        self.proxy = Proxy(upstream)
        gate, pages = before or (None, None)
        follow = partial(_followed, read, upstream)
        gated = GateMiddleware(self.proxy, follow, gate=gate, pages=pages)
        self.app = TrustedProxies(gated, (str(network) for network in config.trusted_proxies))
        self.host = config.site.host
        self._site = Site(self.host or "localhost", own=config.site.own, registrable=registrable_domain())

    def owns(self, host: str) -> bool:
        return self._site.owns(host)


def _settled(read: Callable[[], Config], before: Pair | None) -> tuple[Config, Upstream]:
    try:
        config = read()
        return config, Upstream.of(config)
    except ConfigError:
        if before is None:
            raise
        return before[0].config, Upstream.of(before[0].config)


def _followed(read: Callable[[], Config], upstream: Upstream) -> Config:
    return with_own_domain(read(), upstream)


def with_own_domain(config: Config, upstream: Upstream) -> Config:
    """A site on the web that is asked by its own name links to itself by that name."""
    if is_local(upstream.origin):
        return config
    domain = registrable_domain()(upstream.host) or upstream.host
    if domain in config.site.own:
        return config
    return replace(config, site=replace(config.site, own=(*config.site.own, domain)))


class Sites:
    """One site for every name, or several in one process by the name that the visitor asks for."""

    def __init__(self, sites: Sequence[ProxiedSite]) -> None:
        self.sites = sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        site = self._of(scope) if len(self.sites) > 1 else self.sites[0]
        if site is not None:
            await site.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
            await send({"type": "http.response.start", "status": 421, "headers": headers})
            await send({"type": "http.response.body", "body": MISDIRECTED})

    def _of(self, scope: Scope) -> ProxiedSite | None:
        """By its very name, else by its domain: `shop.example.com` and `www.example.com` may be two sites."""
        name = host_of(
            next((value.decode("latin-1") for key, value in scope["headers"] if key == b"host"), "")
        )
        exact = (site for site in self.sites if name and site.host == name)
        return next(exact, None) or next((site for site in self.sites if site.owns(name)), None)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for site in self.sites:
            await site.proxy.close()
        await send({"type": "lifespan.shutdown.complete"})
