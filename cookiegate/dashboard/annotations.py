"""What happened on a day, in the operator's words: a campaign began, a page broke."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import AccountRefusal
from .accounts import Accounts

LONGEST = 140
MOST = 2000
"""Of one site."""


@dataclass(frozen=True, slots=True)
class Annotation:
    id: int
    day: int
    text: str
    account: str


class Annotations:
    """Every method raises AccountError where the file fails."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def of(self, site: str, first: int, last: int) -> list[Annotation]:
        """By day, both ends included."""
        query = "SELECT id, day, text, account FROM annotation WHERE site = ? AND day BETWEEN ? AND ? ORDER BY day, id"
        with self._accounts.connection.read() as connection:
            return [Annotation(*row) for row in connection.execute(query, (site, first, last))]

    def add(self, site: str, day: int, text: str, account: str) -> None:
        """Raises AccountError for a text that cannot be shown on one line."""
        text = " ".join(text.split())
        if not text or len(text) > LONGEST or not text.isprintable():
            raise AccountRefusal(f"a note is one line of 1 to {LONGEST} characters")
        with self._accounts.connection.write() as connection:
            count = connection.execute("SELECT count(*) FROM annotation WHERE site = ?", (site,)).fetchone()[
                0
            ]
            if count >= MOST:
                raise AccountRefusal(f"a site has {MOST} notes at most: remove one first")
            query = "INSERT INTO annotation (site, day, text, account) VALUES (?, ?, ?, ?)"
            connection.execute(query, (site, day, text, account))
            self._accounts.note_in(connection, account, f"note made on {site}")

    def remove(self, site: str, id: int, account: str) -> bool:
        """False where the site has none of that number."""
        with self._accounts.connection.write() as connection:
            query = "DELETE FROM annotation WHERE site = ? AND id = ?"
            gone = bool(connection.execute(query, (site, id)).rowcount)
            if gone:
                self._accounts.note_in(connection, account, f"note removed on {site}")
        return gone
