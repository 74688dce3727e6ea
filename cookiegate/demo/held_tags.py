"""Counts the tags that the gate held, by looking at the pages as they leave: in memory, by service."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import TYPE_CHECKING, Any

from .services import all_hosts, demo_services, service_of

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

HELD = re.compile(rb'<(\w+)\b[^>]*\sdata-gate=["\']?[\w-]+[^>]*>')
LOOKED_AT = 2_000_000
"""Bytes of one page that are looked at."""


class HeldTags:
    """Totals since the start, or since `clear`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_service: Counter[str] = Counter()
        names = "|".join(re.escape(host) for host in sorted(all_hosts(), key=len, reverse=True))
        self._host = re.compile(rf"//({names})(?![\w-])".encode())

    def clear(self) -> None:
        with self._lock:
            self._by_service.clear()

    def counts(self) -> dict[str, int]:
        """Held tags by service id; "other" where the tag names no host of the demo's services."""
        with self._lock:
            return dict(self._by_service)

    def look(self, page: bytes) -> None:
        found = Counter(self._service(page, tag) for tag in HELD.finditer(page))
        with self._lock:
            self._by_service.update(found)

    def watch(self, app: WSGIApplication) -> WSGIApplication:
        """`app` with its finished HTML pages looked at, and nothing else changed."""

        def watched(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            seen: dict[str, str] = {}

            def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
                seen.update((name.lower(), value) for name, value in headers)
                return start_response(status, headers, *rest)

            chunks = app(environ, start)
            if environ["PATH_INFO"].startswith("/_gate/"):
                return chunks
            return _Copied(chunks, lambda page: self._finished(seen, page))

        return watched

    def _finished(self, headers: dict[str, str], page: bytes) -> None:
        if headers.get("content-type", "").startswith("text/html"):
            self.look(page)

    def _service(self, page: bytes, tag: re.Match[bytes]) -> str:
        text = tag[0]
        if tag[1] == b"script":
            text += page[tag.end() : page.find(b"</script", tag.end())]
        host = self._host.search(text)
        if host:
            return service_of(host[1].decode())
        marked = (
            service.id for service in demo_services() if any(mark.encode() in text for mark in service.marks)
        )
        return next(marked, "other")


class _Copied:
    """A response body that is handed on as it comes, and once more, whole, at its end."""

    def __init__(self, chunks: Iterable[bytes], finished: Callable[[bytes], None]) -> None:
        self._chunks = chunks
        self._finished = finished
        self._copy = bytearray()

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            if len(self._copy) < LOOKED_AT:
                self._copy += chunk
            yield chunk
        self._finished(bytes(self._copy))

    def close(self) -> None:
        close = getattr(self._chunks, "close", None)
        if close is not None:
            close()
