"""Regions of truncated addresses: the file that ships, and one of the operator's own."""

from __future__ import annotations

import bisect
import os
import random
import subprocess
import sys
import zlib

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from cookiegate.core.counts import UNKNOWN
from cookiegate.errors import GeoError
from cookiegate.geo import Regions, open_regions
from cookiegate.geo.build import _merged
from cookiegate.geo.flat import FlatRegions, write_flat
from cookiegate.geo.regions import SHIPPED, Installed, region_of_entry

LONDON = bytes((81, 2, 69))


def test_it_works_at_once():
    regions = open_regions(None)
    assert regions(LONDON) == "GB-ENG"
    assert regions(bytes.fromhex("2a0014504009")) == "GB-ENG"
    assert regions(b"\x0a\0\0") == regions(b"") == UNKNOWN
    assert regions(bytes((81, 2))) != UNKNOWN
    assert regions(bytes.fromhex("2a001450")) != UNKNOWN
    assert "db-ip.com" in regions.credit


def test_the_shipped_file_says_its_source_and_fits_into_the_wheel():
    header = FlatRegions(SHIPPED).header
    assert "CC BY 4.0" in header["licence"]
    assert header["source"]
    assert header["date"]
    assert len(zlib.compress(SHIPPED.read_bytes())) < 12_000_000


def test_most_subdivisions_have_their_iso_code():
    labels = FlatRegions(SHIPPED).header["labels"]
    known = {
        "GB-ENG",
        "GB-SCT",
        "US-CA",
        "DE-BY",
        "DE-NW",
        "FR-IDF",
        "IT-25",
        "NL-NH",
        "ES-CT",
        "PL-14",
        "AT-9",
    }
    assert known <= set(labels)
    coded = [label for label in labels if label[3:].isupper() or label[3:].isdigit()]
    assert len(coded) > len(labels) * 0.6


@pytest.mark.parametrize("seed", range(4))
def test_a_written_file_is_read_as_it_was_meant(tmp_path, seed):
    rng = random.Random(seed)
    labels = ["", *(f"L{number}" for number in range(50))]
    runs = {}
    for version, bits in ((4, 24), (6, 48)):
        starts = sorted(
            {rng.getrandbits(bits) for _ in range(500)} | {0, (1 << bits) - 1} | {1 << 16, (1 << 16) - 1}
        )
        runs[version] = [(start, rng.randrange(51)) for start in starts]
    write_flat(tmp_path / "x.bin", labels, runs[4], runs[6], {})
    regions = FlatRegions(tmp_path / "x.bin")
    for version, bits in ((4, 24), (6, 48)):
        starts = [start for start, _ in runs[version]]
        for place in [rng.getrandbits(bits) for _ in range(500)] + starts + [s - 1 for s in starts if s]:
            want = labels[runs[version][bisect.bisect_right(starts, place) - 1][1]]
            size = 4 if version == 4 else 16
            assert regions.of((place << (size * 8 - bits)).to_bytes(size, "big")) == want


def test_what_one_source_does_not_know_the_other_says():
    known = [(0, ""), (10, "A"), (20, ""), (30, "B")]
    beside = [(5, "x"), (15, "y"), (25, "z"), (35, "")]
    assert list(_merged(known, beside)) == [(5, "x"), (10, "A"), (20, "y"), (25, "z"), (30, "B")]


@pytest.mark.parametrize("damage", [b"", b"x", b"\0" * 100, b"\xff" * 4096])
def test_a_damaged_file_is_said_in_one_line_and_the_region_is_unknown(tmp_path, damage, caplog):
    file = tmp_path / "own.mmdb"
    file.write_bytes(damage)
    with pytest.raises(GeoError, match=r"^own\.mmdb cannot be read as a database of regions"):
        Installed(file)
    with pytest.raises(GeoError):
        FlatRegions(file)
    regions = Regions(file)
    assert regions(LONDON) == UNKNOWN
    assert regions(LONDON) == UNKNOWN
    assert len(caplog.records) == 1


