"""Forged, garbled and oversized posts: one plain sentence, and nothing changed."""

import pytest

from tests.web.visits import HOST, SAME_ORIGIN, accept, get, post, set_cookies, stored

ORIGIN = {"Origin": "https://shop.site.test"}


def send(client, headers, **fields):
    return client.post("/_gate/consent", data=fields or {"choice": "reject"}, headers=headers, base_url=HOST)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", **ORIGIN},
        {"Sec-Fetch-Site": "same-site", **ORIGIN},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://shop.site.test.evil.example"},
        {"Origin": "null"},
        {"Origin": "http://[::1"},
        {},
    ],
)
def test_a_post_from_elsewhere_is_forbidden(gate, client, headers):
    answer = send(client, headers)
    assert answer.status_code == 403
    assert "not come from a page of this site" in answer.text
    assert not set_cookies(answer)


def test_an_old_browser_is_known_by_its_origin(client):
    assert send(client, ORIGIN).status_code == 303


@pytest.mark.parametrize(
    "fields",
    [
        {"choice": "maybe"},
        {"choice": "save", "category": "necessary"},
        {"choice": "save", "category": "everything"},
        {"choice": "save", "service": "never-heard-of"},
        {"choice": "save", "service": "<script>"},
        {"choice": "reject", "once": "youtube"},
        {"once": "You Tube"},
        {"always": "never-heard-of"},
        {"always": "x" * 92},
        {"statistics": "perhaps"},
        {"choice": "reject", "source": "api"},
        {"nothing": "1"},
        {"choice": ""},
        {"choice": "\x00"},
    ],
)
def test_what_our_forms_would_not_send_is_refused(gate, client, fields):
    answer = post(client, question=gate.question.hash, **fields)
    assert answer.status_code == 400
    assert stored(gate, client) is None
    assert not set_cookies(answer)
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "", "multipart/form-data"])
def test_other_content_types_are_refused(client, kind):
    answer = client.post(
        "/_gate/consent", data=b'{"choice": "accept"}', headers=SAME_ORIGIN, content_type=kind, base_url=HOST
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_body_over_16_kb_is_too_large(client, kind):
    answer = client.post(
        "/_gate/consent", data=b"a" * 16_385, headers=SAME_ORIGIN, content_type=kind, base_url=HOST
    )
    assert answer.status_code == 413
    assert "more than this form" in answer.text


def test_a_file_is_refused(client):
    import io

    answer = post(client, choice="reject", file=(io.BytesIO(b"x"), "x.txt"))
    assert answer.status_code == 400


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch", "options"])
def test_other_methods_change_nothing(gate, client, method):
    send_it = getattr(client, method)
    answer = send_it("/_gate/consent?choice=accept", headers=SAME_ORIGIN, base_url=HOST)
    assert answer.status_code in (200, 405)
    assert not set_cookies(answer)


def test_more_single_services_than_a_cookie_holds_are_refused(gate, client):
    for number in range(3):
        last = post(client, always=f"{number}{'a' * 30}.example")
    assert last.status_code == 400
    assert len(stored(gate, client).services) == 2


@pytest.mark.parametrize("cookie", ["x", "1~q", "1~qffffffffffff~d20780~gapm.AAAA", "\u00e9", "a" * 9_000])
def test_a_forged_cookie_is_nobody(gate, client, cookie):
    answer = get(client, "/_gate/settings", Cookie=f"__Host-gate={cookie}")
    assert answer.status_code == 200
    assert "You have not chosen yet" in answer.text


def test_the_script_gets_the_sentence_as_json(client):
    answer = send(client, {"Origin": "null", "Accept": "application/json"})
    assert answer.status_code == 403
    assert "nothing was changed" in answer.json["error"]


def test_an_expired_choice_is_asked_again(gate, client):
    accept(gate, client)
    gate.now += 185 * 86_400
    value = client.get_cookie("__Host-gate", domain="shop.site.test").value
    assert "You have not chosen yet" in get(client, "/_gate/settings", Cookie=f"__Host-gate={value}").text


def test_http_page_does_not_speak_for_an_encrypted_site(gate, client):
    answer = client.post(
        "/_gate/consent",
        data={"choice": "accept"},
        headers={"Origin": f"http://{HOST}"},
        base_url=f"https://{HOST}",
    )
    assert answer.status_code == 403


def test_placeholder_opened_by_itself_is_no_page(client):
    address = "/_gate/held?host=evil.test&category=preferences"
    assert client.get(address, headers={"Sec-Fetch-Dest": "document"}).status_code == 404
    assert client.get(address, headers={"Sec-Fetch-Dest": "iframe"}).status_code == 200
