"""No page and no file takes a parameter that it would not hear."""

from __future__ import annotations

import pytest

from cookiegate.dashboard.parameters import KNOWN, SENT_ROUND

from .conftest import ORIGIN, SITE

PLACES = ("/", f"/sites/{SITE}/", f"/sites/{SITE}/pages/", f"/sites/{SITE}/links/", "/account/", "/account/second-factor",
          "/privacy", "/privacy.json", "/api/v1/sites", "/api/v1/openapi.json", f"/api/v1/sites/{SITE}/figures",
          f"/api/v1/sites/{SITE}/figures.zip", f"/api/v1/sites/{SITE}/figures/pages",
          f"/api/v1/sites/{SITE}/figures/pages.csv")  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_an_unknown_parameter_is_refused_everywhere(editor, place):
    found = editor.get(f"{place}?colour=blue", base_url=ORIGIN)
    assert found.status_code == 400
    assert "is no parameter of this address." in found.text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?sort=name", "“sort” is no parameter of this address."),
        ("?lines=100", "“lines” is no parameter of this address."),
        ("?period=7d&period=28d", "“period” is given twice."),
        ("?region=", "“region” is empty: leave it out."),
        ("?to=", "“to” is empty: leave it out."),
        ("?q=", "“q” is no parameter of this address."),
        ("?by=decade", "“decade” is no step"),
    ],
)
def test_what_the_page_of_a_site_would_not_hear_is_refused(page, query, sentence):
    found = page(query)
    assert found.status_code == 400
    assert sentence in found.text


@pytest.mark.parametrize("query", ["?sort=zzz", "?q=a&q=b", "?lines=", "?x=1"])
def test_and_what_that_of_a_panel_would_not(page, query):
    assert page(query, f"/sites/{SITE}/pages/").status_code == 400


def test_a_search_for_nothing_shows_all(page):
    assert page("?period=24h&q=", f"/sites/{SITE}/pages/").status_code == 200


def test_a_link_that_a_mail_program_has_added_to_works(app, accounts):
    place = f"/once/{accounts.link('anna')}?fbclid=x&utm_source=mail"
    assert app.test_client().get(place, base_url=ORIGIN).status_code == 200
    assert app.test_client().get("/sign-in?x=1", base_url=ORIGIN).status_code == 400


def test_every_address_with_parameters_is_there(app):
    assert {*KNOWN, *SENT_ROUND} <= {rule.endpoint for rule in app.url_map.iter_rules()}
