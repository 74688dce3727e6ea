"""A year of the same traffic twice: as sealed figures, and as a row for each hit; the same questions to both.

The other design is that of a common peer: events and sessions in two tables with the columns that Umami documents,
and indexes for what is asked. It is asked for views where its own pages count visitors, which is dearer.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cookiegate.core.counts import VIEW, VISIT, Cell, label_of
from cookiegate.core.sealing import Rule, seal_day
from cookiegate.stores import Batch
from cookiegate.stores.sqlite import SqliteStore

from ..sealing.histories import CHANNELS, DEVICES, REGIONS, STATES

SITE = "www.site.test"
FIRST, DAYS = 20_400, 365
PAGES = [f"/section-{n % 40}/page-{n}" for n in range(800)]
POPULAR = [1 / (n + 1) for n in range(len(PAGES))]
VIEWS_A_VISIT = 3

TABLES = """
CREATE TABLE session (
  session_id TEXT PRIMARY KEY, website_id TEXT, browser TEXT, os TEXT, device TEXT, screen TEXT, language TEXT,
  country TEXT, region TEXT, city TEXT, created_at INTEGER
);
CREATE TABLE website_event (
  event_id TEXT PRIMARY KEY, website_id TEXT, session_id TEXT, created_at INTEGER, url_path TEXT, url_query TEXT,
  referrer_path TEXT, referrer_query TEXT, referrer_domain TEXT, page_title TEXT, event_type INTEGER,
  event_name TEXT, visit_id TEXT, tag TEXT, hostname TEXT
);
CREATE INDEX by_time ON website_event (website_id, created_at);
CREATE INDEX by_path ON website_event (website_id, created_at, url_path);
CREATE INDEX by_session ON website_event (website_id, session_id);
"""
BETWEEN = "website_id = 'w' AND created_at BETWEEN {first} AND {last}"
TOP = f"SELECT url_path, COUNT(*) AS n FROM website_event WHERE {BETWEEN} GROUP BY url_path ORDER BY n DESC LIMIT 10"
BY_REGION = f"""SELECT country, region, COUNT(*) FROM website_event e JOIN session s ON e.session_id = s.session_id
WHERE e.{BETWEEN.replace("AND created", "AND e.created")} GROUP BY country, region"""
BY_DAY = f"SELECT created_at / 86400, COUNT(*), COUNT(DISTINCT visit_id) FROM website_event WHERE {BETWEEN} GROUP BY 1"


class Visit(NamedTuple):
    number: int
    region: str
    device: str
    pages: list[str]


def visits_of(rng: random.Random, views: int) -> Iterator[Visit]:
    """The visits of one day, `VIEWS_A_VISIT` pages each."""
    for number in range(views // VIEWS_A_VISIT):
        yield Visit(
            number,
            rng.choice(REGIONS),
            rng.choice(DEVICES),
            rng.choices(PAGES, POPULAR, k=VIEWS_A_VISIT),
        )


def cells_of(visits: list[Visit], rng: random.Random) -> dict[Cell, int]:
    """What the gate would have in its buffer at the day's end."""
    cells: dict[Cell, int] = {}
    for visit in visits:
        hour, channel, state = f"{rng.randrange(24):02d}", rng.choice(CHANNELS), rng.choice(STATES)
        for number, page in enumerate(visit.pages):
            weight, source = (VIEW, "internal") if number else (VISIT, channel)
            cube = label_of(visit.region, visit.device, source, state)
            for cell in (("hour", hour), ("page", page), ("cube", cube)):
                cells[cell] = cells.get(cell, 0) + weight
    return cells


def rows_of(day: int, visits: list[Visit], rng: random.Random) -> tuple[list[tuple[object, ...]], ...]:
    """(events, sessions) of the same visits, as the peer writes them."""
    events: list[tuple[object, ...]] = []
    sessions: list[tuple[object, ...]] = []
    for visit in visits:
        key, when = f"{rng.getrandbits(128):032x}", day * 86400 + rng.randrange(86000)
        country, _, part = visit.region.partition("-")
        screen, city = "1920x1080", "Somewhere"
        sessions.append(
            (key, "w", "chrome", "Windows", visit.device, screen, "en-GB", country, part, city, when)
        )
        for number, page in enumerate(visit.pages):
            event = f"{rng.getrandbits(128):032x}"
            source = "" if number else "google.com"
            events.append(
                (
                    event,
                    "w",
                    key,
                    when + number,
                    page,
                    "",
                    "",
                    "",
                    source,
                    "A title",
                    1,
                    None,
                    key,
                    None,
                    SITE,
                )
            )
    return events, sessions


def fill(store: SqliteStore, peer: sqlite3.Connection, views: int) -> int:
    """`views` over the year, into both. Returns how many those were."""
    rng, done = random.Random(4), 0
    for day in range(FIRST, FIRST + DAYS):
        visits = list(visits_of(rng, views // DAYS))
        store.add(Batch(f"day-{day}", SITE, {day: cells_of(visits, rng)}, day))
        store.close_day(SITE, day, lambda counts: seal_day(counts, Rule()))
        events, sessions = rows_of(day, visits, rng)
        with peer:
            peer.executemany(f"INSERT INTO session VALUES ({','.join('?' * 11)})", sessions)
            peer.executemany(f"INSERT INTO website_event VALUES ({','.join('?' * 15)})", events)
        done += len(events)
    return done


class Question(NamedTuple):
    name: str
    ours: Callable[[], Any]
    theirs: Callable[[], list[tuple[Any, ...]]]


def questions(store: SqliteStore, peer: sqlite3.Connection) -> list[Question]:
    """The dashboard's questions over a year and over 28 days, to each in its own words."""
    last = FIRST + DAYS - 1

    def asked(statement: str, days: int) -> Callable[[], list[tuple[Any, ...]]]:
        text = statement.format(first=(last - days + 1) * 86400, last=(last + 1) * 86400 - 1)
        return lambda: peer.execute(text).fetchall()

    def top(days: int) -> Callable[[], Any]:
        return lambda: store.top(SITE, "page", last - days + 1, last, 10)

    return [
        Question("the year's ten pages", top(DAYS), asked(TOP, DAYS)),
        Question("28 days, ten pages", top(28), asked(TOP, 28)),
        Question(
            "the year by region", lambda: store.sums(SITE, "region", FIRST, last), asked(BY_REGION, DAYS)
        ),
        Question(
            "the year's total by day", lambda: store.rows(SITE, "total", FIRST, last), asked(BY_DAY, DAYS)
        ),
    ]


def bench(
    folder: Path, views: int, line: Callable[[str, str], None], median_ms: Callable[..., float]
) -> None:
    store = SqliteStore(folder / "year.sqlite")
    peer = sqlite3.connect(folder / "events.sqlite")
    peer.executescript(TABLES)
    done = fill(store, peer, views)
    print(f"a year of {done:,} views, as sealed figures in SQLite and as a row for each hit")
    for question in questions(store, peer):
        ours, theirs = median_ms(question.ours), median_ms(question.theirs, 3)
        line(question.name, f"{ours:.1f} / {theirs:,.0f} ms")
    store.close()
    peer.close()
    ours, theirs = ((folder / f"{name}.sqlite").stat().st_size / done for name in ("year", "events"))
    line("bytes a view", f"{ours:.1f} / {theirs:.0f}")
