"""`make bench-counts`: what counting costs, beside a table with a row for each hit. One run, this machine.

python -m tests.bench.counts [--days 365] [--rows 3300] [--sites 1] [--views 1000000] [--year-views 2000000] [--only STORE] [--seconds 10]

`--sites 48` is 60 million rows of 48 sites; `--rows 164000 --only clickhouse --made-there` is a year of 60 million rows, which the server itself makes up.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from cookiegate.config import Config
from cookiegate.core.counts import VISIT
from cookiegate.core.sealing import DaySeal, Row, Rule, seal_day
from cookiegate.core.sealing.periods import day_of, month_of, week_of
from cookiegate.counting import Outcome
from cookiegate.opening import open_gate
from cookiegate.stores import Batch, Store, open_store
from cookiegate.stores.sqlite import SqliteStore

from ..edges.conftest import request
from ..sealing.histories import random_week
from ..stores.clickhouse_servers import SERVER, ZOOKEEPER, clickhouse_cluster
from ..stores.servers import BINARIES, postgres
from . import row_per_hit
from .many_sites import copied

SITE = "www.site.test"
FIRST = day_of(date(2025, 11, 24))
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.{}.0.0 Safari/537.36"


def median_ms(work: Callable[[], object], rounds: int = 7) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def line(name: str, value: str) -> None:
    print(f"  {name:<58} {value:>16}", flush=True)


def bench_hits() -> None:
    print("one view, from the request's facts to its cells")
    with tempfile.TemporaryDirectory() as folder:
        gate, _ = open_gate(Config(state_dir=Path(folder), services=("google-analytics",)))
        counter: Any = gate.counter
        counter.flusher = type("Asleep", (), {"wake": lambda self: None})()
        site = gate.open(request("/")).variant.site
        consent = gate.consent({}, None)

        def hit(outcome: Outcome) -> None:
            counter.count(counter.facts(environ, consent, site), outcome)

        environ = request(
            "/pricing", HTTP_REFERER="https://www.google.com/", HTTP_ACCEPT_LANGUAGE="en-GB,en;q=0.9"
        )
        cold = time.perf_counter()
        for number in range(500):
            environ["HTTP_USER_AGENT"] = AGENT.format(number)
            hit(Outcome())
        cold = (time.perf_counter() - cold) / 500
        for name, outcome in (
            ("warm", Outcome()),
            ("warm, banner shown", Outcome(asked=True)),
        ):
            best = min(_timed(lambda outcome=outcome: hit(outcome), 2000) for _ in range(50))
            line(name, f"{best * 1e6:.1f} us")
        line("cold: a user agent that was never seen", f"{cold * 1e6:.0f} us")
        gate.ledger.close()


def _timed(work: Callable[[], object], turns: int) -> float:
    start = time.perf_counter()
    for _ in range(turns):
        work()
    return (time.perf_counter() - start) / turns


def bench_flush(stores: dict[str, Store]) -> None:
    print("a flush of 10,000 increments, then the same cells again")
    cells = {("page", f"/page-{number}"): VISIT for number in range(10_000)}
    for name, store in stores.items():
        times = []
        for number in range(7):
            batch = Batch(f"flush-{number}", "flush.test", {FIRST: cells}, FIRST)
            start = time.perf_counter()
            store.add(batch)
            times.append((time.perf_counter() - start) * 1000)
        line(name, f"{times[0]:.0f} / {statistics.median(times[1:]):.0f} ms")


def bench_sealing() -> None:
    print("sealing a day")
    for size in (1_000, 100_000):
        cells = random_week(size, 1)[0]
        line(
            f"{size:,} visits, {len(cells):,} cells",
            f"{median_ms(lambda cells=cells: seal_day(cells, Rule()), 3):.0f} ms",
        )


def fill(store: Store, days: int, pages: int) -> int:
    """`pages` rows a day of pages, and a tenth of that of other panels. Returns the rows."""
    rng = random.Random(1)
    rows = 0
    for day in range(FIRST, FIRST + days):
        found = [
            Row("page", "", f"/page-{n}", v := 10 + int(1000 / (n + 1)) + rng.randrange(9), v + 5)
            for n in range(pages)
        ]
        found += [Row("region", "", f"GB-{n}", 20 + rng.randrange(90), 150) for n in range(pages // 20)]
        found += [
            Row("state", "", name, 500 + rng.randrange(90), 900)
            for name in ("undecided", "denied", "granted")
        ]
        found.append(Row("total", "", "", 2000, 3000))
        store.close_day(SITE, day, lambda _, found=found: DaySeal(found, []))
        rows += len(found)
        if day % 73 == 0:
            print(f"  … {rows:,} rows", flush=True)
    return rows


MADE_THERE = """
INSERT INTO sealed SELECT '{site}', '{kind}', 'page', {period}, '', concat('/page-', toString(number)), {day},
  10 + intDiv(1000, number + 1) + rand(1) % 9, 15 + intDiv(1000, number + 1) + rand(2) % 9
