"""What the site sees of a request before a choice, and what comes back with a grant."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cookiegate.config import Config
from cookiegate.opening import open_gate

from .conftest import PAGE, Answer, call, request

Behind = Callable[[Any], Any]
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.6778.86 Safari/537.36"
)


class Seen:
    """An application that remembers the environ it was given and answers with `headers`."""

    def __init__(self, *headers: tuple[str, str], status: str = "200 OK") -> None:
        self.environ: dict[str, Any] = {}
        self.calls = 0
        self._head = (status, [("Content-Type", "text/html"), *headers])

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        self.environ = dict(environ)
        self.calls += 1
        start_response(*self._head)
        return [PAGE]

    def __getitem__(self, key: str) -> Any:
        return self.environ.get(key)


def test_address_is_truncated_until_analytics_is_granted(behind: Behind, cookie: Callable[..., str]) -> None:
    seen = Seen()
    call(behind(seen), request(HTTP_X_FORWARDED_FOR="198.51.100.23"))
    assert (seen["REMOTE_ADDR"], seen["HTTP_X_FORWARDED_FOR"]) == ("203.0.113.0", "198.51.100.0")
    call(behind(seen), request(HTTP_COOKIE=cookie("marketing")))
    assert seen["REMOTE_ADDR"] == "203.0.113.0"
    call(behind(seen), request(HTTP_COOKIE=cookie("analytics")))
    assert seen["REMOTE_ADDR"] == "203.0.113.77"


def test_access_log_that_reads_the_environ_later_sees_the_truncated_address(behind: Behind) -> None:
    environ = request()
    call(behind(Seen()), environ)
    assert environ["REMOTE_ADDR"] == "203.0.113.0"


def test_agent_and_hints_are_reduced_until_analytics_is_granted(
    behind: Behind, cookie: Callable[..., str]
) -> None:
    seen = Seen()
    facts = {"HTTP_USER_AGENT": CHROME, "HTTP_SEC_CH_UA_MODEL": '"Pixel 9"', "HTTP_SEC_CH_UA_MOBILE": "?0"}
    call(behind(seen), request(**facts))
    assert "Chrome/131.0.0.0" in seen["HTTP_USER_AGENT"]
    assert "Windows" not in seen["HTTP_USER_AGENT"]
    assert seen["HTTP_SEC_CH_UA_MODEL"] is None
    assert seen["HTTP_SEC_CH_UA_MOBILE"] == "?0"
    call(behind(seen), request(HTTP_COOKIE=cookie("analytics"), **facts))
    assert seen["HTTP_USER_AGENT"] == CHROME
    assert seen["HTTP_SEC_CH_UA_MODEL"] == '"Pixel 9"'


def test_click_ids_reach_the_site_only_with_marketing(behind: Behind, cookie: Callable[..., str]) -> None:
    seen = Seen()
    call(behind(seen), request("/?a=1&gclid=Abc&utm_source=mail"))
    assert seen["QUERY_STRING"] == "a=1&utm_source=mail"
    call(behind(seen), request("/?a=1&gclid=Abc", HTTP_COOKIE=cookie("analytics")))
    assert seen["QUERY_STRING"] == "a=1"
    call(behind(seen), request("/?a=1&gclid=Abc", HTTP_COOKIE=cookie("marketing")))
    assert seen["QUERY_STRING"] == "a=1&gclid=Abc"


@pytest.mark.parametrize(
    ("location", "sent"),
    [
        ("/land/", "/land/?gclid=Abc"),
        ("/land/?utm_source=mail", "/land/?utm_source=mail&gclid=Abc"),
        ("https://www.site.test/land/#top", "https://www.site.test/land/?gclid=Abc#top"),
        ("/land/?gclid=Other", "/land/?gclid=Other"),
        ("https://elsewhere.example/", "https://elsewhere.example/"),
        ("//elsewhere.example/", "//elsewhere.example/"),
    ],
)
def test_redirect_inside_the_site_keeps_the_click_id(behind: Behind, location: str, sent: str) -> None:
    site = behind(Seen(("Location", location), status="301 Moved Permanently"))
    assert call(site, request("/land?gclid=Abc")).get("Location") == sent


def test_ungranted_cookies_do_not_reach_the_site_and_expire(
    behind: Behind, cookie: Callable[..., str]
) -> None:
    seen = Seen()
    sent = "session=s3cr3t; _ga=GA1.1.5; _fbp=fb.1.2"
    answer = call(behind(seen), request(HTTP_COOKIE=sent))
    assert seen["HTTP_COOKIE"] == "session=s3cr3t"
    assert expired(answer) == {"_ga", "_fbp"}
    assert any("Domain=site.test" in line for line in answer.all("Set-Cookie"))
    answer = call(behind(seen), request(HTTP_COOKIE=f"{sent}; {cookie('analytics')}"))
    assert seen["HTTP_COOKIE"] == "session=s3cr3t; _ga=GA1.1.5"
    assert expired(answer) == {"_fbp"}


def expired(answer: Answer) -> set[str]:
    return {line.partition("=")[0] for line in answer.all("Set-Cookie") if "Max-Age=0" in line}


def test_consent_cookie_itself_is_not_shown_to_the_site(behind: Behind, accepted: str) -> None:
    seen = Seen()
    call(behind(seen), request(HTTP_COOKIE=f"session=1; {accepted}"))
    assert seen["HTTP_COOKIE"] == "session=1"


BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
"""A robot is counted apart, and its cookie never renewed."""


def test_ungranted_cookies_of_the_site_are_dropped(behind: Behind, accepted: str) -> None:
    lines = [("Set-Cookie", "_ga=GA1.1.5; Path=/"), ("Set-Cookie", "session=1; HttpOnly; Path=/")]
    site = behind(Seen(*lines))
    assert call(site, request()).all("Set-Cookie") == ["session=1; HttpOnly; Path=/"]
    granted = call(site, request(HTTP_COOKIE=accepted, HTTP_USER_AGENT=BROWSER)).all("Set-Cookie")
    assert [line.partition("=")[0] for line in granted] == ["_ga", "session", "__Host-gate"]


def test_undeclared_http_only_cookie_lasts_the_session(behind: Behind) -> None:
    site = behind(
        Seen(("Set-Cookie", "own_thing=1; Max-Age=900; HttpOnly"), ("Set-Cookie", "seen_by_script=1"))
    )
    assert call(site, request()).all("Set-Cookie") == ["own_thing=1; HttpOnly"]


@pytest.mark.parametrize("path", ["/g/collect?v=2&tid=G-1", "/matomo.php?idsite=1", "/api/event"])
def test_own_collection_path_is_swallowed_until_analytics_is_granted(
    behind: Behind, accepted: str, path: str
) -> None:
    seen = Seen()
    answer = call(behind(seen), request(path, REQUEST_METHOD="POST", HTTP_SEC_FETCH_DEST="empty"))
    assert answer.status == "204 No Content"
    assert seen.calls == 0
    call(behind(seen), request(path, REQUEST_METHOD="POST", HTTP_COOKIE=accepted))
    assert seen.calls == 1


def test_trackers_in_response_headers_are_held(behind: Behind) -> None:
    site = behind(
        Seen(
            ("Link", "<https://tracker.example/t.js>; rel=preload; as=script, </own.css>; rel=preload"),
            ("NEL", '{"report_to":"x"}'),
            ("Report-To", '{"endpoints":[{"url":"https://tracker.example/r"}]}'),
            ("Accept-CH", "Sec-CH-UA-Model"),
            ("Attribution-Reporting-Register-Source", "{}"),
        )
    )
    answer = call(site, request())
    assert "tracker.example" not in str(answer.headers)
    assert "/own.css" in (answer.get("Link") or "")
    assert answer.get("Accept-CH") is None
    assert answer.get("Permissions-Policy") == "browsing-topics=()"


def test_early_hints_name_no_held_host(behind: Behind, accepted: str) -> None:
    sent: list[Any] = []

    def app(environ: Any, start_response: Any) -> list[bytes]:
        environ["wsgi.early_hints"](
            [("Link", "<https://tracker.example/t.js>; rel=preload"), ("Link", "</a>; rel=preload")]
        )
        start_response("200 OK", [("Content-Type", "text/html")])
        return [PAGE]

    call(behind(app), request(**{"wsgi.early_hints": sent.append}))
    assert "tracker.example" not in str(sent)
    assert "</a>" in str(sent)
    call(behind(app), request(HTTP_COOKIE=accepted, **{"wsgi.early_hints": sent.append}))
    assert "tracker.example" in str(sent)


def test_throttle_token_tells_clients_behind_a_trusted_proxy_apart(tmp_path: Path, edge: Any) -> None:
    settings = Config(
        state_dir=tmp_path / "state",
        throttle_token=True,
        trusted_proxies=(ipaddress.ip_network("10.0.0.0/8"),),
    )
    gate, pages = open_gate(settings)
    seen = Seen()
    site = edge(seen, gate=gate, pages=pages)

    def token(peer: str, hops: str) -> str:
        call(site, request(REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=hops))
        return str(seen["cookiegate.throttle"])

    one = token("10.0.0.1", "203.0.113.77")
    assert len(one) == 16
    assert one == token("10.0.0.1", "192.0.2.200, 203.0.113.77")
    assert one != token("10.0.0.1", "203.0.113.78")
    assert one != token("198.51.100.1", "203.0.113.77")
    gate.ledger.close()


def test_no_throttle_token_unless_asked_for(behind: Behind) -> None:
    seen = Seen()
    call(behind(seen), request())
    assert seen["cookiegate.throttle"] is None


def test_own_pages_leave_no_address_for_the_access_log(behind: Behind, accepted: str) -> None:
    environ = request("/_gate/settings", HTTP_COOKIE=accepted)
    assert call(behind(Seen()), environ).status.startswith("200")
    assert environ["REMOTE_ADDR"] == "203.0.113.0"
