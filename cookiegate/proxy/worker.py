"""gunicorn's worker for the proxy: uvicorn with bounds, and log lines without a visitor in them."""

from __future__ import annotations

import logging
import os
import signal
from typing import Any, ClassVar

from uvicorn_worker import UvicornWorker  # type: ignore[import-untyped]

from ..gunicorn_logger import AddressFilter
from .limited import LimitedProtocol

LOOKING = 1
"""Seconds between two looks at whether gunicorn's master still lives."""


class Anonymous(logging.Filter):
    """uvicorn's access lines: method, path and status are left; address and query are nobody's business."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and len(record.args) == 5:
            _, method, path, version, status = record.args
            record.args = ("-", method, str(path).partition("?")[0], version, status)
        return True


class ProxyWorker(UvicornWorker):  # type: ignore[misc]
    CONFIG_KWARGS: ClassVar[dict[str, Any]] = {
        "loop": "auto",
        "http": LimitedProtocol,
        "ws": "websockets-sansio",
        "proxy_headers": False,
        "server_header": False,
        # The site's own date is passed on; a second one would confuse caches.
        "date_header": False,
        "timeout_notify": LOOKING,
    }

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        logging.getLogger("uvicorn.access").filters = [Anonymous()]
        logging.getLogger("uvicorn.error").filters = [AddressFilter("standard")]

    async def callback_notify(self) -> None:
        """A worker whose master was killed would go on with settings that nobody can change or stop, and hold
        the port against a new start: it ends as it would at its master's word."""
        if os.getppid() != self.ppid:
            os.kill(os.getpid(), signal.SIGTERM)
        await super().callback_notify()
