"""What the gate adds to a request, without a server: a WSGI application called bare and behind the gate."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol

from cookiegate.opening import open_gate
from cookiegate.wsgi import GateMiddleware

from .browser import FETCH, PAGE, environ, with_cookie
from .pages import KB, Page, changed, made, pages
from .report import Figure, Section, progress
from .rounds import Times, turn_about
from .site import JSON, everything, settings

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

PAGE_TARGET = 600.0
"""Microseconds added to a page of 100 kB, compression apart."""

OTHER_TARGET = 60.0
"""Microseconds added to a response that is not HTML."""


def measure(*, quick: bool) -> list[Section]:
    seconds = 0.2 if quick else 0.6
    with TemporaryDirectory() as folder:
        gate, own_pages = open_gate(settings(Path(folder)))
        granted = f"{gate.cookie_names.consent}={gate.codec.encode(everything(gate))}"

        def added(app: WSGIApplication, headers: dict[str, str], part: float = 1) -> tuple[Times, Times]:
            gated = GateMiddleware(app, gate=gate, pages=own_pages)
            bare_times, times = turn_about(_call(app, headers), _call(gated, headers), seconds=seconds * part)
            return bare_times, times

        undecided, accepted = with_cookie(PAGE), with_cookie(PAGE, granted)
        found = [*_other(added, granted), *_pages(added, undecided, accepted, quick=quick)]
        found += _compression(added, undecided)
        gate.ledger.close()
    return [
        Section("What the gate adds to a request (WSGI, no server, processor time; medians)", tuple(found))
    ]


class Added(Protocol):
    """Times of an application, bare and gated; `part` of the usual time is given to each."""

    def __call__(
        self, app: WSGIApplication, headers: dict[str, str], part: float = 1
    ) -> tuple[Times, Times]: ...


def _other(added: Added, granted: str) -> list[Figure]:
    progress("responses that are not HTML")
    app = _app(JSON, "application/json")
    return [
        _figure("JSON of 1 kB, undecided", *added(app, with_cookie(FETCH)), OTHER_TARGET),
        _figure("JSON of 1 kB, granted", *added(app, with_cookie(FETCH, granted)), OTHER_TARGET),
        _figure("JSON of 1 kB, a client without cookies", *added(app, FETCH), OTHER_TARGET),
    ]


def _pages(added: Added, undecided: dict[str, str], accepted: dict[str, str], *, quick: bool) -> list[Figure]:
    found = []
    for page in (made(10 * KB), made(100 * KB), made(1000 * KB)):
        progress(f"a page of {page.kb:,.0f} kB")
        app = _app(page.data, "text/html; charset=utf-8")
        target = PAGE_TARGET if page.name == "made-100" else None
        found.append(_figure(f"page of {page.kb:,.0f} kB, undecided", *added(app, undecided), target))
        found.append(_figure(f"page of {page.kb:,.0f} kB, granted", *added(app, accepted), target))
    page = made(100 * KB)
    fresh = added(_app(page.data, "text/html", fresh=True), undecided)
    found.append(_figure("page of 100 kB, undecided, a new token every 50 kB", *fresh, PAGE_TARGET))
    real = pages()[:: 5 if quick else 1]
    progress(f"{len(real)} pages")
    for name, headers in (("undecided", undecided), ("granted", accepted)):
        costs = [_per_100_kb(page, *added(_app(page.data, "text/html"), headers, 0.2)) for page in real]
        note = f"median of {len(real)} pages, worst {max(costs):,.0f}"
        found.append(
            Figure(
                name=f"100 kB of a real page, {name}",
                value=median(costs),
                unit="us",
                target=PAGE_TARGET,
                note=note,
            )
        )
    return found


def _per_100_kb(page: Page, bare: Times, gated: Times) -> float:
    return (gated.median - bare.median) / page.kb * 100


def _compression(added: Added, headers: dict[str, str]) -> list[Figure]:
    """A page that the site sends compressed has to be unpacked and packed again."""
    progress("a compressed page")
    page = made(100 * KB).data
    packed = gzip.compress(page, 6)
    plain, coded = (
        added(_app(data, "text/html", *more), headers) for data, *more in ((page,), (packed, GZIP))
    )
    extra = _cost(*coded) - _cost(*plain)
    (alone,) = turn_about(lambda: zlib.compress(page, 5, zlib.MAX_WBITS | 16), seconds=0.3)
    return [
        Figure(name="page of 100 kB sent gzipped: unpacking and packing alone", value=extra, unit="us"),
        Figure(name="the same packed once by zlib, level 5", value=alone.median, unit="us"),
    ]


GZIP = ("Content-Encoding", "gzip")


def _cost(bare: Times, gated: Times) -> float:
    """The median of what each round's gated half took more than its bare half."""
    return median(b - a for a, b in zip(bare.rounds, gated.rounds, strict=True))


def _figure(name: str, bare: Times, gated: Times, target: float | None) -> Figure:
    note = f"least {gated.least - bare.least:,.1f}"
    return Figure(name=name, value=_cost(bare, gated), unit="us", target=target, note=note)


def _app(body: bytes, content_type: str, *more: tuple[str, str], fresh: bool = False) -> WSGIApplication:
    """What frameworks send with a response of theirs; `fresh`, with something new in it each time."""
    head = [("Content-Type", content_type), ("Content-Length", str(len(body))), *more, ("Vary", "Cookie")]

    def app(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", list(head))
        return [changed(body) if fresh else body]

    return app


def _call(app: WSGIApplication, headers: dict[str, str]) -> Callable[[], object]:
    """One request to its end, as a server makes it."""
    request = environ("/garden", headers)

    def call() -> None:
        answer = app(dict(request), _start)
        for _ in answer:
            pass
        close = getattr(answer, "close", None)
        if close is not None:
            close()

    return call


def _start(_status: str, _headers: Any, _exc_info: Any = None) -> Callable[[bytes], object]:
    return _write


def _write(_data: bytes) -> None:
    raise AssertionError("the application does not use write()")
