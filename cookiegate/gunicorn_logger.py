"""A logger for gunicorn that writes no visitor's address, in the access log and the error log alike.

gunicorn sees a request before the gate does, and its own lines ("Invalid request from ip=…", a malformed
header, quoted) name the peer; access-log formats may ask for raw headers. Use it as
`gunicorn --logger-class cookiegate.gunicorn_logger.GateLogger`. What is logged is cut even where a visitor
has granted that the site sees it: a log line outlives a withdrawal.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from .core.address import Precision, truncate, truncate_in_text
from .core.address_scrub import header_key
from .core.user_agent import HIGH_ENTROPY_KEYS, reduce
from .request_data import load_address_scrub, load_click_ids

OPERATORS_OWN = ("Listening at:", "Connection in use:", "Invalid address:", "Can't connect to ")
"""Starts of gunicorn's lines about the addresses that it listens on, which are the operator's."""

NEVER_LOGGED = HIGH_ENTROPY_KEYS | {"HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_PROXY_AUTHORIZATION"}
NEVER_LOGGED_RESPONSE = frozenset({"set-cookie"})


class GateLogger(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """`precision` is what is kept of an address; a subclass may set it."""

    precision: Precision = "standard"

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for known in [f for f in log.filters if isinstance(f, AddressFilter)]:
                log.removeFilter(known)
        self.error_log.addFilter(AddressFilter(self.precision))

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """gunicorn's atoms over a copy of the request without address, click ids, cookies and fine hints."""
        headers = getattr(req, "headers", req)
        pairs = list(headers.items() if hasattr(headers, "items") else headers)
        clean = self._clean(environ, pairs, getattr(req, "peer_addr", None))
        atoms = super().atoms(resp, _clean_pairs(pairs, clean), clean, request_time)
        for name in NEVER_LOGGED_RESPONSE:
            atoms.pop(f"{{{name}}}o", None)
        return dict(atoms)

    def _clean(self, environ: Any, pairs: Iterable[tuple[str, str]], peer: Any) -> dict[str, Any]:
        """The environ, with each header that gunicorn read and the gate has since edited or taken out."""
        clean = dict(environ)
        for name, value in pairs:
            clean.setdefault(header_key(name), value)
        if isinstance(peer, tuple) and peer:
            # The gate may have truncated REMOTE_ADDR already; the search needs the address in full.
            clean["REMOTE_ADDR"] = str(peer[0])
        load_address_scrub().scrub_environ(clean, self.precision)
        clean["REMOTE_ADDR"] = truncate(environ.get("REMOTE_ADDR") or "", self.precision) or "-"
        load_click_ids().strip_environ(clean)
        for key in NEVER_LOGGED & clean.keys():
            del clean[key]
        if "HTTP_USER_AGENT" in clean:
            clean["HTTP_USER_AGENT"] = reduce(clean["HTTP_USER_AGENT"])
        return clean


class AddressFilter(logging.Filter):
    """Cuts every address and click identifier in a record's text and traceback."""

    def __init__(self, precision: Precision) -> None:
        super().__init__()
        self._precision = precision

    def filter(self, record: logging.LogRecord) -> bool:
        template = record.msg if isinstance(record.msg, str) else str(record.msg)
        if template.startswith(OPERATORS_OWN):
            return True
        try:
            text = record.getMessage()
        except (TypeError, ValueError):
            text = template
        record.msg, record.args = self._cut(text), None
        if record.exc_info and record.exc_info[1] is not None:
            # Handlers use this text as it stands and do not format the exception again.
            record.exc_text = self._cut("".join(traceback.format_exception(record.exc_info[1])).rstrip("\n"))
        return True

    def _cut(self, text: str) -> str:
        return load_click_ids().strip_text(truncate_in_text(text, self._precision))


def _clean_pairs(pairs: Iterable[tuple[str, str]], clean: dict[str, Any]) -> list[tuple[str, Any]]:
    """Raw headers with the value that is left of each in the cleaned request."""
    values = ((name, clean.get(header_key(name))) for name, _ in pairs)
    return [(name, value) for name, value in values if value is not None]
