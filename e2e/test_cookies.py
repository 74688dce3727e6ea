"""Before a choice the cookies are the listed necessary ones; the site's code never sees another."""

from __future__ import annotations

from .conftest import Visit
from .lab.lab import GATED, Lab
from .lab.visitor import accept, cookie_names, reject
from .site.vectors import TRACKER_COOKIES

HOST = f"www.{GATED}"
NECESSARY = {"session", "csrftoken", "shop_pref"}


def test_before_a_choice_only_the_necessary_cookies_are_there(visit: Visit) -> None:
    page = visit("/cookies", host=HOST)
    page.reload()
    assert cookie_names(page) == NECESSARY


def test_after_reject_only_the_choice_is_added(visit: Visit) -> None:
    page = visit("/cookies", host=HOST)
    reject(page)
    page.reload()
    assert cookie_names(page) == NECESSARY | {"__Host-gate"}


def test_after_accept_all_four_tracker_cookies_are_set(visit: Visit) -> None:
    page = visit("/cookies", host=HOST)
    accept(page)
    page.wait_for_function("document.cookie.includes('_fbp')")
    assert cookie_names(page) == NECESSARY | TRACKER_COOKIES | {"__Host-gate"}


def test_visitors_who_decline_hold_the_same_bytes(visit: Visit) -> None:
    values = set()
    for path in ("/cookies", "/plain"):
        page = visit(path)
        reject(page)
        values |= {cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "__Host-gate"}
    assert len(values) == 1


def test_choice_cookie_is_guarded_and_short(visit: Visit) -> None:
    page = visit("/plain")
    reject(page)
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["secure"], cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (
        "__Host-gate", True, True, "Lax", "/",
    )  # fmt: skip
    assert len(cookie["value"]) <= 200


def test_tracker_cookies_that_a_script_wrote_never_reach_the_site(lab: Lab) -> None:
    lab.fetch("/plain", headers={"Cookie": "_ga=GA1.1.2.3; session=abc; _fbp=fb.1.2.3"})
    assert lab.seen()[-1]["HTTP_COOKIE"] == "session=abc"


def test_third_party_cookies_are_not_kept_before_a_choice(visit: Visit) -> None:
    page = visit("/vectors")
    page.wait_for_timeout(500)
    assert page.context.cookies() == []
