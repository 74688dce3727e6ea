"""An exchange that changes nothing: `mode = "observe"`."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from ..core.link_header import UrlVerdict
from .exchange import Exchange
from .reply import Headers, Reply

NOTICE = ("Gate", "observing, NOT ENFORCING")


class Watched(Exchange):
    """The request passes as it came. The response gets a policy that only reports, and says that it does."""

    __slots__ = ()

    def _is_collection(self, request: MutableMapping[str, Any]) -> bool:
        return False

    def _edit(self, request: MutableMapping[str, Any]) -> None:
        return

    @property
    def hint_verdict(self) -> UrlVerdict | None:
        return None

    def reply(self, status: str, headers: Headers) -> Reply:
        policy = self.variant.policy
        told = [("Content-Security-Policy-Report-Only", policy)] if policy else []
        return Reply(status, [*headers, *told, NOTICE], None)
