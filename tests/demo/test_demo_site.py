from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from cookiegate.demo.content import account, posts, walks
from cookiegate.demo.counts_client import CountsClient
from cookiegate.demo.recorder import Recorder
from cookiegate.demo.settings import DemoSettings

PAGES = [
    *(
        "/",
        "/walks",
        "/how-it-works",
        "/film",
        "/journal",
        "/enquire",
        "/sign-in",
        "/privacy",
        "/demo/network",
    ),
    *(f"/walks/{slug}" for slug in walks()),
    *(f"/journal/{slug}" for slug in posts()),
]


def token(page: str) -> str:
    """The CSRF token of the first form of `page`."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("path", PAGES)
def test_page_answers_with_all_its_tags(site: FlaskClient, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 200
    for host in ("www.googletagmanager.com", "connect.facebook.net", "static.hotjar.com", "snap.licdn.com"):
        assert host in answer.text


def test_unknown_page_is_404_in_the_sites_own_words(site: FlaskClient) -> None:
    answer = site.get("/walks/nowhere")
    assert answer.status_code == 404
    assert "Off the path" in answer.text


def test_list_is_kept_in_the_session_cookie(site: FlaskClient) -> None:
    csrf = token(site.get("/walks/round-of-the-tarns").text)
    assert site.post("/list/round-of-the-tarns", data={"csrf_token": csrf}).status_code == 303
    page = site.get("/enquire").text
    assert "/list/round-of-the-tarns/remove" in page
    site.post("/list/round-of-the-tarns/remove", data={"csrf_token": csrf})
    assert "No walks on it yet" in site.get("/enquire").text


@pytest.mark.parametrize(
    "path", ["/enquire", "/sign-in", "/sign-out", "/list/round-of-the-tarns", "/demo/network/reset"]
)
def test_form_without_a_token_is_refused(site: FlaskClient, path: str) -> None:
    assert site.post(path, data={"email": "a@b.example"}).status_code == 400


ENQUIRY = {"name": "A. Walker", "email": "a@walker.example", "month": "May", "walkers": "2", "message": ""}


@pytest.mark.parametrize("proof", [{"g-recaptcha-response": "stand-in-token"}, {"season": " Spring "}])
def test_enquiry_is_sent_with_captcha_or_with_plain_answer(site: FlaskClient, proof: dict[str, str]) -> None:
    csrf = token(site.get("/enquire").text)
    answer = site.post("/enquire", data={**ENQUIRY, **proof, "csrf_token": csrf}, follow_redirects=True)
    assert "We will write to a@walker.example" in answer.text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, "Tick the box above"),
        ({"season": "autumn"}, "Tick the box above"),
        ({"season": "spring", "email": "nobody"}, "Write an email address such as"),
        ({"season": "spring", "walkers": "99"}, "Number must be between"),
    ],
)
def test_wrong_enquiry_is_shown_again(site: FlaskClient, change: dict[str, str], message: str) -> None:
    csrf = token(site.get("/enquire").text)
    answer = site.post("/enquire", data={**ENQUIRY, **change, "csrf_token": csrf})
    assert message in answer.text
    assert 'value="A. Walker"' in answer.text


def test_sign_in_shows_the_booking_and_sign_out_ends_it(site: FlaskClient) -> None:
    csrf = token(site.get("/sign-in").text)
    given = {"email": account()["email"], "password": account()["password"], "csrf_token": csrf}
    assert "Castles by the tide" in site.post("/sign-in", data=given, follow_redirects=True).text
    site.post("/sign-out", data={"csrf_token": csrf})
    assert site.get("/account").headers["Location"] == "/sign-in"


def test_wrong_password_signs_nobody_in(site: FlaskClient) -> None:
    csrf = token(site.get("/sign-in").text)
    given = {"email": account()["email"], "password": "wrong", "csrf_token": csrf}
    assert "do not belong together" in site.post("/sign-in", data=given).text
    assert site.get("/account").status_code == 303


def test_server_sets_trackers_cookies(site: FlaskClient) -> None:
    cookies = site.get("/?fbclid=click").headers.getlist("Set-Cookie")
    assert any(cookie.startswith("FPID=") and "HttpOnly" in cookie for cookie in cookies)
    assert any(cookie.startswith("_fbc=fb.1.") for cookie in cookies)


def test_network_page_shows_counts_and_starts_again(site: FlaskClient, recorder: Recorder) -> None:
    recorder.add("bat.bing.com", "GET", "/action/0", {"ti": "<1>"}, [])
    assert site.get("/demo/network.json").json["total"] == 1
    page = site.get("/demo/network").text
    assert "1 request has reached a tracker." in page
    assert "&lt;1&gt;" in page
    site.post("/demo/network/reset", data={"csrf_token": token(page)})
    assert site.get("/demo/network.json").json["total"] == 0


def test_silent_network_is_said(settings: DemoSettings) -> None:
    assert CountsClient(1).counts() is None
