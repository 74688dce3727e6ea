"""What ASGI alone knows: scopes, sockets, streams without a thread, own pages off the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi import Request as FastApiRequest
from starlette.responses import FileResponse, HTMLResponse

from cookiegate.asgi import GateMiddleware, consent
from cookiegate.asgi.protocol import Message, Receive, Scope, Send
from cookiegate.gate import Gate

from .asgi_site import run, scope_of
from .conftest import HELD, PAGE, TRACKER, request

Behind = Callable[[Any], GateMiddleware]


@pytest.fixture
def behind_asgi(opened: tuple[Gate, Any]) -> Behind:
    return lambda app: GateMiddleware(app, gate=opened[0], pages=opened[1])


def get(app: Any, path: str = "/", **changes: Any) -> list[Message]:
    return asyncio.run(run(app, scope_of(request(path, **changes))))


def body_of(messages: list[Message]) -> bytes:
    return b"".join(m.get("body", b"") for m in messages)


def header(message: Message, name: bytes) -> bytes | None:
    return next((value for key, value in message["headers"] if key == name), None)


class Seen:
    """An application that keeps the scope and sends the given messages."""

    def __init__(self, *messages: Message) -> None:
        self.scope: Scope = {}
        self._messages = messages or (start(), {"type": "http.response.body", "body": PAGE})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = dict(scope)
        for message in self._messages:
            await send(message)


def start(kind: bytes = b"text/html", status: int = 200, *more: tuple[bytes, bytes]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": [(b"content-type", kind), *more]}


def test_first_piece_goes_out_before_the_second_is_made(behind_asgi: Behind) -> None:
    sent: list[Message] = []
    before_second: list[int] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start())
        await send({"type": "http.response.body", "body": b"<!doctype html><p>first</p>", "more_body": True})
        before_second.append(len(sent))
        await send({"type": "http.response.body", "body": b"<p>second</p>"})

    async def visit() -> None:
        async def send(message: Message) -> None:
            sent.append(message)

        await behind_asgi(app)(scope_of(request()), asyncio.Queue().get, send)

    asyncio.run(visit())
    assert before_second == [2]
    assert b"first" in sent[1]["body"]


def test_empty_first_piece_settles_nothing(behind_asgi: Behind) -> None:
    app = Seen(
        start(),
        {"type": "http.response.body", "body": b"", "more_body": True},
        {"type": "http.response.body", "body": PAGE},
    )
    messages = get(behind_asgi(app))
    assert HELD in body_of(messages)
    assert header(messages[0], b"content-length") == str(len(body_of(messages))).encode()


def test_what_is_no_page_passes_message_by_message(behind_asgi: Behind) -> None:
    body = {"type": "http.response.body", "body": TRACKER}
    messages = get(behind_asgi(Seen(start(b"text/css"), body)))
    assert messages[1] is body
    assert header(messages[0], b"content-security-policy")


def test_lifespan_passes_as_it_is(behind_asgi: Behind) -> None:
    app = Seen({"type": "lifespan.startup.complete"})
    scope: Scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    assert asyncio.run(run(behind_asgi(app), scope)) == [{"type": "lifespan.startup.complete"}]


def socket_scope(path: str = "/live", **changes: Any) -> Scope:
    facts = {"HTTP_SEC_FETCH_DEST": "websocket", "HTTP_COOKIE": "session=1; _ga=2"} | changes
    scope = scope_of(request(path, **facts))
    return {**scope, "type": "websocket", "scheme": "wss", "subprotocols": []}


def test_socket_is_opened_with_a_clean_request(behind_asgi: Behind) -> None:
    app = Seen(
        {"type": "websocket.accept", "headers": [(b"set-cookie", b"_ga=1; Path=/")]},
        {"type": "websocket.send", "text": "hello"},
    )
    accept, hello = asyncio.run(run(behind_asgi(app), socket_scope("/live?a=1&gclid=X")))
    assert app.scope["client"][0] == "203.0.113.0"
    assert app.scope["query_string"] == b"a=1"
    assert dict(app.scope["headers"])[b"cookie"] == b"session=1"
    assert header(accept, b"set-cookie") is None
    assert hello == {"type": "websocket.send", "text": "hello"}


def test_refusal_of_a_socket_is_gated_as_a_response(behind_asgi: Behind) -> None:
    app = Seen(
        {
            "type": "websocket.http.response.start",
            "status": 403,
            "headers": [(b"content-type", b"text/html")],
        },
        {"type": "websocket.http.response.body", "body": PAGE},
    )
    assert HELD in body_of(asyncio.run(run(behind_asgi(app), socket_scope())))


@pytest.mark.parametrize("path", ["/_gate/settings", "/g/collect?v=2"])
def test_no_socket_leads_to_our_pages_or_to_a_collector(behind_asgi: Behind, path: str) -> None:
    app = Seen()
    (message,) = asyncio.run(run(behind_asgi(app), socket_scope(path)))
    assert message["type"] == "websocket.close"
    assert app.scope == {}


def test_scope_of_the_server_is_the_one_that_is_cleaned(behind_asgi: Behind) -> None:
    """uvicorn's access log reads it when the response begins."""
    scope = scope_of(request("/?gclid=Q", HTTP_X_FORWARDED_FOR="198.51.100.23"))
    asyncio.run(run(behind_asgi(Seen()), scope))
    assert scope["client"] == ("203.0.113.0", 0)
    assert scope["query_string"] == b""
    assert dict(scope["headers"])[b"x-forwarded-for"] == b"198.51.100.0"


