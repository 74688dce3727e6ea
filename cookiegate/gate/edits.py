"""The request as the site may see it: edited in place, so that its own logs see nothing more either."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from ..core.address import truncate_packed
from ..core.click_ids import Removed
from ..core.consent import Consent
from ..core.cookie_header import filter_cookie_header
from ..core.forwarding import client_address
from ..core.networks import Networks
from ..core.services import below
from ..core.throttle import Throttle
from ..core.user_agent import HIGH_ENTROPY_KEYS, reduce
from ..request_data import load_address_scrub, load_click_ids
from .codings import decodable
from .memo import Memo
from .variant import Variant

if TYPE_CHECKING:
    from ..config import Config

Request = MutableMapping[str, Any]
THROTTLE = "cookiegate.throttle"
"""Key of the environ that holds the client's token of the day."""
NETWORK = "cookiegate.network"
"""Key of the environ that holds the client's truncated network, for the gate's own pages alone."""


class RequestEdits:
    """What is taken out of a request until the visitor grants it: analytics gives the address, the user agent
    and its hints back, marketing the click identifiers."""

    def __init__(self, config: Config, secret: str) -> None:
        self._throttle = Throttle(secret) if config.throttle_token else None
        self._proxies = Networks(str(network) for network in config.trusted_proxies)
        self._precision = config.address
        self._restores_address = config.restore_address
        self._full_address = tuple(entry.path for entry in config.full_address)
        self._address_scrub = load_address_scrub()
        self._click_ids = load_click_ids()
        self._reduced: Memo[str, str] = Memo(reduce)
        self._decodable: Memo[str, str] = Memo(decodable, size=256)

    @property
    def address_places(self) -> frozenset[str]:
        return self._address_scrub.places

    def own_pages(self, request: Request) -> None:
        """A request for the gate's own pages: the server's logs see no address of it, whatever was granted."""
        self._address_scrub.scrub_environ(request, self._precision)

    def cookies(self, request: Request, variant: Variant) -> tuple[str, ...]:
        """Remove cookies that were not granted, and the gate's own. Returns the removed names."""
        header = request.get("HTTP_COOKIE")
        if not header:
            return ()
        clean, removed = filter_cookie_header(header, variant.keeps_incoming)
        if clean:
            request["HTTP_COOKIE"] = clean
        else:
            del request["HTTP_COOKIE"]
        return removed

    def token(self, request: Request, today: int) -> None:
        """Leave the client's token of the day, where the site throttles by it. Before the address goes."""
        if self._throttle is not None:
            request[THROTTLE] = self._throttle.token(self._client(request), today)

    def network(self, request: Request) -> bytes:
        """The client's truncated network, b"" where it is not known. Before the address goes."""
        return truncate_packed(self._client(request))

    def _client(self, request: Request) -> str:
        """The client's full address, which stays in here."""
        peer = request.get("REMOTE_ADDR", "")
        hops = request.get("HTTP_X_FORWARDED_FOR", ""), request.get("HTTP_FORWARDED", "")
        return client_address(peer, *hops, self._proxies)

    def address(self, request: Request, consent: Consent) -> None:
        """Truncate the visitor's address everywhere, unless analytics or this path gives it back whole."""
        if self._restores_address and _may(consent, "analytics"):
            return
        path = request.get("PATH_INFO", "")
        if not any(below(path, prefix) for prefix in self._full_address):
            self._address_scrub.scrub_environ(request, self._precision)

    def agent(self, request: Request, consent: Consent) -> None:
        """Reduce the user agent and drop high-entropy client hints, unless analytics is granted."""
        if _may(consent, "analytics"):
            return
        agent = request.get("HTTP_USER_AGENT")
        if agent:
            request["HTTP_USER_AGENT"] = self._reduced(agent[:1024])
        for key in HIGH_ENTROPY_KEYS & request.keys():
            del request[key]

    def clicks(self, request: Request, consent: Consent) -> Removed:
        """Take click identifiers out, unless marketing is granted. Returns those of the query."""
        return () if _may(consent, "marketing") else self._click_ids.strip_environ(request)

    def codings(self, request: Request) -> None:
        """Ask for a page only in codings that can be rewritten."""
        accepted = request.get("HTTP_ACCEPT_ENCODING")
        if accepted:
            request["HTTP_ACCEPT_ENCODING"] = self._decodable(accepted)


def _may(consent: Consent, category: str) -> bool:
    return consent.everything or category in consent.granted
