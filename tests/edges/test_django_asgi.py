"""Django on ASGI behind the gate, in a server of its own: sign-in works, trackers wait, the address is short."""

from __future__ import annotations

import http.cookiejar
import re
import sys
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from e2e.lab.configuration import configuration
from e2e.lab.servers import free_port, listens, process


@pytest.fixture(scope="module")
def django(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, port = tmp_path_factory.mktemp("django"), free_port()
    (folder / "cookiegate.toml").write_text(configuration("localhost"))
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "e2e.site.django_asgi:application",
        "--port",
        str(port),
        "--no-access-log",
    ]
    with process(command, ready=lambda: listens(port), log=folder / "log", env={"DJANGO_DIR": str(folder)}):
        yield f"http://localhost:{port}"


class Secure(http.cookiejar.DefaultCookiePolicy):
    """Browsers send `Secure` cookies to localhost; Python's jar has to be told."""

    def return_ok_secure(self, cookie: http.cookiejar.Cookie, request: urllib.request.Request) -> bool:
        return True


def test_tags_are_held_and_the_gates_own_pages_answer(django: str) -> None:
    with urllib.request.urlopen(django + "/accounts/login/") as answer:
        body = answer.read().decode()
        assert "default-src" in answer.headers["Content-Security-Policy"]
    assert 'data-gate-src="https://www.googletagmanager.com/' in body
    assert "Accept all cookies" in body
    with urllib.request.urlopen(django + "/_gate/settings") as answer:
        assert "Cookie settings" in answer.read().decode()


def test_visitor_signs_in_before_any_choice(django: str) -> None:
    jar = http.cookiejar.CookieJar(Secure())
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(django + "/accounts/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    fields = {"csrfmiddlewaretoken": token[1], "username": "ada", "password": "correct horse"}
    with opener.open(django + "/accounts/login/", urlencode(fields).encode()) as answer:
        assert answer.url == django + "/profile/"
        assert "<p id=who>ada</p>" in answer.read().decode()
    assert {cookie.name for cookie in jar} == {"sessionid", "csrftoken"}
