"""Reading sealed rows from PostgreSQL: each works inside a transaction that `postgres` has begun."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from ..core.counts import OTHER
from ..core.sealing import Row
from .contract import DatedRow, Sum
from .ranges import spans_of

ROWS = """
SELECT period, panel, block, label, visits, views FROM sealed
WHERE site = :site AND kind = :kind AND period BETWEEN :first AND :last {more}
"""
PART = """
SELECT block, label, visits, views FROM sealed WHERE site = :site AND panel = :panel
AND kind = :kind{at} AND period BETWEEN :first{at} AND :last{at}
"""
DAYS = """
SELECT label, COUNT(*) FROM sealed WHERE site = :site AND panel = :panel AND kind = 'd'
AND period BETWEEN :first AND :last AND block = :block {more} GROUP BY label
"""
GROUPS = 40
"""Labels fetched beyond those asked for: groups are among them, and are left out."""


def rows(
    connection: Connection, site: str, kind: str, first: int, last: int, panel: str | None = None
) -> list[DatedRow]:
    ids = numbers(connection, site, *([panel] if panel is not None else []))
    if ids is None:
        return []
    query = ROWS.format(more="AND panel = :panel" if panel is not None else "")
    values = {"site": ids[0], "kind": kind, "first": first, "last": last, "panel": ids[-1]}
    found = list(connection.execute(text(query), values))
    words = texts(connection, {word for row in found for word in row[1:4]})
    return sorted(
        (period, Row(words[panel], words[block], words[label], *counts))
        for period, panel, block, label, *counts in found
    )


def numbers(connection: Connection, *wanted: str) -> list[int] | None:
    """The numbers of words, which tell the planner what a name could not; None where one is no word of any row."""
    found = connection.execute(text("SELECT text, id FROM word WHERE text = ANY(:all)"), {"all": [*wanted]})
    ids = dict(map(tuple, found))
    return [ids[word] for word in wanted] if ids.keys() >= set(wanted) else None


def grouped(
    connection: Connection, site: str, panel: str, first: int, last: int, columns: str, order: str
) -> list[Any]:
    ids = numbers(connection, site, panel)
    if ids is None:
        return []
    values: dict[str, Any] = {"site": ids[0], "panel": ids[1]}
    parts = []
    for at, (kind, start, end) in enumerate(spans_of(first, last)):
        parts.append(PART.format(at=at))
        values |= {f"kind{at}": kind, f"first{at}": start, f"last{at}": end}
    union = " UNION ALL ".join(parts)
    sums = f"SELECT {columns}, SUM(visits) AS v, SUM(views) AS n FROM ({union}) AS part"  # noqa: S608 - our own words
    query = f"{sums} GROUP BY {columns} {order}"
    return list(connection.execute(text(query), values))


def texts(connection: Connection, ids: set[int]) -> dict[int, str]:
    found = connection.execute(text("SELECT id, text FROM word WHERE id = ANY(:ids)"), {"ids": sorted(ids)})
    return dict(map(tuple, found))


def sums(connection: Connection, site: str, panel: str, first: int, last: int) -> list[Sum]:
    found = grouped(connection, site, panel, first, last, "block, label", "")
    words = texts(connection, {word for row in found for word in row[:2]})
    return sorted(Sum(words[block], words[label], int(v), int(n)) for block, label, v, n in found)


def days_told(
    connection: Connection, site: str, panel: str, days: tuple[int, int], labels: Sequence[str] | None
) -> dict[str, int]:
    ids = numbers(connection, site, panel, "")
    if ids is None:
        return {}
    values: dict[str, Any] = {
        "site": ids[0],
        "panel": ids[1],
        "block": ids[2],
        "first": days[0],
        "last": days[1],
    }
    more = ""
    if labels is not None:
        found = connection.execute(text("SELECT id FROM word WHERE text = ANY(:all)"), {"all": [*labels]})
        more, values["labels"] = "AND label = ANY(:labels)", [number for (number,) in found]
    counted = list(connection.execute(text(DAYS.format(more=more)), values))
    words = texts(connection, {label for label, _ in counted})
    return {words[label]: number for label, number in counted}


def top(connection: Connection, site: str, panel: str, first: int, last: int, limit: int) -> list[Sum]:
    wanted = limit + GROUPS
    while True:
        order = f"ORDER BY v DESC, n DESC LIMIT {wanted:d}"
        found = grouped(connection, site, panel, first, last, "label", order)
        words = texts(connection, {label for label, *_ in found})
        ordered = sorted((-int(v), -int(n), words[label]) for label, v, n in found)
        shown = [Sum("", word, -v, -n) for v, n, word in ordered if not word.startswith(OTHER)]
        if len(found) < wanted or (len(shown) > limit and shown[limit - 1][2:] != shown[-1][2:]):
            return shown[:limit]
        wanted *= 4
