"""The map draws every country that has a figure, links it, and fits into a page."""

from __future__ import annotations

import gzip
import html
import json
import re

import pytest
from babel import Locale

from cookiegate.core.counts import VISIT, label_of
from cookiegate.dashboard.outlines import outlines
from cookiegate.dashboard.period import iso
from cookiegate.dashboard.world_map import TINTS, steps, world
from cookiegate.face.folders import PACKAGE

from .conftest import DAY, sealed
from .test_figures import lines, totals


def places(page):
    """{country: (tint, link)} of the map."""
    section = page.text.split('<figure class="map">')[1].split("</figure>")[0]
    found = re.findall(r'<a href="([^"]*)"[^>]*class="t(\d)[^"]*"><title>([^:]*): ([\d,]+) visits', section)
    return {name: (visits, int(tint), html.unescape(href)) for href, tint, name, visits in found}


def test_countries_with_figures_are_tinted_and_filter_the_page(page):
    found = places(page())
    assert found["United Kingdom"] == ("40", TINTS, "?period=24h&region=GB")
    assert found["Germany"][:2] == ("20", 4)
    assert set(found) == {"United Kingdom", "Germany"}


def test_a_chosen_country_is_shown_close_and_can_be_left(page):
    found = page("?period=24h&region=GB")
    assert places(found)["United Kingdom"] == ("40", TINTS, "?period=24h")
    box = re.search(r'<figure class="map">\s*<svg viewBox="([^"]*)"', found.text)[1]
    x, y, width, height = map(int, box.split())
    britain = next(one for one in world().outlines if one.code == "GB")
    assert x < britain.x < x + width
    assert y < britain.y < y + height
    assert width < world().width / 3


def test_a_country_too_small_to_draw_is_a_dot(page, store):
    cells = {("hour", "09"): 60 * VISIT, ("cube", label_of("SG-", "mobile", "search", "denied")): 60 * VISIT}
    sealed(store, DAY + 7, cells)
    found = page("?period=custom&from=2026-03-11&to=2026-03-11")
    assert set(places(found)) == {"Singapore"}
    assert "<circle" in found.text


def test_a_filter_by_country_shows_all_that_it_lets_through(page, store):
    """Its table has but a group of all its regions."""
    cells = {("hour", "09"): 60 * VISIT}
    for region, visits in (("GB-ENG", 40), ("GB-SCT", 8), ("DE-BY", 12)):
        cells["cube", label_of(region, "mobile", "search", "denied")] = visits * VISIT
    sealed(store, DAY + 7, cells)
    days = "from=2026-03-11&to=2026-03-11"
    assert places(page(f"?{days}&region=GB")) == {"United Kingdom": ("48", TINTS, f"?period=custom&{days}")}
    england = page(f"?{days}&region=GB-ENG")
    assert 'class="map"' not in england.text
    assert totals(england)["Visits"] == "≤ 48"


def test_a_country_that_is_told_of_some_days_has_at_least_its_visits(page, store):
    cells = {("hour", "09"): 60 * VISIT}
    for region, visits in (("GB-ENG", 40), ("DE-BY", 15), ("IS-1", 5)):
        cells["cube", label_of(region, "mobile", "search", "denied")] = visits * VISIT
    sealed(store, DAY + 1, cells)
    found = page(f"?from={iso(DAY)}&to={iso(DAY + 1)}")
    assert lines(found, "regions")["Germany"][0] == "≥ 20"
    assert "<title>Germany: ≥ 20 visits</title>" in found.text
    assert "<title>United Kingdom: 80 visits</title>" in found.text


@pytest.mark.parametrize(
    ("most", "tints"), [(11, [5]), (60, [3, 4, 5]), (250, [2, 3, 4, 5]), (251, [1, 2, 3, 4, 5])]
)
def test_the_key_has_no_tint_that_no_figure_can_have(most, tints):
    found = steps(10, most)
    assert [tint for tint, _ in found] == tints
    assert found[0][1] == "10"
    assert len({text for _, text in found}) == len(found)


def test_a_map_without_figures_is_left_out(page):
    assert 'class="map"' not in page("?period=custom&from=2026-02-01&to=2026-02-02").text


@pytest.mark.parametrize(
    "code", ["US", "DE", "XK", "GL", "NZ", "FR", "NO", "SG", "MT", "RU", "TW", "PS", "EH"]
)
def test_the_world_has(code):
    assert [one for one in world().outlines if one.code == code]


def test_every_outline_has_a_name_and_lies_on_the_map():
    whole, names = world(), Locale.parse("en").territories
    codes = [one.code for one in whole.outlines]
    assert len(codes) == len(set(codes)) > 230
    assert "AQ" not in codes
    for one in whole.outlines:
        assert not one.code or one.code in names
        assert 0 <= one.x <= whole.width
        assert 0 <= one.y <= whole.height


def test_the_world_is_small_and_says_where_it_is_from():
    data = (PACKAGE / "data" / "world.json").read_bytes()
    assert len(gzip.compress(data)) < 10_000
    assert {"source", "licence", "date"} <= set(json.loads(data))


def test_neighbours_keep_their_common_border():
    """Two squares and a speck: what is shared is simplified once."""
    shared = [[500, 0], [1, 250], [-1, 250], [0, 500]]
    topology = {
        "transform": {"scale": [0.1, 0.05], "translate": [-50, -25]},
        "arcs": [shared, [[500, 1000], [-500, 0], [0, -1000], [500, 0]], [[500, 1000], [500, 0], [0, -1000], [-500, 0]],
                 [[900, 100], [1, 0], [0, 1], [-1, -1]]],
        "objects": {"countries": {"geometries": [
            {"type": "Polygon", "arcs": [[0, 1]], "id": "276", "properties": {"name": "one"}},
            {"type": "MultiPolygon", "arcs": [[[0, 2]], [[3]]], "id": "250", "properties": {"name": "two"}},
        ]}},
    }  # fmt: skip
    _, _, rows = outlines(topology)
    paths = {code: path for code, path, _, _ in rows}
    assert set(paths) == {"DE", "FR"}
    starts = {path[: path.index("l")] for path in paths.values()}
    assert len(starts) == 1
    assert paths["FR"].count("M") == 1
