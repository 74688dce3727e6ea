"""Requests and answers through the proxy, as bytes on both sides."""

from __future__ import annotations

import asyncio
import hashlib

import pytest

from .conftest import HELD, PAGE, TRACKER, Asked, Front, Run, page


def test_page_arrives_held_under_a_policy(run: Run) -> None:
    async def scenario(front: Front) -> None:
        answer = await front.get()
        assert answer.status == 200
        assert HELD in answer.body
        assert TRACKER not in answer.body
        assert "default-src" in (answer.get("content-security-policy") or "")

    run(scenario, page())


def test_connections_to_the_site_are_kept(run: Run) -> None:
    async def scenario(front: Front) -> None:
        for _ in range(5):
            await front.get()
        assert front.site.connections == 1
        assert len(front.site.asked) == 5

    run(scenario, page())


def test_headers_of_one_connection_stay_there(run: Run) -> None:
    async def scenario(front: Front) -> None:
        answer = await front.get(
            Connection="close, X-Mine", X_Mine="1", TE="trailers", Upgrade="h2c", X_Kept="2"
        )
        (asked,) = front.site.asked
        assert (asked.get("X-Mine"), asked.get("TE"), asked.get("Upgrade")) == (None, None, None)
        assert asked.get("X-Kept") == "2"
        assert (answer.get("x-theirs"), answer.get("keep-alive"), answer.get("x-plain")) == (None, None, "3")

    run(
        scenario,
        page(PAGE, "Connection: keep-alive, X-Theirs", "X-Theirs: 1", "Keep-Alive: timeout=5", "X-Plain: 3"),
    )


def test_target_reaches_the_site_as_it_was_written(run: Run) -> None:
    async def scenario(front: Front) -> None:
        for target in ("/a%2Fb//c?x=%20&y=[1]", "/%C3%BC/;v=1?", "//double", "/.well-known/x?a=1&amp;b"):
            await front.get(target)
            assert front.site.asked[-1].line == f"GET {target.rstrip('?')} HTTP/1.1"

    run(scenario, page())


def test_address_is_truncated_for_the_site(run: Run) -> None:
    async def scenario(front: Front) -> None:
        await front.get(X_Forwarded_For="198.51.100.23", X_Real_IP="198.51.100.23")
        (asked,) = front.site.asked
        assert asked.get("X-Forwarded-For") == "127.0.0.0"
        assert asked.get("X-Real-IP") is None
        assert asked.get("X-Forwarded-Proto") == "http"
        assert asked.get("X-Forwarded-Host") == asked.get("Host") == "www.site.test"

    run(scenario, page())


def test_proxy_in_front_is_believed_where_it_is_trusted(run: Run) -> None:
    async def scenario(front: Front) -> None:
        await front.get(X_Forwarded_For="198.51.100.23", X_Forwarded_Proto="https")
        (asked,) = front.site.asked
        assert asked.get("X-Forwarded-For") == "198.51.100.0, 127.0.0.0"
        assert asked.get("X-Forwarded-Proto") == "https"

    run(scenario, page(), trusted=("127.0.0.0/8",))


def test_only_codings_that_can_be_decoded_are_asked_for(run: Run) -> None:
    async def scenario(front: Front) -> None:
        await front.get(Accept_Encoding="gzip, dcb, zstd")
        assert front.site.asked[-1].get("Accept-Encoding") == "gzip, zstd"
        await front.get(Accept_Encoding="gzip, dcb", Sec_Fetch_Dest="script")
        assert front.site.asked[-1].get("Accept-Encoding") == "gzip"
        await front.get()
        assert front.site.asked[-1].get("Accept-Encoding") is None

    run(scenario, page())


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_body_of_a_request_streams_through(run: Run, framing: str) -> None:
    """The site sees the first half before the visitor has sent the second."""
    half = b"x" * 300_000
    seen = asyncio.Event()

    async def site(asked: Asked) -> None:
        digest = hashlib.sha256()
        await asked.reader.readexactly(8)
        seen.set()
        assert (asked.get("Transfer-Encoding") == "chunked") is (framing == "chunked")
        while piece := await asked.reader.read(65_536):
            digest.update(piece)
            if piece.endswith((b"end!", b"0\r\n\r\n")):
                break
        await asked.send(page(b"<p>got it", "Connection: close"))
        asked.writer.close()

    async def scenario(front: Front) -> None:
        reader, writer = await front.connect()
        how = f"Content-Length: {2 * len(half) + 4}" if framing == "length" else "Transfer-Encoding: chunked"
        writer.write(f"POST / HTTP/1.1\r\nHost: www.site.test\r\n{how}\r\nConnection: close\r\n\r\n".encode())

        def piece(data: bytes) -> bytes:
            return data if framing == "length" else b"%x\r\n%b\r\n" % (len(data), data)

        writer.write(piece(half))
        await asyncio.wait_for(seen.wait(), 5)
        writer.write(piece(half + b"end!") + (b"" if framing == "length" else b"0\r\n\r\n"))
        assert b"got it" in await reader.read()
        writer.close()

    run(scenario, site)


