"""The store contract, answered by ClickHouse's servers."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from importlib import resources

from ...core.counts import Cell
from ...core.sealing import Count, Piece
from ...core.sealing.periods import WEEK, week_of
from ...errors import StoreError
from ..contract import LATE, Batch, Dated, DatedRow, SealDay, SealMonth, SealWeek, Sum
from .adding import Adder
from .address import Address
from .closing import Closing, cells_of
from .cluster import Cluster
from .marks import CLOSED
from .node import Node
from .pruning import prune
from .reading import Reading
from .sealer_lock import sealer_lock

FORMAT = 2
FORM = re.compile(r"CREATE TABLE IF NOT EXISTS (\w+) .*?PARTITION BY (.*?) ORDER BY", re.DOTALL)
TABLES = ("open_cell", "piece", "plan", "mark", "batch", "sealed")


class ClickHouseStore:
    """Connects when it is first used. `cookiegate migrate` makes its tables on every server."""

    def __init__(self, address: str) -> None:
        self._address = Address.parse(address)
        self._cluster = Cluster(self._address)
        self._adder = Adder(self._cluster)
        self._closing = Closing(self._cluster)
        self._reading = Reading(self._cluster)

    def add(self, batch: Batch) -> bool:
        return self._adder.add(batch)

    def sites(self) -> list[str]:
        query = "SELECT DISTINCT site FROM "
        found = {
            site for name in ("open_cell", "piece", "mark") for (site,) in self._cluster.ask(query + name)
        }
        return sorted(found - {""})

    def open_days(self, site: str) -> list[int]:
        self._cluster.settle("open_cell")
        marks = self._closing.marks(site)
        slots = {slot for slot in self._closing.slots(site) if slot >= 0 and marks.is_open(slot)}
        return sorted(slots | self._closing.unfinished(site, "d"))

    def cells(self, site: str, day: int) -> dict[Cell, Count]:
        if self._closing.marks(site).is_late(day):
            return {}
        self._cluster.settle("open_cell")
        found = cells_of(self._closing.found(site, [day]))
        return {(panel, label): Count(visits, views) for panel, label, visits, views in found}

    # -- sealing

    def close_day(self, site: str, day: int, seal: SealDay) -> None:
        self._closing.close_day(site, day, seal)

    def open_weeks(self, site: str) -> list[int]:
        marks = self._closing.marks(site)
        query = "SELECT DISTINCT period FROM piece WHERE site = %(site)s AND kind = 'w'"
        weeks = {week for (week,) in self._cluster.ask(query, {"site": site})}
        weeks |= {week_of(day) for day in marks.closed("d")}
        weeks = {week for week in weeks if marks.state("w", week) != CLOSED}
        late = {marks.week_of_late(slot) for slot in self._closing.slots(site) if marks.is_late(slot)}
        return sorted(weeks | late | self._closing.unfinished(site, "w"))

    def week(self, site: str, week: int) -> tuple[list[Dated], list[DatedRow]]:
        _, _, late = self._closing.late(site, week)
        waiting = [(LATE, piece) for piece in late if piece.panel != "unique:month"]
        return sorted([*waiting, *self._closing.pieces(site, "w", week)]), self._week_rows(site, week)

    def _week_rows(self, site: str, week: int) -> list[DatedRow]:
        return self._reading.between(site, "d", week, week + WEEK - 1)

    def close_week(self, site: str, week: int, seal: SealWeek) -> None:
        self._closing.close_week(site, week, seal, lambda: self._week_rows(site, week))

    def open_months(self, site: str) -> list[int]:
        marks = self._closing.marks(site)
        query = "SELECT DISTINCT period FROM piece WHERE site = %(site)s AND kind = 'm'"
        months = {month for (month,) in self._cluster.ask(query, {"site": site})}
        months = {month for month in months if marks.state("m", month) != CLOSED}
        return sorted(months | self._closing.unfinished(site, "m"))

    def month(self, site: str, month: int) -> list[Piece]:
        return [piece for _, piece in self._closing.pieces(site, "m", month)]

    def close_month(self, site: str, month: int, seal: SealMonth) -> None:
        self._closing.close_month(site, month, seal)

    # -- reading

    def rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        return self._reading.between(site, "d", first, last, panel)

    def week_rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        return self._reading.between(site, "w", first, last - WEEK + 1, panel)

    def month_rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        return self._reading.between(site, "m", first, last, panel)

    def sums(self, site: str, panel: str, first: int, last: int) -> list[Sum]:
        return self._reading.sums(site, panel, first, last)

    def days_told(
        self, site: str, panel: str, first: int, last: int, labels: Sequence[str] | None = None
    ) -> dict[str, int]:
        return self._reading.days_told(site, panel, first, last, labels)

    def top(self, site: str, panel: str, first: int, last: int, limit: int) -> list[Sum]:
        return self._reading.top(site, panel, first, last, limit)

    # -- care

    def last_closed(self, site: str) -> int | None:
        return max(self._closing.marks(site).closed("d"), default=None)

    def prune(self, site: str, before: int, today: int) -> int:
        self._closing.destroy_stuck(site)
        return prune(self._cluster, self._reading, site, before, today)

    @contextlib.contextmanager
    def lock(self) -> Iterator[bool]:
        first = self._cluster.shards[0][0]
        with sealer_lock(first, self._address.database) as held:
            yield held

    def check(self) -> str | None:
        for node in self._cluster.nodes():
            try:
                fault = _fault(node)
            except StoreError as error:
                return str(error)
            if fault:
                return fault
        return None

    def inventory(self) -> list[tuple[str, str]]:
        query = "SELECT table, name FROM system.columns WHERE database = currentDatabase()"
        return sorted({(table, column) for table, column in self._cluster.ask(query)})

    def migrate(self) -> list[str]:
        text = _schema()
        for shard in self._cluster.shards:
            for node in shard:
                self._make(node, text)
        count = sum(1 for _ in self._cluster.nodes())
        return [
            f"ClickHouse: {count} server{'s' if count > 1 else ''} have format {FORMAT}, which is this version's."
        ]

    def _make(self, node: Node, text: str) -> None:
        database = self._address.database
        client = node.connect(database=False)
        try:
            client.execute(f"CREATE DATABASE IF NOT EXISTS {database}")
        finally:
            client.disconnect()
        other = _of_another_form(node)
        if other:
            raise StoreError(
                f"ClickHouse at {node.name} has {', '.join(other)} in the format of another version: name a new "
                f"database in the address of the store, and migrate"
            )
        path = f"/cookiegate/{database}/{node.shard}"
        for statement in text.format(path=path, replica=node.name).split(";\n"):
            node.ask("\n".join(line for line in statement.splitlines() if not line.startswith("--")))

    def begin_anew(self) -> None:
        self._cluster.begin_anew()
        self._adder.begin_anew()

    def close(self) -> None:
        self._cluster.close()


def _schema() -> str:
    return resources.files(__package__).joinpath("tables.sql").read_text("utf-8")


def _of_another_form(node: Node) -> list[str]:
    """Tables that are there and are not divided as this version's are."""
    wanted = {table: "".join(key.split()) for table, key in FORM.findall(_schema())}
    there = {table for (table,) in node.ask("SHOW TABLES")} & set(wanted)
    made = {table: str(node.ask(f"SHOW CREATE TABLE {table}")[0][0]) for table in sorted(there)}
    return [
        table
        for table, text in made.items()
        if f"PARTITIONBY{wanted[table]}ORDER" not in "".join(text.split())
    ]


def _fault(node: Node) -> str | None:
    query = "SELECT table, is_readonly, queue_size FROM system.replicas WHERE database = currentDatabase()"
    found = {table: (readonly, queue) for table, readonly, queue in sorted(node.ask(query))}
    missing = sorted(set(TABLES) - set(found))
    if missing:
        return f"ClickHouse at {node.name} lacks {', '.join(missing)}: run cookiegate migrate"
    other = _of_another_form(node)
    if other:
        return f"ClickHouse at {node.name} has {', '.join(other)} in the format of another version"
    stuck = [table for table, (readonly, _) in found.items() if readonly]
    if stuck:
        return (
            f"ClickHouse at {node.name} takes nothing into {', '.join(stuck)}: is ZooKeeper (or Keeper) up?"
        )
    behind = [f"{table} ({queue})" for table, (_, queue) in found.items() if queue > MOST_BEHIND]
    return f"ClickHouse at {node.name} is behind its shard in {', '.join(behind)}" if behind else None


MOST_BEHIND = 100
"""Blocks that a replica may have yet to fetch or merge."""
