"""The data inventory: every column that is stored, read from the files themselves, and what it holds.

Public, on a page and as `/privacy.json`: it is about kinds of data, and holds none.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..config import Config
from ..errors import StoreError
from ..face.folders import PACKAGE
from ..stores import Store
from .accounts import Accounts

UNKNOWN = "not described here: ask whoever runs the site"
SCHEMA = (
    "SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c "
    "WHERE m.type = 'table' ORDER BY m.name, c.cid"
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A table: what it is for, how long it is kept, and its columns with what each holds."""

    name: str
    about: str
    kept: str
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Place:
    title: str
    tables: tuple[Stored, ...]


@cache
def _words() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PACKAGE / "data" / "inventory.json").read_text("utf-8"))
    return found


def inventory(config: Config, store: Store, accounts: Accounts) -> list[Place]:
    """Read anew each time: a column that somebody added shows itself."""
    with accounts.connection.read() as connection:
        own = list(connection.execute(SCHEMA))
    return [
        Place("Counts of visits", _described(store.inventory(), config.counts.months)),
        Place("Records of choices", _described(_of_file(config.ledger_path), config.counts.months)),
        Place("What was held", _described(_of_file(config.tally_path), config.counts.months)),
        Place("The dashboard’s accounts", _described(own, config.counts.months)),
    ]


def _of_file(path: Path) -> list[tuple[str, str]]:
    """Of a file that another process keeps; nothing where there is none yet."""
    if not path.is_file():
        return []
    try:
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)
        ) as connection:
            return list(connection.execute(SCHEMA))
    except sqlite3.Error as error:
        raise StoreError(f"{path.name} cannot be read: {error}") from error


def _described(columns: Iterable[tuple[str, str]], months: int) -> tuple[Stored, ...]:
    found = []
    for table, group in itertools.groupby(columns, key=lambda entry: entry[0]):
        about, kept = _words()["tables"].get(table, (UNKNOWN, UNKNOWN))
        told = tuple((column, _holds(table, column)) for _, column in group)
        found.append(Stored(table, about, kept.replace("{months}", str(months)), told))
    return tuple(found)


def _holds(table: str, column: str) -> str:
    columns: dict[str, str] = _words()["columns"]
    return columns.get(f"{table}.{column}") or columns.get(f"*.{column}", UNKNOWN)


def inventory_json(config: Config, places: list[Place], credit: str) -> dict[str, Any]:
    return {
        "threshold": config.counts.k,
        "address": {
            "standard": "the first 24 bits (IPv4) or 48 bits (IPv6), looked up as a region and dropped",
            "strict": "the first 16 bits (IPv4) or 32 bits (IPv6), looked up as a region and dropped",
            "drop": "nothing of the address is looked at",
        }[config.address],
        "identifier_before_consent": None,
        "regions": credit,
        "stored": [
            {
                "what": place.title,
                "tables": [
                    {"name": one.name, "about": one.about, "kept": one.kept, "columns": dict(one.columns)}
                    for one in place.tables
                ],
            }
            for place in places
        ],
    }
