"""The generated year: the same each time, through the real counting and sealing, and shown as generated."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from cookiegate.core.sealing.periods import day_of
from cookiegate.counting.opening import store_of
from cookiegate.dashboard.app import accounts_of
from cookiegate.demo.year.dashboard import ACCOUNT, NOTE, one_time_link, year_dashboard, year_question
from cookiegate.demo.year.plan import load_plan
from cookiegate.demo.year.replay import NAME, Replay, year_config

TODAY = day_of(date(2026, 3, 30))
ORIGIN = "https://localhost"


def replayed(folder, length=9, today=TODAY):
    config = year_config(folder)
    days = list(Replay(config, year_question(config), today, length).run())
    store = store_of(config)
    found = {panel: store.rows(NAME, panel, 0, TODAY) for panel in ("total", "page", "region", "bot", "goal")}
    open_days = store.open_days(NAME)
    store.close()
    return days, found, open_days


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    folder = tmp_path_factory.mktemp("year")
    return folder, replayed(folder)


def test_each_day_is_sealed_as_it_goes(year):
    days, rows, open_days = year[1]
    assert days == list(range(TODAY - 9, TODAY))
    assert [day for day, _ in rows["total"]] == days
    assert open_days == []
    assert all(rows[panel] for panel in ("page", "region", "bot"))


def test_its_goals_are_told_in_plausible_order(year):
    found = Counter()
    for _, row in year[1][1]["goal"]:
        found[row.block] += row.visits
    usual = [goal for goal in load_plan().goals if goal.share > 0.02]
    assert {goal.name for goal in usual} <= set(found) <= {goal.name for goal in load_plan().goals}
    assert [name for name, _ in found.most_common(4)] == [
        goal.name for goal in sorted(usual, key=lambda goal: -goal.share)
    ]
    visits = sum(row.visits for _, row in year[1][1]["total"])
    assert 0.08 < sum(found.values()) / visits < 0.25


def test_a_campaign_brings_more_bookings():
    goal = load_plan().goal
    drawn = [place / 1000 for place in range(1000)]
    plain = Counter(goal(each, by_campaign=False) for each in drawn)
    brought = Counter(goal(each, by_campaign=True) for each in drawn)
    assert plain["booking"] < brought["booking"]
    assert plain["newsletter"] > brought["newsletter"] > 0
    assert sum(plain.values()) == sum(brought.values()) == len(drawn)
    assert len(drawn) / 2 < brought[""] < plain[""]


def test_it_is_the_same_each_time(year, tmp_path):
    assert replayed(tmp_path)[1] == year[1][1]


def test_a_later_start_adds_the_days_between(tmp_path):
    replayed(tmp_path, 3, TODAY - 2)
    assert replayed(tmp_path, 5, TODAY)[0] == [TODAY - 2, TODAY - 1]
    assert replayed(tmp_path, 5, TODAY)[0] == []


def test_the_link_opens_a_page_that_says_it_is_generated(year):
    folder, _ = year
    link = one_time_link(year_config(folder), f"{ORIGIN}/")
    client = year_dashboard(folder).test_client()
    path = link.removeprefix(ORIGIN)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path, base_url=ORIGIN).text)[1]
    client.post(path, base_url=ORIGIN, data={"csrf_token": token})
    first = client.get("/", base_url=ORIGIN)
    assert first.headers["Location"] == f"/sites/{NAME}/"
    page = client.get("/sites/" + NAME + "/?period=all", base_url=ORIGIN)
    assert page.status_code == 200
    assert NOTE in page.text
    assert "Add a note" in page.text
    assert "A link for people without an account" in page.text


def test_an_account_of_an_older_demo_may_edit_too(tmp_path):
    accounts = accounts_of(year_config(tmp_path))
    accounts.add(ACCOUNT, None, "viewer", (NAME,))
    one_time_link(year_config(tmp_path), f"{ORIGIN}/")
    one_time_link(year_config(tmp_path), f"{ORIGIN}/")
    assert (accounts.get(ACCOUNT).role, accounts.get(ACCOUNT).sites) == ("editor", (NAME,))
    assert [event for _, _, event in accounts.audit() if "changed" in event] == [
        f"account changed: editor, {NAME}"
    ]
    accounts.close()
