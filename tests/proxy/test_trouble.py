"""A site that is down, slow, lying or closing early: a plain 502 or 504, or a broken connection; never a leak."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from .conftest import HELD, PAGE, TRACKER, Asked, Front, Run, page

HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def test_site_that_is_down_is_a_plain_502(run: Run) -> None:
    async def scenario(front: Front) -> None:
        answer = await front.get()
        assert answer.status == 502
        assert b"could not be reached" in answer.body
        assert answer.get("cache-control") == "no-store, private, max-age=0" or "no-store" in (
            answer.get("cache-control") or ""
        )
        assert "default-src" in (answer.get("content-security-policy") or "")

    run(scenario, page(), origin="http://127.0.0.1:9")


def test_site_that_says_nothing_is_a_plain_504(run: Run) -> None:
    async def site(asked: Asked) -> None:
        await asyncio.sleep(5)

    async def scenario(front: Front) -> None:
        assert (await front.get()).status == 504

    run(scenario, site, timeout=0.3)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"garbage\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"HTTP/1.1 200 OK\r\nBad Name: 1\r\nContent-Length: 0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"",
    ],
)
def test_site_that_speaks_no_http_is_a_plain_502(run: Run, nonsense: bytes) -> None:
    async def site(asked: Asked) -> None:
        await asked.send(nonsense)
        asked.writer.close()

    async def scenario(front: Front) -> None:
        assert (await front.get()).status == 502

    run(scenario, site)


@pytest.mark.parametrize(
    "flood", [b"X-Long: " + b"a" * 1_000_000, b"X-Many: 1\r\n" * 100_000, b"a" * 1_000_000]
)
def test_endless_head_is_cut_off(run: Run, flood: bytes) -> None:
    """Up to 100 MB of it: the proxy reads no further than its limits."""
    sent = 0

    async def site(asked: Asked) -> None:
        nonlocal sent
        asked.writer.write(b"HTTP/1.1 200 OK\r\n")
        with contextlib.suppress(ConnectionError):
            for _ in range(100):
                await asked.send(flood)
                sent += len(flood)
        asked.writer.close()

    async def scenario(front: Front) -> None:
        assert (await front.get()).status == 502
        assert sent < 20_000_000

    run(scenario, site)


@pytest.mark.parametrize(
    "start",
    [
        HTML + b"Content-Length: 5000\r\n\r\n" + PAGE[:60],
        HTML + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % 60 + PAGE[:60] + b"\r\n",
        HTML + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
    ids=["length", "chunked", "bad chunk"],
)
def test_answer_that_breaks_off_is_not_passed_on_as_whole(run: Run, start: bytes) -> None:
    async def site(asked: Asked) -> None:
        await asked.send(start)
        asked.writer.close()

    async def scenario(front: Front) -> None:
        reader, writer = await front.connect()
        writer.write(b"GET / HTTP/1.1\r\nHost: a.test\r\nSec-Fetch-Dest: document\r\n\r\n")
        raw = await reader.read()
        assert not raw.endswith(b"0\r\n\r\n")
        assert TRACKER not in raw
        assert b"Content-Length" not in raw
        writer.close()

    run(scenario, site)


def test_site_that_stops_in_the_middle_is_given_up(run: Run) -> None:
    async def site(asked: Asked) -> None:
        await asked.send(HTML + b"Content-Length: 5000\r\n\r\n" + PAGE)
        await asyncio.sleep(10)

    async def scenario(front: Front) -> None:
        reader, writer = await front.connect()
        writer.write(b"GET / HTTP/1.1\r\nHost: a.test\r\nSec-Fetch-Dest: document\r\n\r\n")
        raw = await asyncio.wait_for(reader.read(), 5)
        assert HELD in raw
        writer.close()

    run(scenario, site, timeout=0.5)


def test_connection_that_the_site_closed_meanwhile_is_no_trouble(run: Run) -> None:
    """A pooled connection may be gone; a GET is asked again on a new one."""

    async def site(asked: Asked) -> None:
        await asked.send(page())
        asked.writer.close()

    async def scenario(front: Front) -> None:
        for _ in range(20):
            assert (await front.get()).status == 200

    run(scenario, site)


def test_body_over_the_limit_is_refused(run: Run) -> None:
    async def site(asked: Asked) -> None:
        with contextlib.suppress(ConnectionError):
            while await asked.reader.read(65_536):
                pass
        asked.writer.close()

    async def scenario(front: Front) -> None:
        declared = await front.get(method="POST", Content_Length="1001")
        assert declared.status == 413
        assert front.site.asked == []
        body = b"".join(b"%x\r\n%b\r\n" % (400, b"x" * 400) for _ in range(4)) + b"0\r\n\r\n"
        assert (await front.get(method="POST", body=body, Transfer_Encoding="chunked")).status == 413

    run(scenario, site, max_body=1000)


@pytest.mark.parametrize(
    "head",
    [b"X: " + b"a" * 500_000, b"".join(b"X-%d: 1\r\n" % n for n in range(500)), b"X-Long: 1\r\n" * 60_000],
    ids=["long", "many", "much"],
)
def test_endless_head_of_a_request_is_refused(run: Run, head: bytes) -> None:
    async def scenario(front: Front) -> None:
        reader, writer = await front.connect()
        with contextlib.suppress(ConnectionError):
            writer.write(b"GET / HTTP/1.1\r\nHost: a.test\r\n" + head + b"\r\n\r\n")
            await writer.drain()
        with contextlib.suppress(ConnectionError):
            answer = await reader.read()
            assert answer[9:12] in (b"431", b"400", b"")
        assert front.site.asked == []
        writer.close()

    run(scenario, page())


def test_smuggled_request_is_none(run: Run) -> None:
    async def scenario(front: Front) -> None:
        reader, writer = await front.connect()
        writer.write(
            b"POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n"
        )
        assert (await reader.read(12))[9:12] == b"400"
        assert front.site.asked == []
        writer.close()

    run(scenario, page())