def mmdb(path, entries, kind="GeoLite2-City", version=6):
    """A database of the networks that are given."""
    writer = MMDBWriter(version, kind, ipv4_compatible=version == 6)
    for network, entry in entries.items():
        writer.insert_network(IPSet([network]), entry)
    beside = path.with_suffix(".beside")
    writer.to_db_file(str(beside))
    os.replace(beside, path)
    return path


ENGLAND = {"country": {"iso_code": "GB"}, "subdivisions": [{"iso_code": "ENG"}]}
BAVARIA = {"country": {"iso_code": "DE"}, "subdivisions": [{"names": {"en": "Bavaria"}}]}
LONDON_6 = bytes.fromhex("2a0014504009")


def test_a_database_of_ones_own_answers_for_both_kinds_of_address(tmp_path):
    file = mmdb(tmp_path / "own.mmdb", {"81.2.69.0/24": ENGLAND, "2a00:1450:4009::/48": ENGLAND})
    regions = Regions(file)
    assert regions(LONDON) == regions(LONDON_6) == "GB-ENG"
    assert regions(bytes((9, 9, 9))) == UNKNOWN
    assert regions(bytes((81, 2))) == UNKNOWN  # strict: 81.2.0.0 is in no entry
    assert "MaxMind" in regions.credit


def test_a_database_without_ipv6_costs_ipv6_its_regions_and_no_count(tmp_path, caplog):
    entry = {"country_code": "GB", "state1": "England"}
    file = mmdb(tmp_path / "own.mmdb", {"81.2.69.0/24": entry}, "dbip-city-ipv4", 4)
    regions = Regions(file)
    assert regions(LONDON) == "GB-ENG"
    assert regions(LONDON_6) == regions(bytes.fromhex("2a001450")) == UNKNOWN
    assert caplog.text.count("own.mmdb has no IPv6") == 1


@pytest.mark.parametrize(
    "entry",
    [
        {"country": "GB", "country_name": "United Kingdom"},
        {"country": "United Kingdom", "country_code": "GB"},
    ],
)
def test_a_country_that_is_a_word_is_one(tmp_path, entry):
    file = mmdb(tmp_path / "own.mmdb", {"81.2.69.0/24": entry}, "ipinfo generic_country_free.mmdb")
    assert Regions(file)(LONDON) == "GB-"


@pytest.mark.parametrize(
    "entry",
    [{"country": 7}, {"country": ["GB"]}, {"country_code": "GB", "subdivisions": "x"}, {"subdivisions": [1]}],
)
def test_an_entry_of_another_form_costs_a_region_alone(tmp_path, entry):
    file = mmdb(tmp_path / "own.mmdb", {"81.2.69.0/24": entry})
    assert Regions(file)(LONDON) in (UNKNOWN, "GB-")


def test_a_database_that_fails_says_so_once(tmp_path, caplog, monkeypatch):
    regions = Regions(mmdb(tmp_path / "own.mmdb", {"81.2.69.0/24": ENGLAND}))
    assert regions(LONDON) == "GB-ENG"
    monkeypatch.setattr(regions, "_of", lambda kept: 1 / 0)
    assert [regions(LONDON) for _ in range(3)] == [UNKNOWN] * 3
    assert caplog.text.count("the database failed (ZeroDivisionError)") == 1


@pytest.mark.parametrize("where", ["tree", "data"])
def test_a_damaged_database_is_refused(tmp_path, where):
    file = mmdb(tmp_path / "own.mmdb", {"0.0.0.0/1": ENGLAND, "128.0.0.0/1": BAVARIA, "2000::/3": ENGLAND})
    whole = bytearray(file.read_bytes())
    data = whole.index(b"\0" * 16)
    start, end = (0, data) if where == "tree" else (data + 16, whole.index(b"MaxMind.com") - 3)
    whole[start:end] = b"\x2f" * (end - start)
    file.write_bytes(whole)
    with pytest.raises(GeoError, match="cannot be read as a database of regions"):
        Installed(file)