FROM system.numbers LIMIT {pages}
"""


def fill_there(store: Any, days: int, pages: int) -> int:
    """Days of pages, and their sums by week and month, without a Python object for each row."""
    (node,) = store._cluster.nodes()
    for day in range(FIRST, FIRST + days):
        for kind, period in (("d", day), ("r", month_of(day)), ("v", week_of(day))):
            node.ask(MADE_THERE.format(site=SITE, kind=kind, period=period, day=day, pages=pages))
        if day % 73 == 0:
            print(f"  … {(day - FIRST + 1) * pages:,} rows", flush=True)
    return days * pages


def bench_reading(stores: dict[str, Store], days: int, pages: int, *, sites: int, made_there: bool) -> None:
    for name, store in stores.items():
        start = time.perf_counter()
        rows = fill_there(store, days, pages) if made_there else fill(store, days, pages)
        line(f"sealing that into {name}, rows/s", f"{rows / (time.perf_counter() - start):,.0f}")
        print(f"a dashboard's questions over {rows:,} rows of {days} days, {name}")
        ask(store, days)
        if sites > 1:
            for number in copied(store, SITE, sites - 1):
                if number % 10 == 0:
                    print(f"  … {rows * number:,} rows", flush=True)
            print(f"the same questions among {sites} such sites, {rows * sites:,} rows, {name}")
            ask(store, days)


def ask(store: Store, days: int) -> None:
    last = FIRST + days - 1
    line(
        "the year's ten pages of most visits",
        f"{median_ms(lambda: store.top(SITE, 'page', FIRST, last, 10)):.1f} ms",
    )
    line("28 days, ten pages", f"{median_ms(lambda: store.top(SITE, 'page', last - 27, last, 10)):.1f} ms")
    line("the year by region", f"{median_ms(lambda: store.sums(SITE, 'region', FIRST, last)):.1f} ms")
    line("the year's total by day", f"{median_ms(lambda: store.rows(SITE, 'total', FIRST, last)):.1f} ms")


def bench_size(folder: Path, views: int) -> None:
    """A day of a large site, sealed."""
    print(f"{views:,} views of one day at rest")
    rng = random.Random(2)
    pages = [f"/section-{n % 40}/page-{n}" for n in range(3000)]
    store = SqliteStore(folder / "day.sqlite")
    weights = [1 / (n + 1) for n in range(len(pages))]
    viewed = rng.choices(pages, weights, k=views)
    cells: dict[tuple[str, str], int] = {}
    for page in viewed:
        cells["page", page] = cells.get(("page", page), 0) + VISIT
    whole = random_week(min(views, 100_000), 3)[0]
    factor = views / sum(count.visits for (panel, _), count in whole.items() if panel == "hour")
    for (panel, label), count in whole.items():
        if panel != "page":
            cells[panel, label] = int(count.visits * factor) * VISIT
    empty = (folder / "day.sqlite").stat().st_size if (folder / "day.sqlite").exists() else 0
    store.add(Batch("day", SITE, {FIRST: cells}, FIRST))
    store.close_day(SITE, FIRST, lambda counts: seal_day(counts, Rule()))
    store.close()
    ours = (folder / "day.sqlite").stat().st_size - empty
    line("sealed, with every panel", f"{ours / views:.2f} bytes/view")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--days", type=int, default=365)
    options.add_argument("--rows", type=int, default=3_300, help="rows a day of the pages panel")
    options.add_argument("--sites", type=int, default=1, help="sites with as many rows in the same store")
    options.add_argument("--views", type=int, default=1_000_000, help="of one day at rest")
    options.add_argument(
        "--year-views", type=int, default=2_000_000, help="of the year beside a row for each hit"
    )
    options.add_argument("--seconds", type=float, default=10, help="of flushing without a pause")
    options.add_argument("--made-there", action="store_true", help="ClickHouse makes its rows up itself")
    options.add_argument("--only", help="one store: sqlite, postgresql, clickhouse or clickhouse 2x2")
    chosen = options.parse_args()
    if not chosen.only:
        bench_hits()
        bench_sealing()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with contextlib.ExitStack() as servers:
            addresses = _addresses(servers, folder, chosen.only)
            stores = {name: open_store(address, folder) for name, address in addresses.items()}
            for store in stores.values():
                store.migrate()
            bench_flush(stores)
            bench_absorbing(addresses, chosen.seconds)
            stores.pop("memory", None)
            if not chosen.only:
                stores.pop("clickhouse 2x2", None)
            bench_reading(stores, chosen.days, chosen.rows, sites=chosen.sites, made_there=chosen.made_there)
            for store in stores.values():
                store.close()
        if "sqlite" in stores:
            line("SQLite's file", f"{(folder / 'counts.sqlite').stat().st_size / 1e6:.0f} MB")
        if not chosen.only:
            bench_size(folder, chosen.views)
            row_per_hit.bench(folder, chosen.year_views, line, median_ms)


def bench_absorbing(addresses: dict[str, str], seconds: float) -> None:
    print("increments/s acknowledged, two processes that flush 10,000 without a pause")
    for name, address in addresses.items():
        if name == "memory":
            continue
        start = time.perf_counter()
        command = [sys.executable, "-m", "tests.bench.absorb", address]
        running = [
            subprocess.Popen([*command, str(n), str(seconds)], stdout=subprocess.PIPE, text=True)
            for n in range(2)
        ]
        total = sum(int(process.communicate(timeout=seconds * 10 + 60)[0]) for process in running)
        line(name, f"{total / (time.perf_counter() - start):,.0f}")


def _addresses(servers: contextlib.ExitStack, folder: Path, only: str | None) -> dict[str, str]:
    """The address of each store that this machine can start, or of the one that is wanted."""
    found = {"memory": "memory:", "sqlite": f"sqlite:///{folder / 'counts.sqlite'}"}
    found = {name: address for name, address in found.items() if only in (None, name)}
    if BINARIES and only in (None, "postgresql"):
        place = _folder(servers) / "server"
        place.mkdir(mode=0o700)
        found["postgresql"] = servers.enter_context(postgres(place)).address
    if Path(SERVER).exists() and ZOOKEEPER.exists():
        shapes = {"clickhouse": (1, 1), "clickhouse 2x2": (2, 2)}
        for name, shape in shapes.items():
            if only not in (None, name):
                continue
            cluster = servers.enter_context(clickhouse_cluster(_folder(servers), *shape))
            found[name] = cluster.address("counts")
    return found


def _folder(servers: contextlib.ExitStack) -> Path:
    place = Path(servers.enter_context(tempfile.TemporaryDirectory(dir="/tmp")))
    place.chmod(0o711)
    return place


if __name__ == "__main__":
    main()
