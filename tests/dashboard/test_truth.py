"""Every figure that the dashboard prints, against exact cells that sealing destroys: what is said to be whole is
equal, what is said to be the least is not above, what is said to be the most is not below."""

from __future__ import annotations

from datetime import date

import pytest

from cookiegate.core.sealing.day import read_group
from cookiegate.core.sealing.regions import country_of
from cookiegate.dashboard.accounts import Accounts
from cookiegate.dashboard.consent import PARTS, SIDES
from cookiegate.dashboard.desk import Desk
from cookiegate.dashboard.headline import last_whole
from cookiegate.dashboard.panels import BY_ID
from cookiegate.dashboard.period import day_of, iso
from cookiegate.dashboard.sheet import GROUPED, PARTLY, WHOLLY
from cookiegate.dashboard.sheets import kinds, sheet_of
from cookiegate.dashboard.told import total_bounds

from . import truth

FILTERS = ((), (("region", "GB"),), (("region", "GB-ENG"),), (("region", "FR"),), (("region", "IS"),),
           (("device", "mobile"),), (("device", "tablet"),), (("channel", "search"),), (("channel", "ai"),),
           (("region", "GB"), ("device", "mobile")), (("region", "DE"), ("device", "desktop"), ("channel", "direct")),
           (("region", "GB-ENG"), ("device", "mobile"), ("channel", "search")))  # fmt: skip
PERIODS = ("28d", "7d", "24h", "custom")
SITES = {"demo": None, "12 a day": 12, "30 a day": 30, "120 a day": 120, "700 a day": 700}
APART = "(not told)"


