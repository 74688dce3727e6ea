from __future__ import annotations

import socket
from typing import Any

import pytest

from cookiegate.core.address_scrub import AddressScrub, QuietSocket, header_key
from cookiegate.request_data import load_address_scrub

SCRUB = AddressScrub(
    {"X-Forwarded-For": "list", "Forwarded": "elements", "X-Real-IP": "list"}, ["Host", "Cookie"]
)


def scrubbed(precision: str = "standard", **environ: Any) -> dict[str, Any]:
    SCRUB.scrub_environ(environ, precision)
    return environ


def test_header_key_is_the_one_of_wsgi() -> None:
    assert header_key("X-Real-IP") == "HTTP_X_REAL_IP"


def test_connection_is_truncated() -> None:
    clean = scrubbed(REMOTE_ADDR="203.0.113.77", REMOTE_PORT="50123", REMOTE_HOST="pool-77.isp.test")
    assert clean == {"REMOTE_ADDR": "203.0.113.0", "REMOTE_PORT": "0", "REMOTE_HOST": ""}


def test_listed_headers_are_truncated_by_their_form() -> None:
    clean = scrubbed(HTTP_X_FORWARDED_FOR="203.0.113.77, ::1", HTTP_FORWARDED="for=203.0.113.77;proto=https")
    assert clean == {
        "HTTP_X_FORWARDED_FOR": "203.0.113.0, ::",
        "HTTP_FORWARDED": "for=203.0.113.0;proto=https",
    }


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("id=203.0.113.77:5000;x", "id=203.0.113.0:5000;x"),
        ("203.0.113.77,203.0.113.77", "203.0.113.0,203.0.113.0"),
        ("203.0.113.771 1203.0.113.77", "203.0.113.771 1203.0.113.77"),
        ("198.51.100.9", "198.51.100.9"),
    ],
)
def test_unlisted_header_loses_the_address_of_this_visitor_alone(value: str, clean: str) -> None:
    assert scrubbed(REMOTE_ADDR="203.0.113.77", HTTP_X_NEW_PROXY=value)["HTTP_X_NEW_PROXY"] == clean
    assert (
        scrubbed(REMOTE_ADDR="10.0.0.1", HTTP_X_REAL_IP="203.0.113.77", HTTP_X_NEW=value)["HTTP_X_NEW"]
        == clean
    )


def test_unlisted_header_is_searched_for_the_usual_spelling_too() -> None:
    clean = scrubbed(HTTP_X_REAL_IP="2001:0DB8:1:2:0:0:0:7", HTTP_X_NEW="<2001:db8:1:2::7>")
    assert clean["HTTP_X_NEW"] == "<2001:db8:1::>"


def test_host_and_cookie_are_spared() -> None:
    clean = scrubbed(REMOTE_ADDR="127.0.0.1", HTTP_HOST="127.0.0.1:8000", HTTP_COOKIE="a=127.0.0.1")
    assert clean == {"REMOTE_ADDR": "127.0.0.0", "HTTP_HOST": "127.0.0.1:8000", "HTTP_COOKIE": "a=127.0.0.1"}


def test_what_werkzeug_put_aside_is_truncated_in_a_copy() -> None:
    original = {"REMOTE_ADDR": "203.0.113.77", "HTTP_HOST": "site.test"}
    clean = scrubbed(**{"werkzeug.proxy_fix.orig": original})
    assert clean["werkzeug.proxy_fix.orig"] == {"REMOTE_ADDR": "203.0.113.0", "HTTP_HOST": "site.test"}
    assert original["REMOTE_ADDR"] == "203.0.113.77"


def test_dropping_leaves_no_address_header() -> None:
    clean = scrubbed(
        "drop", REMOTE_ADDR="203.0.113.77", HTTP_X_REAL_IP="203.0.113.77", HTTP_X_NEW="203.0.113.77"
    )
    assert clean == {"REMOTE_ADDR": "", "HTTP_X_NEW": ""}


def test_scrubbing_twice_is_scrubbing_once() -> None:
    once = scrubbed(
        REMOTE_ADDR="203.0.113.77", HTTP_FORWARDED='for="[2001:db8::7]";host=a', HTTP_X_REAL_IP="junk"
    )
    assert scrubbed(**once) == once


def test_socket_of_the_server_works_and_tells_no_peer() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(listener.getsockname())
    accepted, _ = listener.accept()
    quiet = scrubbed(**{"gunicorn.socket": accepted})["gunicorn.socket"]
    assert isinstance(quiet, QuietSocket)
    assert "127.0.0" not in repr(quiet)
    assert quiet.getpeername() == ("127.0.0.0", 0)
    assert quiet.fileno() == accepted.fileno()
    quiet.sendall(b"hello")
    assert client.recv(5) == b"hello"
    for each in (client, accepted, listener):
        each.close()


@pytest.mark.parametrize(
    ("listed", "unlisted"),
    [
        ("2001:db8:1:2::7", "2001:0db8:0001:0002:0:0:0:7"),
        ("2001:db8:1:2::7", "client=2001:DB8:1:2:0:0:0:7;"),
        ("203.0.113.99", "::ffff:cb00:7163"),
    ],
)
def test_other_spellings_of_the_address_go_too(listed: str, unlisted: str) -> None:
    environ = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": listed, "HTTP_X_ODD": unlisted}
    load_address_scrub().scrub_environ(environ)
    assert unlisted.removeprefix("client=").rstrip(";") not in environ["HTTP_X_ODD"]
    assert environ["HTTP_X_ODD"]