def test_visitor_who_waits_for_100_is_told_to_go_on(run: Run) -> None:
    async def site(asked: Asked) -> None:
        assert asked.get("Expect") is None
        assert await asked.reader.readexactly(5) == b"hello"
        await asked.send(page(b"<p>thanks"))

    async def scenario(front: Front) -> None:
        reader, writer = await front.connect()
        head = "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())
        assert await reader.readline() == b"HTTP/1.1 100 Continue\r\n"
        writer.write(b"hello")
        assert b"thanks" in await reader.read()
        writer.close()

    run(scenario, site)


@pytest.mark.parametrize("kind", ["text/event-stream", "application/json", "text/html"])
def test_first_byte_is_there_at_once(run: Run, kind: str) -> None:
    second = asyncio.Event()

    async def site(asked: Asked) -> None:
        await asked.send(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\ndata: first\n\n".encode())
        await second.wait()
        await asked.send(b"data: second\n\n")
        asked.writer.close()

    async def scenario(front: Front) -> None:
        reader, writer = await front.connect()
        writer.write(b"GET / HTTP/1.1\r\nHost: a.test\r\nSec-Fetch-Dest: empty\r\nConnection: close\r\n\r\n")
        await asyncio.wait_for(reader.readuntil(b"first"), 5)
        second.set()
        assert b"second" in await reader.read()
        writer.close()

    run(scenario, site)


def test_event_stream_may_be_silent_for_longer_than_the_time_out(run: Run) -> None:
    async def site(asked: Asked) -> None:
        await asked.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
        await asyncio.sleep(1.2)
        await asked.send(b"data: 2\n\n")
        asked.writer.close()

    async def scenario(front: Front) -> None:
        assert (await front.get(Sec_Fetch_Dest="empty")).body == b"data: 1\n\ndata: 2\n\n"

    run(scenario, site, timeout=0.5)


def test_slow_reader_slows_the_site_down(run: Run) -> None:
    """Backpressure: a visitor who does not read costs no memory."""
    sent = 0

    async def site(asked: Asked) -> None:
        nonlocal sent
        await asked.send(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 100000000\r\n\r\n")
        for _ in range(1000):
            await asked.send(b"x" * 100_000)
            sent += 100_000

    async def scenario(front: Front) -> None:
        reader, writer = await front.connect()
        writer.write(b"GET / HTTP/1.1\r\nHost: a.test\r\nSec-Fetch-Dest: video\r\n\r\n")
        await reader.readexactly(1000)
        await asyncio.sleep(1)
        assert sent < 30_000_000
        writer.close()

    run(scenario, site)


def test_visitor_who_leaves_is_not_waited_for(run: Run) -> None:
    left = asyncio.Event()

    async def site(asked: Asked) -> None:
        await asked.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
        await asked.reader.read()
        left.set()

    async def scenario(front: Front) -> None:
        reader, writer = await front.connect()
        writer.write(b"GET / HTTP/1.1\r\nHost: a.test\r\nSec-Fetch-Dest: empty\r\n\r\n")
        await reader.readuntil(b"data: 1")
        writer.close()
        await asyncio.wait_for(left.wait(), 5)

    run(scenario, site)


def test_head_request_has_a_head_alone(run: Run) -> None:
    async def scenario(front: Front) -> None:
        answer = await front.get(method="HEAD")
        assert (answer.status, answer.body) == (200, b"")
        assert answer.get("content-security-policy")

    run(scenario, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n")


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_answer_without_a_body_keeps_its_policy_and_loses_its_length(run: Run, status: str) -> None:
    async def scenario(front: Front) -> None:
        answer = await front.get()
        assert answer.status == int(status[:3])
        assert answer.get("content-length") is None
        assert "default-src" in (answer.get("content-security-policy") or "")

    run(
        scenario,
        f'HTTP/1.1 {status}\r\nETag: "1"\r\nContent-Length: 9\r\n\r\n'.encode()
        if status.startswith("304")
        else f"HTTP/1.1 {status}\r\n\r\n".encode(),
    )


def test_several_cookies_arrive_one_by_one(run: Run) -> None:
    async def scenario(front: Front) -> None:
        answer = await front.get()
        cookies = [value for name, value in answer.headers if name == "set-cookie"]
        assert cookies == ["session=1; HttpOnly", "cart=2; HttpOnly"]

    run(
        scenario,
        page(PAGE, "Set-Cookie: session=1; HttpOnly", "Set-Cookie: _ga=3", "Set-Cookie: cart=2; HttpOnly"),
    )
