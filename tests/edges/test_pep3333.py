"""The WSGI edge keeps PEP 3333 to the letter."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from typing import Any
from wsgiref.util import FileWrapper

import pytest

from cookiegate.wsgi import GateMiddleware

from .conftest import HELD, PAGE, TRACKER, call, request

Behind = Callable[[Any], GateMiddleware]
HTML = ("Content-Type", "text/html; charset=utf-8")


def test_first_piece_of_a_stream_does_not_wait_for_the_second(behind_wsgi: Behind) -> None:
    asked = []

    def app(_environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [HTML])
        yield b"<!doctype html><title>Stream</title><p>first</p>"
        asked.append("second")
        yield b"<p>second</p>"

    pieces = iter(behind_wsgi(app)(request(), lambda *_: lambda _data: None))
    assert b"first" in next(pieces)
    assert asked == []


def test_generator_that_starts_late(behind_wsgi: Behind) -> None:
    def app(_environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [HTML])
        yield PAGE

    answer = call(behind_wsgi(app), request())
    assert answer.status == "200 OK"
    assert HELD in answer.body


def test_write_callable_is_rewritten_too(behind_wsgi: Behind) -> None:
    def app(_environ: Any, start_response: Any) -> list[bytes]:
        write = start_response("200 OK", [HTML])
        write(PAGE[:50])
        write(PAGE[50:])
        return [b"<p>after</p>"]

    answer = call(behind_wsgi(app), request())
    assert HELD in answer.body
    assert answer.body.endswith(b"<p>after</p>")
    assert b"".join(answer.written)


def test_write_callable_of_what_is_no_page_is_the_servers_own(behind_wsgi: Behind) -> None:
    def app(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])(TRACKER)
        return []

    assert call(behind_wsgi(app), request()).written == [TRACKER]


def test_close_of_the_site_is_called(behind_wsgi: Behind) -> None:
    class Body:
        closed = False

        def __iter__(self) -> Iterator[bytes]:
            yield PAGE

        def close(self) -> None:
            self.closed = True

    body = Body()

    def app(_environ: Any, start_response: Any) -> Body:
        start_response("200 OK", [HTML])
        return body

    call(behind_wsgi(app), request())
    assert body.closed


def test_error_status_replaces_a_head_that_is_not_out_yet(behind_wsgi: Behind) -> None:
    def app(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [HTML])
        try:
            raise ValueError
        except ValueError:
            start_response("500 Oops", [HTML], sys.exc_info())
        return [PAGE]

    answer = call(behind_wsgi(app), request())
    assert answer.status == "500 Oops"
    assert HELD in answer.body


def test_error_after_the_head_is_the_sites_own(behind_wsgi: Behind) -> None:
    def app(_environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [HTML])
        yield PAGE
        try:
            raise LookupError("in the middle")
        except LookupError:
            start_response("500 Oops", [HTML], sys.exc_info())

    with pytest.raises(LookupError):
        call(behind_wsgi(app), request())


def test_file_wrapper_is_left_to_the_server(behind_wsgi: Behind) -> None:
    wrapped = FileWrapper(io.BytesIO(b"\x89PNG"))

    def app(_environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "image/png")])
        return wrapped

    answer = call(behind_wsgi(app), request("/logo.png", HTTP_SEC_FETCH_DEST="image"))
    assert answer.iterable is wrapped
    assert answer.get("Content-Security-Policy")


def test_file_wrapper_of_a_page_is_rewritten(behind_wsgi: Behind) -> None:
    def app(_environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [HTML])
        return FileWrapper(io.BytesIO(PAGE))

    assert HELD in call(behind_wsgi(app), request()).body