@pytest.fixture(scope="module", params=SITES)
def known(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("truth")
    size = SITES[request.param]
    if size is not None:
        return truth.small(folder, size)
    with pytest.MonkeyPatch.context() as monkeypatch:
        return truth.demo(folder, 57, monkeypatch)


@pytest.fixture(scope="module")
def desk(known, tmp_path_factory):
    last = max(known.days)
    accounts = Accounts(tmp_path_factory.mktemp("accounts") / "accounts.sqlite", lambda: 0.0)
    yield Desk(known.config, known.store, accounts, lambda: (last + 1) * 86400 + 6 * 3600)
    accounts.close()


@pytest.fixture(params=FILTERS, ids=lambda chosen: "-".join(value for _, value in chosen) or "all")
def chosen(request):
    return request.param


@pytest.fixture(params=PERIODS)
def asked(request, desk, known, chosen):
    """(reader, question): a custom period begins and ends within a week."""
    args = {"period": request.param, **dict(chosen)}
    if request.param == "custom":
        last = max(known.days)
        args |= {"from": iso(last - 16), "to": iso(last - 4), "compare": "custom"}
        args |= {"cfrom": iso(last - 31), "cto": iso(last - 19)}
    reader = desk.reader(known.site)
    return reader, desk.question(known.site, args, reader.since())


def closed(reader, days):
    found = reader.closed(days)
    return found.start, found.stop - 1


def records(asked, name):
    reader, question = asked
    sheet = sheet_of(kinds()[name], reader, question)
    return sheet, sheet.records()


def test_lines_of_panels(known, asked):
    reader, question = asked
    days, checked = closed(reader, question.days), 0
    for name, panel in BY_ID.items():
        if panel.rounded:
            continue
        sheet, rows = records(asked, name)
        chosen = () if sheet.refusal else question.chosen.values
        for row in rows:
            if row["label"] in (GROUPED, APART):
                continue
            real = dict(
                zip(("visits", "views"), known.of(panel.source, row["label"], days, chosen), strict=True)
            )
            for measure in {measure for _, measure in panel.columns}:
                if row["told"] == WHOLLY:
                    assert row[measure] == real[measure], (name, row)
                else:
                    assert row["told"] == PARTLY
                    assert row[measure] <= real[measure], (name, row)
            if row["compared"] is not None:
                before = known.of(panel.source, row["label"], closed(reader, question.against), chosen)
                assert row["compared"] == before[panel.measure == "views"], (name, row)
                assert row["told"] == WHOLLY
            checked += 1
    assert checked or question.chosen or question.period.name == "24h"


def test_totals(known, asked):
    reader, question = asked
    days, chosen = closed(reader, question.days), question.chosen.values
    rows = {row["figure"]: row for row in records(asked, "totals")[1]}
    visits, views = known.of("total", "", days) if not chosen else total(known, days, chosen)
    within(rows["visits"], visits)
    if dict(chosen).get("channel"):
        assert rows["views"]["value"] is rows["views"]["most"] is rows["views"]["compared"] is None
    else:
        within(rows["views"], views)
    if rows["visits"]["compared"] is not None:
        assert rows["visits"]["compared"] == total(known, closed(reader, question.against), chosen)[0]
    goals = known.counts("goal", days)
    if "goals" in rows:
        assert rows["goals"]["value"] <= sum(visits for visits, _ in goals.values())
    uniques(known, question.days, rows["uniques"]["value"])
    if question.against is not None:
        uniques(known, question.against, rows["uniques"]["compared"])


def total(known, days, chosen):
    found = known.counts("device", days, chosen)
    return tuple(sum(count[place] for count in found.values()) for place in (0, 1))


def uniques(known, days, value):
    if value is not None:
        kind, of = last_whole(days)
        assert value == sum(v for v, _ in known.counts(f"unique:{kind}", (of.first, of.last)).values())


def within(row, real):
    if row["value"] is not None:
        assert row["value"] <= real, row
        assert row["most"] is None or real <= row["most"], row


def test_coverage(known, asked):
    reader, question = asked
    (row,) = (row for row in records(asked, "totals")[1] if row["figure"] == "coverage")
    if row["value"] is None:
        return
    chosen = question.chosen if row["scope"] == "filter" else type(question.chosen)()
    told = {day for day, _ in reader.rows("total", question.days)}
    days = list(reader.closed(question.days))
    if total_bounds(reader, question.days, chosen).most is None:
        days = [day for day in days if day in told]
    granted = sum(known.of("state", "granted", (day, day), chosen.values)[0] for day in days)
    visits = sum(total(known, (day, day), chosen.values)[0] for day in days)
    assert row["value"] - 1e-9 <= granted / visits <= row["most"] + 1e-9


@pytest.mark.parametrize(("name", "side", "depth"), [("country", "region", 0), ("channel", "channel", 2)])
def test_coverage_by(known, asked, name, side, depth):
    reader, question = asked
    sheet, rows = records(asked, f"coverage-by-{name}")
    chosen = dict(() if sheet.refusal else question.chosen.values)
    for row in rows:
        visits = granted = 0
        for day in reader.closed(question.days):
            for block in reader.tables("state", question.days).get(day, {}):
                path = block.split("/")
                here = dict(zip(("region", "device", "channel"), path, strict=False))
                if len(path) > depth and path[depth] == row["label"] and chosen.items() <= here.items():
                    fixed = tuple((key, value) for key, value in here.items() if value != "(other)")
                    if len(fixed) < len(path):
                        continue
                    visits += total(known, (day, day), fixed)[0]
                    granted += known.of("state", "granted", (day, day), fixed)[0]
        if visits == row["visits"]:
            assert row["share"] - 1e-9 <= granted / visits <= row["share_most"] + 1e-9
        assert visits <= row["visits"]


def test_answers(known, asked):
    reader, question = asked
    sheet, rows = records(asked, "answers")
    own = dict(question.chosen.values) if not sheet.refusal and len(question.chosen.values) == 1 else {}
    for row in rows:
        side, label = next(iter(own.items()), ("banner", None))
        checked_funnel(known, reader, question.days, side, label, row)


@pytest.mark.parametrize("side", SIDES)
def test_answers_by_side(known, asked, side):
    reader, question = asked
    before = {}
    for row in records(asked, f"answers-by-{side}")[1]:
        checked_funnel(known, reader, question.days, side, row["label"], row)
        if row["compared_accept"] is not None:
            days = told_days(reader, question.against, side, row["label"])
            before = {event: events(known, event, side, row["label"], days) for event in ("accept", "shown")}
            assert row["compared_accept"] == pytest.approx(before["accept"] / before["shown"])


def checked_funnel(known, reader, days, side, label, row):
    of = told_days(reader, days, side, label)
    if reader.week_rows(f"prompt:shown:{side}", days) and row["told"] == PARTLY and not of:
        return  # told by the week: see test_weeks
    real = {event: events(known, event, side, label, of) for event in ("shown", "accept", "reject", "custom")}
    if real["shown"] == row["shown"]:
        real["ignored"] = real["shown"] - real["accept"] - real["reject"] - real["custom"]
        for event in PARTS:
            assert row[event] <= real[event] <= row[f"{event}_most"], (event, row, real)
    every = closed(reader, days)
    assert real["shown"] <= row["shown"] <= events(known, "shown", side, label, range(every[0], every[1] + 1))
    if row["told"] == WHOLLY:
        assert row["shown"] == events(known, "shown", side, label, range(every[0], every[1] + 1))
    for event in ("withdrawn", "signal"):
        assert (row[event] or 0) <= events(known, event, side, label, range(every[0], every[1] + 1))


def events(known, event, side, label, days):
    panel = f"prompt:{event}:{side}"
    if label is None:
        return sum(v for day in days for _, v, _ in known._day(panel, day, {}))
    return sum(known.of(panel, label, (day, day))[0] for day in days)


def told_days(reader, days, side, label):
    """The days whose rows tell of a label's prompts."""
    found = set()
    closing = reader.closed(days)
    rows = [(day, row.label) for day, row in reader.rows(f"prompt:shown:{side}", days) if day in closing]
    for day, name in rows:
        group = read_group(name)
        place = (
            country_of(name) if group is None and side == "region" else name if group is None else group[0]
        )
        if label is None or (place == label and (group is None or group[0])):
            found.add(day)
    if label is not None and "-" in label:
        found = {day for day, name in rows if name == label}
    return sorted(found)


def test_steps(known, asked):
    reader, question = asked
    _, rows = records(asked, "time")
    chosen = question.chosen.values if question.grain != "hour" else ()
    for row in rows:
        if row["visits"] is None:
            continue
        of = closed(reader, type(question.days)(*(day_of(_date(row[end])) for end in ("from", "to"))))
        real = total(known, of, chosen) if row["hour"] is None else known.of("hour", f"{row['hour']:02d}", of)
        exact = row["told"] == WHOLLY
        for measure, number in zip(("visits", "views"), real, strict=True):
            if row[measure] is not None:
                assert row[measure] == number if exact else row[measure] <= number, row


def _date(text):
    return date.fromisoformat(text)
