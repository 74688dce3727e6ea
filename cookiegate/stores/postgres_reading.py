"""Reading sealed rows from PostgreSQL: each works inside a transaction that `postgres` has begun."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from ..core.counts import OTHER
from ..core.sealing import Row
from .contract import DatedRow, Sum
from .ranges import spans_of

ROWS = """
SELECT period, panel.text, block.text, label.text, visits, views FROM sealed
JOIN word AS site ON site.id = sealed.site JOIN word AS panel ON panel.id = sealed.panel
JOIN word AS block ON block.id = sealed.block JOIN word AS label ON label.id = sealed.label
WHERE site.text = :site AND kind = :kind AND period BETWEEN :first AND :last {more}
ORDER BY period, panel.text COLLATE "C", block.text COLLATE "C", label.text COLLATE "C"
"""
PART = """
SELECT block, label, visits, views FROM sealed WHERE site = :site AND panel = :panel
AND kind = :kind{at} AND period BETWEEN :first{at} AND :last{at}
"""
GROUPS = 40
"""Labels fetched beyond those asked for: groups are among them, and are left out."""


def rows(
    connection: Connection, site: str, kind: str, first: int, last: int, panel: str | None = None
) -> list[DatedRow]:
    query = ROWS.format(more="AND panel.text = :panel" if panel is not None else "")
    values = {"site": site, "kind": kind, "first": first, "last": last, "panel": panel}
    return [(period, Row(*row)) for period, *row in connection.execute(text(query), values)]


def grouped(
    connection: Connection, site: str, panel: str, first: int, last: int, columns: str, order: str
) -> list[Any]:
    found = connection.execute(
        text("SELECT text, id FROM word WHERE text IN (:a, :b)"), {"a": site, "b": panel}
    )
    ids = dict(map(tuple, found))
    if site not in ids or panel not in ids:
        return []
    values: dict[str, Any] = {"site": ids[site], "panel": ids[panel]}
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
