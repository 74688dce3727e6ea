from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from cookiegate.demo.hosts import Hosts, real_name
from cookiegate.demo.recorder import KEPT, Recorder
from cookiegate.demo.services import NETWORK, all_hosts, demo_services, service_of
from cookiegate.demo.tracker_network import network_app


@pytest.fixture
def network(recorder: Recorder) -> FlaskClient:
    return network_app(Hosts(all_hosts(), 8001), recorder).test_client()


def ask(network: FlaskClient, url: str, host: str, **headers: str) -> object:
    return network.get(url, headers={"Host": host, **headers})


def test_request_is_counted_by_its_vendor(network: FlaskClient, recorder: Recorder) -> None:
    ask(network, "/g/collect?v=2&dl=x", "www.google-analytics.com.localhost:8001")
    ask(network, "/gtag/js?id=G-1", "www.googletagmanager.com")
    google = next(row for row in recorder.counts()["services"] if row["id"] == "google-tag")
    assert google["hosts"] == {"www.googletagmanager.com": 1, "www.google-analytics.com": 1}
    assert recorder.requests()[0]["parameters"] == {"v": "2", "dl": "x"}


def test_unlisted_host_is_counted_under_its_own_name(network: FlaskClient, recorder: Recorder) -> None:
    ask(network, "/pixel.gif", "pixel.unheard-of.example")
    assert recorder.counts()["services"][-1]["id"] == "pixel.unheard-of.example"


def test_asking_for_the_counts_is_not_counted(network: FlaskClient, recorder: Recorder) -> None:
    assert ask(network, "/", "127.0.0.1:8001").json == recorder.counts()
    assert recorder.counts()["total"] == 0


def test_only_a_post_starts_the_counts_again(network: FlaskClient, recorder: Recorder) -> None:
    recorder.add("bat.bing.com", "GET", "/", {}, [])
    ask(network, "/reset", "127.0.0.1")
    assert recorder.counts()["total"] == 1
    network.post("/reset", headers={"Host": "127.0.0.1"})
    assert recorder.counts()["total"] == 0


def test_requests_kept_are_bounded_and_counts_are_not(recorder: Recorder) -> None:
    for _ in range(KEPT + 5):
        recorder.add("bat.bing.com", "GET", "/", {}, [])
    assert len(recorder.requests()) == KEPT
    assert recorder.counts()["total"] == KEPT + 5


def test_script_names_its_siblings_in_the_same_spelling(network: FlaskClient) -> None:
    answer = ask(network, "/gtag/js", "www.googletagmanager.com.localhost:8001")
    assert '"http://www.google-analytics.com.localhost:8001/g/collect"' in answer.text
    assert answer.mimetype == "text/javascript"


@pytest.mark.parametrize(
    ("destination", "mimetype"),
    [("script", "text/javascript"), ("style", "text/css"), ("image", "image/gif")],
)
def test_unknown_address_answers_what_was_asked_for(
    network: FlaskClient, destination: str, mimetype: str
) -> None:
    answer = ask(network, "/anything", "cdn.unheard-of.example", **{"Sec-Fetch-Dest": destination})
    assert (answer.status_code, answer.mimetype) == (200, mimetype)


@pytest.mark.parametrize("service", demo_services(), ids=lambda service: service.id)
def test_every_answer_is_packaged_and_of_a_listed_host(service: object) -> None:
    for host, _, answer in service.answers:
        assert service_of(host) == service.id
        assert answer in ("script", "gif", "css") or (NETWORK / answer).is_file()


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ('"https://bat.bing.com/bat.js"', '"http://bat.bing.com.localhost:8001/bat.js"'),
        ('"//bat.bing.com/bat.js"', '"http://bat.bing.com.localhost:8001/bat.js"'),
        ('"https://bat.bing.com.evil.example/"', '"https://bat.bing.com.evil.example/"'),
        ('"https://www.longstile.example/"', '"https://www.longstile.example/"'),
    ],
)
def test_spelling_changes_known_hosts_alone(written: str, spelled: str) -> None:
    assert Hosts(all_hosts(), 8001).spell(written) == spelled
    assert Hosts(all_hosts(), None).spell(written) == written


def test_real_name_of_a_host_header() -> None:
    assert real_name("WWW.YouTube.com.localhost:8001") == "www.youtube.com"
    assert real_name("www.youtube.com") == "www.youtube.com"
