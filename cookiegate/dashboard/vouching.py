"""Sign-ins that a trusted proxy vouches for: whom its header names, and the line of the audit that each leaves."""

from __future__ import annotations

import threading

from flask import g
from werkzeug.wrappers import Request

from ..core.networks import Networks
from .accounts import Account, Accounts

QUIET = 12 * 3600
"""Seconds in which the same name leaves one line: the header comes with every request, and with no session."""
NOBODY = "(no account)"


class Vouching:
    """`header` names the account, "" where no proxy is believed; `proxies` are those that are."""

    def __init__(self, accounts: Accounts, header: str, proxies: Networks) -> None:
        self._accounts = accounts
        self._header = header
        self._proxies = proxies
        self._noted: dict[str, float] = {}
        self._lock = threading.Lock()

    def account(self, asked: Request) -> Account | None:
        """Whom the request's proxy names; `g.stranger` says that no account has the name."""
        named = asked.headers.get(self._header, "") if self._header else ""
        peer = asked.environ.get("REMOTE_ADDR", "")
        if not (named and self._proxies and (not peer or peer in self._proxies)):
            return None
        found = self._accounts.get(named)
        g.stranger = found is None
        if found is None:
            self._note(NOBODY, "sign-in by the proxy refused")
        else:
            self._note(found.get_id(), "signed in by the proxy", found.name)
        return found

    def _note(self, identity: str, event: str, name: str = NOBODY) -> None:
        now = self._accounts.clock()
        with self._lock:
            before = self._noted.get(identity)
            if before is not None and before <= now < before + QUIET:
                return
            self._noted = {known: at for known, at in self._noted.items() if now < at + QUIET}
            self._noted[identity] = now
        self._accounts.note(name, event)
