"""The benchmarks measure what they say. None of these tests looks at a clock."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from cookiegate.stores.sqlite import SqliteStore

from . import row_per_hit
from .__main__ import PARTS, main
from .browser import FETCH
from .load import drive
from .memory import TARGET, peaks_of
from .pages import KB, made, pages, sized
from .report import Figure
from .server import serving
from .site import JSON


@pytest.mark.parametrize("kb", [10, 100, 1000])
def test_made_page_is_the_same_each_time_and_of_its_size(kb: int) -> None:
    page = made(kb * KB)
    assert page == made(kb * KB)
    assert page.kb == kb


def test_pages_come_smallest_first() -> None:
    sizes = [len(page.data) for page in pages()]
    assert sizes == sorted(sizes)
    assert sized(10 * KB).kb == 10


def test_cost_meets_a_target_from_below_and_a_speed_from_above() -> None:
    cost = Figure(name="cost", value=50, unit="us", target=100)
    speed = Figure(name="speed", value=50, unit="MB/s", target=100, at_least=True)
    assert (cost.met, speed.met) == (True, False)
    assert cost.ratio == speed.ratio == 0.5


@pytest.mark.parametrize("kind", ["plain", "scripts", "gzip"])
def test_streamed_page_takes_little_memory_whatever_its_size(kind: str) -> None:
    assert peaks_of(4, kind)["allocated"] < TARGET


@pytest.mark.parametrize("gated", [False, True])
def test_load_meets_whole_answers_of_a_server_that_ends(tmp_path: Path, gated: bool) -> None:
    with serving(tmp_path if gated else None) as server:
        load = drive(server.port, "/items.json", FETCH, seconds=0.2, connections=2)
        assert load.answers > 2
        assert not Path("/proc").exists() or server.processor_seconds() > 0
    assert b"tree" in JSON
    with pytest.raises(RuntimeError):
        drive(server.port, "/items.json", FETCH, seconds=0.1, connections=1)


def test_each_part_can_be_measured_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["small_parts", "--quick", "--json", str(tmp_path / "out.json")])
    assert "one IPv4 address truncated" in capsys.readouterr().out
    assert json.loads((tmp_path / "out.json").read_text())["sections"][0]["figures"]


def test_unknown_part_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["speed"])
    said = capsys.readouterr().err
    assert "speed" in said
    assert all(part in said for part in PARTS)


def test_both_designs_are_asked_about_the_same_traffic(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "year.sqlite")
    peer = sqlite3.connect(tmp_path / "events.sqlite")
    peer.executescript(row_per_hit.TABLES)
    views = row_per_hit.fill(store, peer, 50_000)
    top, _, region, days = row_per_hit.questions(store, peer)
    assert sum(row.views for _, row in days.ours()) == sum(row[1] for row in days.theirs()) == views
    assert sum(sums.views for sums in region.ours()) == sum(row[2] for row in region.theirs()) == views
    assert top.ours()[0].label == top.theirs()[0][0]
    store.close()
    peer.close()
