"""Regions of truncated addresses: the file that ships, and one of the operator's own."""

from __future__ import annotations

import bisect
import random
import zlib

import pytest

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


def test_a_missing_file_is_taken_up_when_it_comes(tmp_path, caplog, monkeypatch):
    now = [0.0]
    regions = Regions(tmp_path / "own.mmdb", clock=lambda: now[0])
    assert regions(LONDON) == UNKNOWN

    class Found:
        credit = ""

        def __init__(self, path):
            self.text = path.read_text()

        def of(self, packed):
            return self.text

    monkeypatch.setattr("cookiegate.geo.regions.Installed", Found)
    for text in ("GB-ENG", "DE-BY-changed"):
        (tmp_path / "own.mmdb").write_text(text)
        assert regions(LONDON) != text
        now[0] += 31
        assert regions(LONDON) == text


@pytest.mark.parametrize(
    ("entry", "label"),
    [
        (
            {"country": {"iso_code": "GB"}, "subdivisions": [{"iso_code": "ENG"}, {"iso_code": "LND"}]},
            "GB-ENG",
        ),
        ({"country": {"iso_code": "VA"}}, "VA-"),
        ({"registered_country": {"iso_code": "US"}}, "US-"),
        ({"country_code": "AU", "state1": "Queensland", "city": "Brisbane"}, "AU-Queensland"),
        ({"country_code": "AU", "state1": ""}, "AU-"),
        ({}, ""),
        (None, ""),
        ({"country": {"iso_code": "<script>"}}, ""),
    ],
)
def test_entries_of_every_maker(entry, label):
    assert region_of_entry(entry) == label
