"""The service gives a choice to the pages of a site alone, and refuses what others send or copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from cookiegate.config import Config, embedded_config
from cookiegate.embed.site import EmbeddedSite
from cookiegate.embed_service import open_site
from cookiegate.errors import BadConsentCookie, ConfigError
from cookiegate.face.texts import negotiate
from cookiegate.web import allowance, crowd

from .conftest import SECRET, Service, make_config

ALLOWED = "Access-Control-Allow-Origin"


def test_each_origin_of_a_site_may_read_its_answer(service: Service) -> None:
    for origin in ("https://www.shop.test", "https://shop.test"):
        response = service.post(origin=origin)
        assert (response.status_code, response.headers[ALLOWED]) == (200, origin)
        assert "Origin" in response.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "https://evil.test",
        "http://www.shop.test",
        "https://www.shop.test:8443",
        "https://www.shop.test.evil.test",
        "https://evilshop.test",
        "https://other.test",
        "https://WWW.shop.test/",
    ],
)
def test_forged_origin_changes_nothing(service: Service, origin: str) -> None:
    response = service.post(origin=origin)
    assert response.status_code == 403
    assert ALLOWED not in response.headers
    assert service.records() == 0


def test_cross_site_form_changes_nothing(service: Service) -> None:
    assert service.post(headers={"Sec-Fetch-Mode": "navigate"}).status_code == 403
    assert service.records() == 0


def test_choice_is_recorded_signed_and_lasts(service: Service) -> None:
    response = service.post()
    choice = service.decoded(response)
    assert choice.granted == {"preferences", "analytics", "marketing"}
    assert choice.record
    assert response.json is not None
    assert 184 * 86_400 < response.json["age"] <= 185 * 86_400
    assert service.records() == 1


def test_token_of_another_site_is_refused(service: Service) -> None:
    token = service.post("other.test").json["token"]  # type: ignore[index]
    assert service.question("other.test") == service.question()
    with pytest.raises(BadConsentCookie):
        service.sites["www.shop.test"].gate.codec.decode(token)
    record = service.decoded(service.post(token=token)).record
    assert record != service.sites["other.test"].gate.codec.decode(token).record


def test_token_of_an_older_question_is_no_choice(service: Service, tmp_path: Path) -> None:
    token = service.post().json["token"]  # type: ignore[index]
    newer = Service(make_config(tmp_path / "newer", revision=2))
    answer = newer.post(choice="save", category=["analytics"], token=token)
    assert newer.decoded(answer).granted == {"analytics"}
    assert newer.decoded(answer).record != service.sites["www.shop.test"].gate.codec.decode(token).record


def test_grant_to_an_older_question_is_refused_and_a_refusal_is_not(service: Service) -> None:
    older = service.post(question="0" * 12)
    assert (older.status_code, older.json["stale"]) == (409, True)  # type: ignore[index]
    assert service.post(choice="reject", question="0" * 12).status_code == 200


def test_withdrawal_names_what_goes(service: Service) -> None:
    token = service.post().json["token"]  # type: ignore[index]
    answer = service.post(
        choice="reject", token=token, seen=["_hjSession", "_ga_ABC", "sessionid", "bad name"]
    )
    assert answer.json is not None
    assert {"_hjSession", "_ga_ABC", "_fbp", "_ga"} <= set(answer.json["wipe"])
    assert "sessionid" not in answer.json["wipe"]
    assert "withdrawn" in answer.json["notice"]


@pytest.mark.parametrize("sent", [{"headers": {"Sec-GPC": "1"}}, {"signal": "gpc"}, {"signal": "dnt"}])
def test_signal_denies_analytics_and_marketing(service: Service, sent: dict[str, object]) -> None:
    answer = service.post(**sent)  # type: ignore[arg-type]
    assert service.decoded(answer).granted == {"preferences"}


def test_signal_gives_way_to_a_later_choice_on_purpose(service: Service) -> None:
    answer = service.post(signal="gpc", source="settings", override="1")
    assert service.decoded(answer).over_signal
    assert not service.decoded(service.post(signal="gpc", source="banner", override="1")).over_signal


@pytest.mark.parametrize(
    "fields",
    [
        {"choice": "all"},
        {"choice": "save", "category": ["necessary"]},
        {"source": "placeholder"},
        {"token": "a;b=c"},
        {"token": "x" * 201},
        {"signal": "on"},
    ],
)
def test_what_no_script_of_ours_sends_is_refused(service: Service, fields: dict[str, object]) -> None:
    assert service.post(**fields).status_code == 400  # type: ignore[arg-type]
    assert service.records() == 0


def test_large_body_is_refused(service: Service) -> None:
    assert service.post(seen=["x" * 20_000]).status_code == 413


def test_what_one_network_may_have_recorded_is_limited_and_a_refusal_is_answered_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "monotonic", lambda: 0.0)
    monkeypatch.setattr(crowd, "NETWORK_BURST", 1)
    monkeypatch.setattr(crowd, "SHARED_BURST", 3)
    service = Service(make_config(tmp_path))
    assert [service.post().status_code for _ in range(5)] == [200] * 3 + [429] * 2
    refused = service.post(choice="reject")
    assert refused.status_code == 200
    assert not service.decoded(refused).granted
    assert service.records() == 3
    assert service.post("other.test").status_code == 200
    data = {"choice": "accept", "question": service.question()}
    headers = {"Origin": "https://www.shop.test"}
    path = "/_gate/embed/www.shop.test/consent"
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    for status in (200, 429):
        answer = service.client.post(path, data=data, headers=headers, environ_base=elsewhere)
        assert answer.status_code == status


def test_service_on_a_subdomain_sets_the_cookie_itself(service: Service) -> None:
    data = {"choice": "accept", "question": service.question("shared.test")}
    headers = {"Origin": "https://shared.test"}
    path = "/_gate/embed/shared.test/consent"
    below = service.client.post(path, data=data, headers=headers, base_url="https://gate.shared.test")
    (cookie,) = below.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Secure-gate=1~")
    assert "Domain=shared.test" in cookie
    assert "HttpOnly" not in cookie
    assert "Secure" in cookie
    assert below.headers["Access-Control-Allow-Credentials"] == "true"
    elsewhere = service.client.post(path, data=data, headers=headers, base_url="https://gate.test")
    assert "Set-Cookie" not in elsewhere.headers


def test_unknown_site_and_address_are_not_there(service: Service) -> None:
    for path in ("nobody.test.js", "nobody.test/banner", "www.shop.test/x.js", "www.shop.test/main/../x"):
        assert service.client.get(f"/_gate/embed/{path}").status_code == 404


def test_scripts_are_kept_as_long_as_their_names_say(service: Service) -> None:
    loader = service.client.get("/_gate/embed/www.shop.test.js")
    name = "more." + loader.text.partition('more:"')[2].partition('"')[0] + ".js"
    assert "immutable" not in loader.headers["Cache-Control"]
    more = service.client.get(f"/_gate/embed/www.shop.test/{name}")
    assert "immutable" in more.headers["Cache-Control"]
    older = service.client.get("/_gate/embed/www.shop.test/more.00000000.js")
    assert older.text == more.text
    assert "immutable" not in older.headers["Cache-Control"]


def test_banner_comes_with_the_tag_in_the_visitors_language(tmp_path: Path) -> None:
    site = {"languages": ["en", "de"]}
    service = Service(make_config(tmp_path, embed={"www.shop.test": {"site": site}}))
    for wanted, words, others in [
        ("de-AT,de;q=0.9", 'lang:"de"', '["en"]'),
        ("fr", 'lang:"en"', '["de"]'),
    ]:
        answer = service.client.get("/_gate/embed/www.shop.test.js", headers={"Accept-Language": wanted})
        assert words in answer.text
        assert f"others:{others}" in answer.text
        assert "Accept-Language, Sec-GPC, DNT" in answer.headers.getlist("Vary")
    page = service.client.get("/_gate/embed/www.shop.test.js?lang=de", headers={"Accept-Language": "en"})
    assert 'lang:"de"' in page.text


def test_words_of_the_link_are_found_by_a_whole_tag_or_its_first_part(tmp_path: Path) -> None:
    """Whatever the page is called, by the script's rule it gets what the service would choose for it."""
    pages = ["", "en", "en-gb", "de", "de-at", "pt", "pt-br", "pt-pt", "pt-ao", "fr"]
    for number, languages in enumerate(
        [
            ["en"],
            ["en", "de"],
            ["de-AT", "en"],
            ["pt", "pt-BR"],
            ["pt-BR", "pt"],
            ["en", "pt-BR", "pt-PT"],
            ["en-GB", "en"],
        ]
    ):
        site = make_site(tmp_path / str(number), languages)
        link = site.settings()["link"]
        for page in pages:
            found = link.get(page) or link.get(page.partition("-")[0]) or link[""]
            assert found[0] == negotiate([page], tuple(languages))


