"""The commands that look at counts and after them."""

from __future__ import annotations

import csv
import io
import json
import time

import pytest

from cookiegate.core.counts import VISIT
from cookiegate.core.sealing import Rule, seal_day
from cookiegate.core.sealing.periods import date_of
from cookiegate.geo.regions import SHIPPED
from cookiegate.stores import Batch
from cookiegate.stores.sqlite import SqliteStore

TODAY = int(time.time()) // 86_400


@pytest.fixture
def counted(site):
    """A site with nine open days: 100 visits each, of which three are to a rare page."""
    store = SqliteStore(site.state / "counts.sqlite")
    for day in range(TODAY - 9, TODAY):
        cells = {
            ("hour", "10"): 100 * VISIT,
            ("page", "/"): 97 * VISIT,
            ("page", "/rare"): 3 * VISIT,
            ("referrer", "=cmd()"): 100 * VISIT,
        }
        store.add(Batch(str(day), "www.cats.example", {day: cells}, day))
    store.close()
    return site


def test_sealing_says_each_period_and_nothing_the_second_time(counted):
    would = counted.run("seal", "--dry-run").output
    assert f"would close day {date_of(TODAY - 9)}, www.cats.example" in would
    done = counted.run("seal").output
    assert f"closed day {date_of(TODAY - 9)}, www.cats.example" in done
    assert "periods closed." in done
    assert counted.run("seal").output == "Nothing to close.\n"


def test_figures_are_sealed_ones(counted):
    assert counted.run("counts", "--site", "www.cats.example").output == "No sealed figures in these days.\n"
    counted.run("seal")
    table = counted.run("counts", "--site", "www.cats.example").output
    assert "/ and (other)" in table
    assert "3" not in [word for line in table.splitlines() for word in line.split()]


def test_a_panel_that_is_none_is_refused_by_name(counted):
    found = counted.run("counts", "regions")
    assert found.exit_code == 2
    assert "regions is no panel: cookiegate counts --help names them" in found.output


def test_figures_as_json_and_csv_agree(counted):
    counted.run("seal")
    options = ("counts", "referrer", "--site", "www.cats.example", "--by-day", "--format")
    as_json = json.loads(counted.run(*options, "json").output)
    as_csv = list(csv.DictReader(io.StringIO(counted.run(*options, "csv").output)))
    assert [int(row["visits"]) for row in as_csv] == [row["visits"] for row in as_json]
    assert {row["label"] for row in as_json} == {"=cmd()"}
    assert {row["label"] for row in as_csv} == {"'=cmd()"}


@pytest.fixture
def ten_weeks(site):
    """Two goals, and visitors who opted in, on each of seventy days."""
    store = SqliteStore(site.state / "counts.sqlite")
    for day in range(TODAY - 70, TODAY):
        cells = {("hour", "10"): 100, ("goal", "order"): 25, ("goal", "enquiry"): 30}
        cells |= {("goal:channel", "order\x1fsearch"): 15, ("goal:channel", "enquiry\x1fsearch"): 12}
        cells |= {("unique:day", ""): 40, ("unique:week", ""): 15, ("unique:month", ""): 10}
        weights = {cell: visits * VISIT for cell, visits in cells.items()}
        store.add(Batch(str(day), "www.cats.example", {day: weights}, day))
    store.close()
    site.run("seal")
    return site


def test_goals_are_told_apart(ten_weeks):
    rows = json.loads(ten_weeks.run("counts", "goal", "--days", "10", "--format", "json").output)
    assert {row["label"] for row in rows} == {"order", "enquiry"}
    by_day = json.loads(ten_weeks.run("counts", "goal", "--by-day", "--format", "json").output)
    assert {row["label"] for row in by_day} == {"order", "enquiry"}
    channels = json.loads(ten_weeks.run("counts", "goal:channel", "--days", "10", "--format", "json").output)
    assert {(row["block"], row["label"]) for row in channels} == {("order", "search"), ("enquiry", "search")}


@pytest.mark.parametrize(("panel", "most", "each"), [("day", 70, 40), ("week", 10, 105), ("month", 3, 310)])
def test_uniques_are_added_up_over_no_periods(ten_weeks, panel, most, each):
    result = ten_weeks.run("counts", f"unique:{panel}", "--days", "100", "--format", "json")
    rows = json.loads(result.output)
    assert 1 <= len(rows) <= most
    assert all(row["visits"] <= each for row in rows)
    assert len({row["day"] for row in rows}) == len(rows)


def test_regions_come_with_the_credit_of_their_source_and_figures_stay_alone(site):
    store = SqliteStore(site.state / "counts.sqlite")
    day, label = TODAY - 2, "GB-ENG\x1fmobile\x1fdirect\x1fdenied"
    cells = {("hour", "10"): 100 * VISIT, ("cube", label): 100 * VISIT}
    store.add(Batch("a", "www.cats.example", {day: cells}, day))
    store.close()
    site.run("seal")
    result = site.run("counts", "region", "--format", "json")
    assert "db-ip.com" in result.stderr
    assert {row["label"] for row in json.loads(result.stdout)} == {"GB-ENG"}
    assert "db-ip.com" not in site.run("counts", "hour").output


def test_a_day_that_is_none_is_refused(site):
    result = site.run("counts", "--from", "2026-13-01")
    assert result.exit_code == 2
    assert "2026-13-01 is no day: write YYYY-MM-DD" in result.output


def test_check_says_what_is_open_and_every_column(counted):
    output = counted.run("store", "check").output
    assert "The store is sound." in output
    assert "www.cats.example: 9 open days" in output
    assert "run cookiegate seal" in output
    assert "open_cell: site, day, panel, label, visits, views" in output