def test_untouched_headers_keep_their_bytes_and_order(behind_asgi: Behind) -> None:
    app = Seen()
    scope = scope_of(request())
    odd = [(b"x-b", b"\xff one"), (b"x-a", b"1"), (b"x-b", b"two")]
    scope["headers"] = [*odd, *scope["headers"]]
    asyncio.run(run(behind_asgi(app), scope))
    assert app.scope["headers"][:3] == odd


def test_cookies_in_several_headers_are_all_cleaned(behind_asgi: Behind) -> None:
    """HTTP/2 lets a browser split them (RFC 9113, 8.2.3)."""
    app = Seen()
    scope = scope_of(request())
    scope["headers"] += [(b"cookie", b"session=1"), (b"cookie", b"_ga=2"), (b"cookie", b"cart=3")]
    asyncio.run(run(behind_asgi(app), scope))
    assert [value for name, value in app.scope["headers"] if name == b"cookie"] == [b"session=1; cart=3"]


def test_header_spelt_with_an_underscore_hides_no_address(behind_asgi: Behind) -> None:
    app = Seen()
    scope = scope_of(request())
    scope["headers"] += [(b"x_real_ip", b"198.51.100.99")]
    asyncio.run(run(behind_asgi(app), scope))
    assert b".99" not in repr(app.scope["headers"]).encode()


def test_path_below_a_mount_is_the_gates_own(behind_asgi: Behind) -> None:
    app = Seen()
    scope = scope_of(request("/shop/_gate/health"))
    scope["root_path"] = "/shop"
    messages = asyncio.run(run(behind_asgi(app), scope))
    assert messages[0]["status"] == 200
    assert app.scope == {}


def test_server_may_not_send_a_page_past_the_gate(behind_asgi: Behind, tmp_path: Any) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(PAGE)
    scope = scope_of(request())
    scope["extensions"] = {"http.response.pathsend": {}, "http.response.zerocopysend": {}, "tls": {}}
    messages = asyncio.run(run(behind_asgi(FileResponse(page)), scope))
    assert HELD in body_of(messages)
    assert scope["extensions"] == {"tls": {}}


def test_own_pages_do_not_run_on_the_event_loop(opened: tuple[Gate, Any]) -> None:
    threads: list[int] = []

    def pages(_environ: Any, start_response: Any) -> list[bytes]:
        threads.append(threading.get_ident())
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"ours"]

    site = GateMiddleware(Seen(), gate=opened[0], pages=pages)
    assert body_of(get(site, "/_gate/settings")) == b"ours"
    assert threads != [threading.get_ident()]


def test_form_that_is_too_long_is_refused_unread(behind_asgi: Behind) -> None:
    async def visit() -> list[Message]:
        pieces = iter(range(100))
        sent: list[Message] = []

        async def receive() -> Message:
            next(pieces)
            return {"type": "http.request", "body": b"x" * 16_384, "more_body": True}

        async def send(message: Message) -> None:
            sent.append(message)

        facts = {"HTTP_SEC_FETCH_SITE": "same-origin", "CONTENT_TYPE": "application/x-www-form-urlencoded"}
        await behind_asgi(Seen())(
            scope_of(request("/_gate/consent", REQUEST_METHOD="POST", **facts)), receive, send
        )
        assert next(pieces) < 10
        return sent

    assert asyncio.run(visit())[0]["status"] == 413


def test_visitor_who_left_in_the_middle_of_a_form_changes_nothing(behind_asgi: Behind) -> None:
    async def visit() -> list[Message]:
        sent: list[Message] = []

        async def gone() -> Message:
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        await behind_asgi(Seen())(scope_of(request("/_gate/consent", REQUEST_METHOD="POST")), gone, send)
        return sent

    assert asyncio.run(visit()) == []


def test_fastapi_site_as_in_the_readme(behind_asgi: Behind, accepted: str) -> None:
    app = FastAPI()

    @app.get("/")
    async def home(asked: FastApiRequest) -> HTMLResponse:
        granted = sorted(consent(asked.scope).granted)
        return HTMLResponse(PAGE.replace(b"Hello", repr(granted).encode()))

    undecided = get(behind_asgi(app))
    assert HELD in body_of(undecided)
    assert b"<p>[]</p>" in body_of(undecided)
    assert b"analytics" in body_of(get(behind_asgi(app), HTTP_COOKIE=accepted))


def test_consent_without_a_gate_says_so() -> None:
    with pytest.raises(RuntimeError, match="gate"):
        consent({"type": "http"})