def make_site(folder: Path, languages: list[str]) -> EmbeddedSite:
    """A site whose words are the names of its languages."""
    folder.mkdir()
    config = make_config(folder, embed={"www.shop.test": {"site": {"languages": languages}}})
    site = open_site(config, "www.shop.test")
    site.gate.face.message = lambda _, language="": language  # type: ignore[method-assign]
    return site


def test_banner_is_asked_for_where_two_languages_begin_with_the_same(tmp_path: Path) -> None:
    site = {"languages": ["pt", "pt-BR", "de"]}
    service = Service(make_config(tmp_path, embed={"www.shop.test": {"site": site}}))
    answer = service.client.get("/_gate/embed/www.shop.test.js", headers={"Accept-Language": "pt"})
    assert 'others:["de","pt"]' in answer.text
    for page, words in [("pt-br", '"lang":"pt-BR"'), ("pt-pt", '"lang":"pt"')]:
        assert words in service.client.get(f"/_gate/embed/www.shop.test/banner?lang={page}").text


def test_banner_that_comes_with_the_tag_says_that_a_signal_is_honoured(service: Service) -> None:
    answer = service.client.get("/_gate/embed/www.shop.test.js", headers={"Sec-GPC": "1"})
    assert "Opt-out preference signal honoured" in answer.text
    assert 'signal:"gpc"' in answer.text


