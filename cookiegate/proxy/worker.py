"""gunicorn's worker for the proxy: uvicorn with bounds, and log lines without a visitor in them."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from uvicorn_worker import UvicornWorker  # type: ignore[import-untyped]

from ..gunicorn_logger import AddressFilter
from .limited import LimitedProtocol


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
    }

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        logging.getLogger("uvicorn.access").filters = [Anonymous()]
        logging.getLogger("uvicorn.error").filters = [AddressFilter("standard")]
