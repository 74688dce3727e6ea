"""The gate's own site, whose pages are the same for everyone: what their script loads and asks."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from cookiegate.config import Config
from cookiegate.core.html import held_tag
from cookiegate.face.facts import NO_POLICY
from cookiegate.face.folders import packaged_folder
from cookiegate.opening import open_gate

from .conftest import SECRET
from .test_sizes import SIGNALS

PLACE = "/_gate/embed/www.shop.test"
SITE = "https://www.shop.test"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
Opened = tuple[Any, Client]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    gates: list[Any] = []

    def open_it(**more: Any) -> Opened:
        values: dict[str, Any] = {
            "secret_keys": (SECRET,),
            "state_dir": tmp_path,
            "services": ("google-analytics", "meta-pixel"),
            "cache": "shared",
            "site": {"public_url": SITE},
        }
        gate, pages = open_gate(Config(**values | more))
        gates.append(gate)
        return gate, Client(pages, use_cookies=False)

    yield open_it
    for gate in gates:
        gate.ledger.close()


def post(opened: Opened, headers: Any = SAME_ORIGIN, cookies: str = "", **fields: str) -> TestResponse:
    gate, client = opened
    data = {"choice": "accept", "question": gate.question.hash} | fields
    sent = headers | ({"Cookie": cookies} if cookies else {})
    return client.post(f"{PLACE}/consent", data=data, headers=sent, base_url=SITE)


def test_choice_is_set_on_the_sites_own_host_for_script_to_read(opened: Any) -> None:
    own = opened()
    answer = post(own)
    assert answer.json is not None
    (line,) = answer.headers.getlist("Set-Cookie")
    assert line.startswith(f"__Host-gate={answer.json['token']}; Max-Age=")
    assert line.endswith("; Path=/; Secure; SameSite=Lax")
    assert own[0].choice(answer.json["token"]).granted == frozenset(own[0].question.categories)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": SITE},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {},
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"},
    ],
)
def test_choice_from_elsewhere_is_refused(opened: Any, headers: dict[str, str]) -> None:
    answer = post(opened(), headers)
    assert answer.status_code == 403
    assert not answer.headers.getlist("Set-Cookie")


def test_withdrawal_takes_cookies_that_script_cannot_see(opened: Any) -> None:
    own = opened()
    lines = post(own, cookies="_ga=GA1.2; session=1", choice="reject").headers.getlist("Set-Cookie")
    assert any(line.startswith("_ga=;") for line in lines)
    assert not any(line.startswith("session=") for line in lines)


def test_form_of_the_settings_page_makes_the_same_cookie(opened: Any) -> None:
    gate, client = opened()
    data = {"choice": "accept", "question": gate.question.hash, "source": "settings"}
    lines = client.post("/_gate/consent", data=data, headers=SAME_ORIGIN, base_url=SITE).headers.getlist(
        "Set-Cookie"
    )
    (choice,) = [line for line in lines if line.startswith("__Host-gate=")]
    assert "HttpOnly" not in choice
    (mark,) = [line for line in lines if line.startswith("__Host-gate-no=")]
    assert mark.startswith(f"__Host-gate-no={gate.question.hash}~1~pam~~; Max-Age=")
    assert mark.endswith("; Path=/; Secure; SameSite=Lax")


def test_form_takes_the_place_of_what_a_script_has_marked(opened: Any) -> None:
    """A refusal there, one act later; so a script whose own message is on its way sees that it was overtaken."""
    gate, client = opened()
    cookies = {"Cookie": f"__Host-gate-no={gate.question.hash}~4~pam~~"}
    data = {"choice": "reject", "question": gate.question.hash, "source": "settings"}
    sent = SAME_ORIGIN | cookies
    lines = client.post("/_gate/consent", data=data, headers=sent, base_url=SITE).headers
    assert any(
        line.startswith(f"__Host-gate-no={gate.question.hash}~5~~~;") for line in lines.getlist("Set-Cookie")
    )


def test_load_once_is_for_the_pages_script_to_read(opened: Any) -> None:
    _, client = opened()
    data = {"once": "youtube", "source": "placeholder", "return": "/"}
    answer = client.post("/_gate/consent", data=data, headers=SAME_ORIGIN, base_url=SITE)
    (line,) = answer.headers.getlist("Set-Cookie")
    assert line.startswith("__Host-gate-once=1~t")
    assert "HttpOnly" not in line


def test_script_loads_under_6_5_kb(opened: Any) -> None:
    """With every vendor. It is more than the tag's: what the server says of one page and of one visit finds its place,
    and a page that hydrates its whole document keeps what it has taken away."""
    _, client = opened(services=SIGNALS, privacy_url="/privacy")
    answer = client.get(f"{PLACE}.js", headers={"Accept-Encoding": "gzip"}, base_url=SITE)
    assert b"Accept all cookies" in gzip.decompress(answer.data)
    assert len(answer.data) < 6_500


@pytest.mark.parametrize(
    ("unknown", "said"), [("hold", ""), ("hold-active", "; img-src * data: blob:"), ("allow", "")]
)
def test_script_says_what_unknown_hosts_may(opened: Any, unknown: str, said: str) -> None:
    _, client = opened(unknown=unknown)
    text = client.get(f"{PLACE}.js", base_url=SITE).text
    assert ('policy:"default-src' in text) is (unknown != "allow")
    assert said in text
    assert 'once:"__Host-gate-once"' in text


def test_other_sites_and_other_modes_have_no_such_pages(opened: Any) -> None:
    _, client = opened()
    assert client.get("/_gate/embed/other.test.js", base_url=SITE).status_code == 404
    _, client = opened(cache="private")
    assert client.get(f"{PLACE}.js", base_url=SITE).status_code == 404


def test_service_that_passes_on_some_pages_alone_is_named_there(opened: Any) -> None:
    """The script is one for all pages, so the page itself says what else it lets pass."""
    entry = {
        "hosts": ["pay.test"],
        "category": "necessary",
        "purpose": "x",
        "reason": "y",
        "paths": ["/checkout"],
    }
    gate, _ = opened(service={"pay": entry})

    def head(path: str) -> bytes:
        variant = gate.variants.of({"HTTP_HOST": "www.shop.test", "PATH_INFO": path}, gate.nobody)
        return bytes(gate.head.head(NO_POLICY, variant))

    assert b'data-also="pay.test"' in head("/checkout")
    assert b"pay.test" not in head("/")


def test_script_knows_what_the_gate_puts_before_its_mark() -> None:
    source = (packaged_folder("static") / "js" / "embed" / "served.js").read_text()
    (listed,) = re.findall(r"STAND_INS = .*?\(\{(.+?)\}\);", source, re.DOTALL)
    found = {
        tag: set(re.findall(r'"([^"]+)"', names)) for tag, names in re.findall(r"(\w+): \[(.+?)\]", listed)
    }
    gate = {name.decode(): set(names.decode().split("|")) for name, names in held_tag._STAND_INS.items()}
    assert found == gate | {"meta": {"http-equiv", "name"}}