def test_full_store_grants_nothing_and_refuses(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    from cookiegate.errors import LedgerError
    from cookiegate.ledger import Ledger

    def full(*_: object, **__: object) -> None:
        raise LedgerError("full")

    monkeypatch.setattr(Ledger, "append", full)
    assert service.post().status_code == 503
    assert service.post(choice="reject").status_code == 200


def test_about_page_names_services_and_leads_back(service: Service) -> None:
    page = service.client.get("/_gate/embed/www.shop.test/settings")
    assert page.status_code == 200
    for part in ("Google Analytics", "Meta Pixel", "Shops Ltd", 'href="https://www.shop.test/"'):
        assert part in page.text
    style = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert service.client.get(style).status_code == 200


def test_sites_have_keys_and_questions_of_their_own(tmp_path: Path) -> None:
    config = make_config(tmp_path, embed={"a.test": {"services": ["hotjar"]}, "b.test": {}})
    a, b = (embedded_config(config, host, (SECRET,)) for host in ("a.test", "b.test"))
    assert a.secret_keys != b.secret_keys
    assert (a.services, b.services) == (("hotjar",), ("google-analytics", "meta-pixel"))
    assert a.state_dir != b.state_dir


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"servises": []}, 'did you mean "services"'),
        ({"secret_keys": []}, "no such setting"),
        ({"origins": ["https://a.test/path"]}, "address of the site alone"),
        ({"take_over": ["osano"]}, "write one of"),
        ({"marks": {"x": "necessary"}}, "write one of"),
    ],
)
def test_setting_that_cannot_be_is_refused_by_name(table: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        Config(embed={"a.test": table})
    assert caught.value.key.startswith("embed.a.test.")


def test_who_has_granted_keeps_the_signals_with_the_loader(service: Service) -> None:
    path, vendor = "/_gate/embed/www.shop.test.js", "uetq"
    first = service.client.get(path)
    assert vendor not in first.text.partition("files:")[2]
    fetched = service.client.get(
        path, headers={"Sec-Fetch-Dest": "empty", "If-None-Match": first.headers["ETag"]}
    )
    assert fetched.status_code == 200
    assert vendor in fetched.text.partition("files:")[2]
    tag = {"If-None-Match": fetched.headers["ETag"], "Sec-Fetch-Dest": "script"}
    assert service.client.get(path, headers=tag).status_code == 304
    older = service.client.get(path, headers=tag | {"If-None-Match": 'W/"granted-0"'})
    assert older.text == fetched.text
    undecided = {"If-None-Match": first.headers["ETag"], "Sec-Fetch-Dest": "script"}
    assert service.client.get(path, headers=undecided).status_code == 304


def test_service_on_a_subdomain_has_one_loader(service: Service) -> None:
    path = "/_gate/embed/shared.test.js"
    assert service.client.get(path, headers={"Sec-Fetch-Dest": "empty"}).text == service.client.get(path).text
