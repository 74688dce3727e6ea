"""What an exchange counts as, through the WSGI edge and Flask."""

from __future__ import annotations

import io

import pytest
from flask import Flask

from cookiegate import CookieGate
from cookiegate.core.consent import Choice

from ..edges.conftest import EDGES, call, page_app, request
from ..test_device import CHROME, IPHONE

LONDON = "81.2.69.142"


@pytest.fixture(params=EDGES)
def behind(request, gate):
    """Puts an application behind the gate, over each edge."""
    return lambda app: EDGES[request.param](app, gate=gate, pages=gate.pages)


@pytest.fixture
def site(behind):
    return behind(page_app())


def visit(site, path="/", **changes):
    return call(site, request(path, **({"HTTP_USER_AGENT": CHROME, "REMOTE_ADDR": LONDON} | changes)))


def cookie(gate, *granted, **more):
    fields = {"question": gate.question.hash, "day": gate.today, "granted": frozenset(granted)}
    fields |= {"record": "0123456789abcdef"} if granted else {}
    return f"{gate.cookie_names.consent}={gate.codec.encode(Choice(**(fields | more)))}"


def test_an_arrival_is_a_visit_with_all_its_sides(site, cells):
    visit(
        site,
        "/prices?utm_source=news&utm_medium=email&id=7",
        HTTP_ACCEPT_LANGUAGE="en-GB,en;q=0.9",
        HTTP_REFERER="https://mail.google.com/mail/u/0",
    )
    found = cells()
    assert found["page"] == {"/prices": (1, 1)}
    assert found["cube"] == {"GB-ENG\x1fdesktop\x1femail\x1fundecided": (1, 1)}
    assert found["referrer"] == {"mail.google.com": (1, 1)}
    assert found["browser"] == {"Chrome": (1, 1)}
    assert found["system"] == {"Windows": (1, 1)}
    assert found["language"] == {"en": (1, 1)}
    assert found["utm_source"] == {"news": (1, 1)}
    assert sum(count[0] for count in found["hour"].values()) == 1


def test_a_view_from_the_site_itself_is_no_visit(site, cells):
    visit(site, HTTP_REFERER="https://shop.site.test/x")
    found = cells()
    assert found["page"] == {"/": (0, 1)}
    assert "referrer" not in found


def test_a_prompt_and_what_was_held(site, cells, gate):
    visit(site)
    found = cells()
    assert found["prompt:shown:region"] == {"GB-ENG": (1, 1)}
    assert found["prompt:shown:banner"] == {gate.question.hash: (1, 1)}
    assert found["held:category"] == {"unclassified": (1, 1)}
    assert found["held:service"] == {"unclassified\x1ftracker.example": (1, 1)}


def test_a_prompt_is_answered_in_the_language_that_it_was_shown_in(site, cells, gate):
    """Whatever languages the banner speaks: ignored is shown less answered."""
    wanted = {"HTTP_ACCEPT_LANGUAGE": "cy-GB,cy;q=0.9,en;q=0.5"}
    visit(site, **wanted)
    assert cells()["prompt:shown:language"] == {"cy": (1, 1)}
    body = b"choice=reject"
    posted = request("/_gate/consent", REQUEST_METHOD="POST", HTTP_USER_AGENT=CHROME, **wanted)
    posted |= {
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_SEC_FETCH_SITE": "same-origin",
        "wsgi.input": io.BytesIO(body),
    }
    call(site, posted)
    assert cells()["prompt:reject:language"] == {"cy": (1, 1)}


@pytest.mark.parametrize("changes", [{"HTTP_SEC_PURPOSE": "prefetch"}, {"HTTP_USER_AGENT": "Googlebot/2.1"}])
def test_what_is_no_visit_leaves_the_visitor_to_be_counted_at_the_next(site, cells, gate, changes):
    chosen = cookie(gate, *gate.question.categories)
    ahead = visit(site, HTTP_COOKIE=chosen, HTTP_REFERER="https://www.google.com/", **changes)
    assert not [value for name, value in ahead.headers if name.lower() == "set-cookie"]
    assert set(cells()) == {"bot"}
    visit(site, HTTP_COOKIE=chosen)
    assert cells()["unique:day"] == {"": (1, 1)}


def test_whoever_turned_statistics_off_is_not_counted(site, cells, gate):
    visit(site, HTTP_COOKIE=cookie(gate, statistics_off=True))
    visit(site, HTTP_COOKIE=cookie(gate, *gate.question.categories, statistics_off=True))
    assert cells() == {}
    gate.tally.flush()
    assert gate.tally.rows() == []


@pytest.mark.parametrize(
    "host", ["anna-smith-81-2-69-142.tracker.example", "9f86d081884c7d65.cdn.tracker.example"]
)
def test_a_held_host_that_may_be_made_for_one_visitor_counts_by_its_domain(behind, cells, gate, host):
    page = page_app([f'<script src="https://{host}/x.js"></script>'.encode()])
    visit(behind(page))
    assert cells()["held:service"] == {"unclassified\x1ftracker.example": (1, 1)}
    gate.tally.flush()
    assert [row.name for row in gate.tally.rows()] == ["tracker.example"]


