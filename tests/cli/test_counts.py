"""The commands that look at counts and after them."""

from __future__ import annotations

import csv
import io
import json
import time

import pytest

from cookiegate.core.counts import VISIT
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
        store.add(Batch(str(day), "www.site.test", {day: cells}, day))
    store.close()
    return site


def test_sealing_says_each_period_and_nothing_the_second_time(counted):
    would = counted.run("seal", "--dry-run").output
    assert f"would close day {date_of(TODAY - 9)}, www.site.test" in would
    done = counted.run("seal").output
    assert f"closed day {date_of(TODAY - 9)}, www.site.test" in done
    assert "periods closed." in done
    assert counted.run("seal").output == "Nothing to close.\n"


def test_figures_are_sealed_ones(counted):
    assert counted.run("counts", "--site", "www.site.test").output == "No sealed figures in these days.\n"
    counted.run("seal")
    table = counted.run("counts", "--site", "www.site.test").output
    assert "/ and (other)" in table
    assert "3" not in [word for line in table.splitlines() for word in line.split()]


def test_figures_as_json_and_csv_agree(counted):
    counted.run("seal")
    options = ("counts", "referrer", "--site", "www.site.test", "--by-day", "--format")
    as_json = json.loads(counted.run(*options, "json").output)
    as_csv = list(csv.DictReader(io.StringIO(counted.run(*options, "csv").output)))
    assert [int(row["visits"]) for row in as_csv] == [row["visits"] for row in as_json]
    assert {row["label"] for row in as_json} == {"=cmd()"}
    assert {row["label"] for row in as_csv} == {"'=cmd()"}


def test_a_day_that_is_none_is_refused(site):
    result = site.run("counts", "--from", "2026-13-01")
    assert result.exit_code == 2
    assert "2026-13-01 is no day: write YYYY-MM-DD" in result.output


def test_check_says_what_is_open_and_every_column(counted):
    output = counted.run("store", "check").output
    assert "The store is sound." in output
    assert "www.site.test: 9 open days" in output
    assert "run cookiegate seal" in output
    assert "open_cell: site, day, panel, label, visits, views" in output


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