def test_another_file_is_taken_up_and_one_that_goes_is_said_once(tmp_path, caplog):
    now, file = [0.0], tmp_path / "own.mmdb"
    regions = Regions(file, clock=lambda: now[0])
    for _ in range(5):
        assert regions(LONDON) == UNKNOWN
        now[0] += 31
        regions.source()
    assert caplog.text.count("there is no file own.mmdb") == 1
    for entry, label in ((ENGLAND, "GB-ENG"), (BAVARIA, "DE-BY")):
        mmdb(file, {"81.2.69.0/24": entry})
        assert regions(LONDON) != label
        now[0] += 31
        regions.source()
        assert regions(LONDON) == label


def test_the_first_that_is_installed_is_taken_up_while_the_site_runs(tmp_path):
    now = [0.0]
    regions = open_regions(None, tmp_path)
    regions._clock = lambda: now[0]
    assert regions(LONDON) == "GB-ENG"
    mmdb(tmp_path / "regions.mmdb", {"81.2.69.0/24": BAVARIA})
    now[0] += 31
    regions.source()
    assert regions(LONDON) == "DE-BY"
    (tmp_path / "regions.mmdb").unlink()
    now[0] += 31
    regions.source()
    assert regions(LONDON) == "GB-ENG"


SHRUNK = """
import os, sys
from pathlib import Path
from cookiegate.geo import open_regions
file, state = Path(sys.argv[1]), Path(sys.argv[2])
regions = open_regions(file, state)
assert regions(bytes((81, 2, 69))) == "GB-ENG"
os.truncate(file, 0)
print(regions(bytes((81, 2, 69))), regions(bytes((81, 2, 70))))
"""


def test_a_file_that_is_cut_short_while_it_is_read_ends_no_worker(tmp_path):
    """What `cp new.mmdb own.mmdb` does first. Where the state folder takes no copy, the log asks for a rename."""
    file = mmdb(tmp_path / "own.mmdb", {"81.2.69.0/24": ENGLAND, "81.2.70.0/24": BAVARIA})
    command = [sys.executable, "-c", SHRUNK, str(file), str(tmp_path / "state")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "GB-ENG DE-BY\n")


def test_one_copy_is_made_for_all_workers_and_anew_when_the_file_is(tmp_path, caplog):
    now, file, state = [0.0], mmdb(tmp_path / "own.mmdb", {"81.2.69.0/24": ENGLAND}), tmp_path / "state"
    first, second = (open_regions(file, state) for _ in range(2))
    first._clock = lambda: now[0]
    assert first(LONDON) == "GB-ENG"
    made = (state / "regions-copy.mmdb").stat().st_ino
    assert second(LONDON) == "GB-ENG"
    assert (state / "regions-copy.mmdb").stat().st_ino == made
    mmdb(file, {"81.2.69.0/24": BAVARIA})
    now[0] += 31
    first.source()
    assert first(LONDON) == "DE-BY"
    assert [found.name for found in state.iterdir()] == ["regions-copy.mmdb"]
    (tmp_path / "no-folder").write_text("")
    assert open_regions(file, tmp_path / "no-folder")(LONDON) == "DE-BY"
    assert "replace it by a rename" in caplog.text


@pytest.mark.parametrize(
    ("entry", "label"),
    [
        (
            {"country": {"iso_code": "GB"}, "subdivisions": [{"iso_code": "ENG"}, {"iso_code": "LND"}]},
            "GB-ENG",
        ),
        ({"country": {"iso_code": "VA"}}, "VA-"),
        ({"registered_country": {"iso_code": "US"}}, "US-"),
        ({"country_code": "AU", "state1": "Queensland", "city": "Brisbane"}, "AU-QLD"),
        ({"country_code": "RU", "state1": "Kaluga"}, "RU-Kaluga"),
        ({"country_code": "RU", "state1": "Moscow Oblast"}, "RU-MOS"),
        ({"country": {"iso_code": "US"}, "subdivisions": [{"names": {"en": "California"}}]}, "US-CA"),
        ({"country": {"iso_code": "US"}, "subdivisions": [{"names": {"de": "x"}}]}, "US-"),
        ({"country_code": "AU", "state1": ""}, "AU-"),
        ({}, ""),
        (None, ""),
        ({"country": {"iso_code": "<script>"}}, ""),
    ],
)
def test_entries_of_every_maker(entry, label):
    assert region_of_entry(entry) == label