@pytest.mark.parametrize(
    ("host", "name"), [("81.2.69.142", "(hidden)"), ("www.clarity.ms", "microsoft-clarity")]
)
def test_a_held_host_without_a_domain_or_with_a_name(gate, host, name):
    assert gate.held_name(host) == name


def test_robots_are_counted_apart_with_their_reason(site, cells):
    visit(site, HTTP_USER_AGENT="Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")
    visit(site, HTTP_SEC_PURPOSE="prefetch")
    assert cells() == {"bot": {"search-engine": (1, 1), "prefetch": (1, 1)}}


@pytest.mark.parametrize(
    "changes",
    [
        {"REQUEST_METHOD": "POST"},
        {"REQUEST_METHOD": "HEAD"},
        {"HTTP_SEC_FETCH_DEST": "iframe"},
        {"HTTP_SEC_FETCH_DEST": "image"},
        {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
    ],
)
def test_only_pages_that_somebody_opens_are_views(site, cells, changes):
    visit(site, **changes)
    assert cells() == {}


@pytest.mark.parametrize(
    "status", ["404 Not Found", "302 Found", "500 Oops", "206 Partial Content", "204 No Content"]
)
def test_only_pages_that_came_are_views(behind, cells, status):
    visit(behind(page_app(status=status)))
    assert cells() == {}


def test_a_page_from_a_browsers_cache_is_a_view(behind, cells):
    visit(behind(page_app([], ("ETag", '"1"'), status="304 Not Modified")))
    assert cells()["page"] == {"/": (1, 1)}


@pytest.mark.parametrize("kind", ["text/css", "application/json", "image/png"])
def test_other_types_are_no_views(behind, cells, kind):
    visit(behind(page_app([b"x"], ("Content-Type", kind))))
    assert cells() == {}


def test_a_stream_and_a_lazy_application_count_once(behind, cells):
    def lazy(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html")])
        yield b"<!doctype html><title>x</title>"
        yield b"<p>y"

    visit(behind(lazy))
    assert cells()["page"] == {"/": (1, 1)}


def test_a_visitor_who_opted_in_is_unique_once_a_day(site, cells, gate):
    first = visit(site, HTTP_COOKIE=cookie(gate, *gate.question.categories))
    assert {panel for panel in cells() if panel.startswith("unique")} == {
        "unique:day",
        "unique:week",
        "unique:month",
    }
    lines = [line for line in first.all("Set-Cookie") if line.startswith(gate.cookie_names.consent)]
    assert len(lines) == 1
    again = visit(site, HTTP_COOKIE=lines[0].partition(";")[0])
    assert not [panel for panel in cells() if panel.startswith("unique")]
    assert again.all("Set-Cookie") == []


def test_the_cookie_keeps_its_choice_and_its_end(site, gate):
    old = gate.codec.decode(cookie(gate, *gate.question.categories, day=gate.today - 30).partition("=")[2])
    answer = visit(site, HTTP_COOKIE=f"{gate.cookie_names.consent}={gate.codec.encode(old)}")
    line = next(line for line in answer.all("Set-Cookie") if line.startswith(gate.cookie_names.consent))
    new = gate.codec.decode(line.partition("=")[2].partition(";")[0])
    assert new.counted_day == gate.today
    assert (new.day, new.granted, new.record) == (old.day, old.granted, old.record)
    age = int(line.partition("Max-Age=")[2].partition(";")[0])
    assert age < (gate.config.cookie_days - 29) * 86_400 + 86_400


def test_nobody_else_gets_a_cookie_for_being_counted(site, gate):
    assert visit(site).all("Set-Cookie") == []
    assert visit(site, HTTP_COOKIE=cookie(gate)).all("Set-Cookie") == []
    assert visit(site, HTTP_COOKIE=cookie(gate, "marketing")).all("Set-Cookie") == []


def test_a_signal_is_a_state_of_its_own(site, cells):
    visit(site, HTTP_SEC_GPC="1")
    assert [label.split("\x1f")[3] for label in cells()["cube"]] == ["signal"]


def test_a_page_that_a_signal_keeps_from_asking_is_an_event_of_its_own(site, cells, gate):
    visit(site, HTTP_SEC_GPC="1")
    visit(site, HTTP_SEC_GPC="1", HTTP_COOKIE=cookie(gate))
    found = cells()
    assert found["prompt:signal:region"] == {"GB-ENG": (1, 1)}
    assert "prompt:shown:region" not in found


def test_the_region_comes_from_the_truncated_address(site, cells, gate):
    asked = []
    gate.counter._region_of = lambda text: asked.append(text) or "GB-ENG"
    visit(site)
    visit(site, REMOTE_ADDR="2001:db8:1:2:3:4:5:6")
    visit(site, REMOTE_ADDR="nonsense")
    assert asked == [b"\x51\x02\x45", b"\x20\x01\x0d\xb8\x00\x01", b""]


def test_answers_to_the_question_are_counted(site, cells, gate):
    body = b"choice=reject"
    environ = request(
        "/_gate/consent",
        REQUEST_METHOD="POST",
        CONTENT_TYPE="application/x-www-form-urlencoded",
        CONTENT_LENGTH=str(len(body)),
        HTTP_SEC_FETCH_SITE="same-origin",
        HTTP_USER_AGENT=IPHONE,
        REMOTE_ADDR=LONDON,
    )
    environ["wsgi.input"].write(body)
    environ["wsgi.input"].seek(0)
    assert call(site, environ).status.startswith("303")
    found = cells()
    assert found["prompt:reject:region"] == {"GB-ENG": (1, 1)}
    assert found["prompt:reject:device"] == {"mobile": (1, 1)}


def test_goals_by_page_and_by_call(site, cells, gate):
    visit(site, "/thanks")
    gate.counter.goal("call")
    assert cells()["goal"] == {"order": (1, 1), "call": (1, 1)}
    with pytest.raises(KeyError, match="no \\[\\[goal\\]\\] is named 'cal'"):
        gate.counter.goal("cal")


def consent_line(gate, answer):
    lines = [line for line in answer.all("Set-Cookie") if line.startswith(f"{gate.cookie_names.consent}=")]
    return lines[0].partition(";")[0] if lines else None


def test_goals_by_channel_and_campaign_of_those_who_opted_in(site, cells, gate):
    all_of_it = cookie(gate, *gate.question.categories)
    landed = visit(
        site,
        HTTP_COOKIE=all_of_it,
        HTTP_REFERER="https://www.google.com/",
        QUERY_STRING="utm_campaign=Spring_Sale&utm_medium=email",
    )
    kept = consent_line(gate, landed)
    assert "~he~uspring_sale" in kept
    visit(site, "/thanks", HTTP_COOKIE=kept, HTTP_REFERER="https://www.site.test/pricing")
    visit(site, "/thanks")  # has not opted in: counts in the total alone
    found = cells()
    assert found["goal"] == {"order": (2, 2)}
    assert found["goal:channel"] == {"order\x1femail": (1, 1)}
    assert found["goal:campaign"] == {"order\x1fspring_sale": (1, 1)}


def test_a_later_arrival_replaces_the_source_and_a_step_inside_does_not(site, cells, gate):
    kept = consent_line(gate, visit(site, HTTP_COOKIE=cookie(gate, *gate.question.categories)))
    assert "~hd" in kept
    assert visit(site, HTTP_COOKIE=kept, HTTP_REFERER="https://www.site.test/a").all("Set-Cookie") == []
    later = consent_line(gate, visit(site, HTTP_COOKIE=kept, HTTP_REFERER="https://www.google.com/"))
    assert "~hs" in later
    consent = gate.consent({}, later.partition("=")[2])
    gate.counter.goal("call", consent)
    assert cells()["goal:channel"] == {"call\x1fsearch": (1, 1)}


def test_whoever_says_yes_where_they_arrived_keeps_the_source(site, gate):
    body = f"choice=accept&question={gate.question.hash}&referrer=https://www.google.com/&return=/?utm_campaign=may"
    environ = request(
        "/_gate/consent",
        REQUEST_METHOD="POST",
        CONTENT_TYPE="application/x-www-form-urlencoded",
        CONTENT_LENGTH=str(len(body)),
        HTTP_SEC_FETCH_SITE="same-origin",
        HTTP_USER_AGENT=IPHONE,
    )
    environ["wsgi.input"].write(body.encode())
    environ["wsgi.input"].seek(0)
    assert "~hs~umay~r" in consent_line(gate, call(site, environ))


def test_a_campaign_too_long_for_the_cookie_leaves_its_channel(site, gate):
    landed = visit(
        site, HTTP_COOKIE=cookie(gate, "analytics"), QUERY_STRING=f"utm_campaign={'x' * 17}&utm_medium=cpc"
    )
    assert "~h" in consent_line(gate, landed)
    assert "~u" not in consent_line(gate, landed)


def test_a_fault_of_counting_never_touches_a_page(site, gate, caplog):
    gate.counter._region_of = lambda text: 1 / 0
    answer = visit(site)
    assert answer.status == "200 OK"
    assert b"Hello" in answer.body
    assert "A view could not be counted (ZeroDivisionError)." in caplog.text


def test_flask_pages_count_under_their_route(tmp_path):
    app = Flask(__name__)
    app.config |= {"COOKIEGATE_STATE_DIR": str(tmp_path)}

    @app.get("/people/<name>")
    def person(name):
        return f"<!doctype html><p>{name}"

    gate = CookieGate(app).gate
    call(app.wsgi_app, request("/people/anna", HTTP_USER_AGENT=CHROME))
    days = gate.counter.buffer.take()
    assert [label for cells in days.values() for panel, label in cells if panel == "page"] == [
        "/people/<name>"
    ]
    gate.ledger.close()