def test_a_store_that_is_not_there_is_not_sound(site):
    site.write(top='store = "sqlite:///cuonts.sqlite"')
    result = site.run("store", "check")
    assert result.exit_code == 2
    assert "there is no cuonts.sqlite" in result.output
    assert not (site.state / "cuonts.sqlite").exists()
    assert "cuonts.sqlite has format 1" in site.run("migrate").output
    assert "The store is sound." in site.run("store", "check").output


def test_a_lock_that_cannot_be_opened_is_one_line(site):
    (site.state / "counts.sqlite.sealing").mkdir(parents=True)
    result = site.run("seal")
    assert result.exit_code == 2
    assert "the sealer's lock counts.sqlite.sealing cannot be opened: Is a directory" in result.output
    assert len(result.output.splitlines()) == 1


def test_a_damaged_store_is_one_line(site):
    site.state.mkdir(exist_ok=True)
    (site.state / "counts.sqlite").write_bytes(b"not a database" * 1000)
    result = site.run("store", "check")
    assert result.exit_code == 2
    assert "counts.sqlite failed: file is not a database" in result.output


def test_prune_and_migrate(counted):
    counted.run("seal")
    assert "are kept." in counted.run("prune", "--dry-run").output
    assert "0 figures from before" in counted.run("prune").output
    assert "has format 1" in counted.run("migrate").output


def test_the_region_of_an_address(site):
    output = site.run("geo", "show", "81.2.69.142").output
    assert output.startswith("81.2.69.0: GB-ENG\n")
    assert "db-ip.com" in output


def test_a_file_that_is_no_database_is_not_installed(site):
    result = site.run("geo", "install", str(SHIPPED))
    assert result.exit_code == 2
    assert "cannot be read as a database of regions" in result.output
    assert not (site.state / "regions.mmdb").exists()


@pytest.fixture
def renamed(site):
    """The store still holds a site that no settings name any more, with old days and open ones."""
    store = SqliteStore(site.state / "counts.sqlite")
    for day in (TODAY - 1200, TODAY - 9):
        store.add(Batch(f"old{day}", "old.example", {day: {("hour", "10"): 100 * VISIT}}, day))
    store.close()
    return site


def test_another_site_of_the_store_is_looked_after_by_name(renamed):
    assert renamed.run("seal").output == "Nothing to close.\n"
    assert "run cookiegate seal --site old.example" in renamed.run("store", "check").output
    assert "old.example: 0 figures" in renamed.run("prune", "--site", "old.example").output
    assert "periods closed." in renamed.run("seal", "--site", "old.example").output
    assert renamed.run("seal", "--site", "old.example").output == "Nothing to close.\n"


def test_a_clock_that_is_ahead_is_said_in_one_line_and_may_be_trusted(site):
    store = SqliteStore(site.state / "counts.sqlite")
    day = TODAY - 1200
    store.add(Batch("old", "www.cats.example", {day: {("hour", "10"): 100 * VISIT}}, day))
    store.close_day("www.cats.example", day, lambda cells: seal_day(cells, Rule()))
    store.close()
    for command in ("seal", "prune"):
        result = site.run(command)
        assert result.exit_code == 2
        assert "run cookiegate seal --trust-clock" in result.output
        assert len(result.output.splitlines()) == 1
    pruned = site.run("prune", "--trust-clock").output
    assert pruned.startswith("www.cats.example: ")
    assert not pruned.startswith("www.cats.example: 0 ")


def test_sites_with_a_script_tag_are_sealed_with_their_service(site):
    site.write(tables='[embed."shop.example"]')
    store = SqliteStore(site.state / "embed" / "shop.example" / "counts.sqlite")
    day = TODAY - 9
    store.add(Batch("a", "shop.example", {day: {("hour", "10"): 100 * VISIT}}, day))
    store.close()
    assert f"closed day {date_of(day)}, shop.example" in site.run("seal").output


@pytest.mark.parametrize("command", ["counts", "report", "seal", "prune"])
def test_a_site_that_nobody_knows_is_refused_with_those_that_are_known(counted, command):
    found = counted.run(command, "--site", "www.cat.example")
    assert found.exit_code == 2
    assert found.stdout == ""
    assert found.stderr == (
        "cookiegate: command line: --site = 'www.cat.example': neither the settings nor the store knows this site: "
        "did you mean www.cats.example? They know www.cats.example\n"
    )


@pytest.mark.parametrize("command", ["counts", "report", "seal"])
def test_a_site_of_the_settings_needs_no_visitors(site, command):
    site.write(tables='[embed."shop.example"]\n')
    plain = site.run(command)
    assert plain.exit_code == 0
    for own in ("www.cats.example", "shop.example"):
        found = site.run(command, "--site", own)
        assert (found.exit_code, found.stderr) == (0, plain.stderr)
    assert "No sealed figures in these days." in site.run("counts", "--site", "shop.example").output
    unknown = site.run(command, "--site", "nobody.test")
    assert unknown.exit_code == 2
    assert unknown.stderr.endswith("this site: they know shop.example, www.cats.example\n")


def test_a_site_of_the_store_that_no_settings_name_is_known(counted):
    site = 'public_url = "https://www.new.example"'
    counted.file.write_text(counted.file.read_text().replace('public_url = "https://www.cats.example"', site))
    assert "www.cats.example" in counted.run("seal", "--site", "www.cats.example").output
    assert counted.run("counts", "--site", "www.cats.example").exit_code == 0
    assert "They know" not in counted.run("counts", "--site", "www.cats.example").output
