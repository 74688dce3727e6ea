"""Links for people without an account: one site, a filter, a threshold, an end, perhaps a password."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from argon2.exceptions import InvalidHashError, VerificationError
from flask_login import UserMixin  # type: ignore[import-untyped]

from ..errors import AccountRefusal, BadRequest
from .accounts import Accounts, digest
from .filters import DIMENSIONS

MOST = 200
"""Of one site."""
LONGEST_DAYS = 366
HIGHEST = 10
"""Times k: a share's threshold stays below the blocks that filters are made of."""
KIND = "share"


@dataclass(frozen=True, slots=True)
class Guest(UserMixin):  # type: ignore[misc]
    """Whoever holds a link. Sees what the site's own threshold and the link's allow, and changes nothing."""

    id: str
    site: str
    filter: str
    k: int
    account: str
    until: int
    role: str = "guest"

    @property
    def name(self) -> str:
        return f"link {self.id}"

    @property
    def fixed(self) -> dict[str, str]:
        return dict(parse_qsl(self.filter))

    def get_id(self) -> str:
        return f"{KIND}:{self.id}"

    def may_see(self, site: str) -> bool:
        return site == self.site

    def asked(self, args: Mapping[str, str]) -> dict[str, str]:
        """The arguments with the link's filter. A subdivision of its country is within it; anything else is not.
        Raises BadRequest."""
        found = dict(args)
        for name, value in self.fixed.items():
            wanted = found.get(name) or value
            if wanted != value and not (name == "region" and wanted.startswith(f"{value}-")):
                raise BadRequest(400, f"This link shows the {name} {value} alone.")
            found[name] = wanted
        return found


@dataclass(frozen=True, slots=True)
class Share:
    """As its owner sees it; `locked` by a password."""

    id: str
    account: str
    site: str
    filter: str
    k: int
    locked: int
    made: int
    until: int


class Shares:
    """Every method raises AccountError where the file fails."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def make(
        self, account: str, site: str, *, filter: str = "", k: int, days: int, password: str | None = None
    ) -> str:
        """The token of a new link, shown this once. Raises AccountError for a password that is too short."""
        if not 1 <= days <= LONGEST_DAYS:
            raise AccountRefusal(f"a link is good for 1 to {LONGEST_DAYS} days")
        if len(self.of_site(site)) >= MOST:
            raise AccountRefusal(f"a site has {MOST} links at most: end one first")
        hashed = self._accounts.hash(password) if password else ""
        token, now = secrets.token_urlsafe(32), int(self._accounts.clock())
        row = (secrets.token_hex(4), digest(token), account, site, filter, k, hashed, now, now + days * 86400)
        with self._accounts.connection.write() as connection:
            connection.execute("DELETE FROM share WHERE until < ?", (now,))
            connection.execute("INSERT INTO share VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            self._accounts.note_in(connection, account, f"link {row[0]} made for {site}")
        return token

    def of_site(self, site: str) -> list[Share]:
        with self._accounts.connection.read() as connection:
            query = (
                "SELECT id, account, site, filter, k, password <> '', made, until FROM share "
                "WHERE site = ? AND until >= ? ORDER BY made DESC, id"
            )
            found = connection.execute(query, (site, int(self._accounts.clock()))).fetchall()
        return [Share(*row) for row in found]

    def end(self, id: str, site: str, by: str) -> bool:
        """Whoever is looking is out at once. False where there is none of the site's."""
        with self._accounts.connection.write() as connection:
            query = "DELETE FROM share WHERE id = ? AND site = ?"
            gone = bool(connection.execute(query, (id, site)).rowcount)
            if gone:
                self._accounts.note_in(connection, by, f"link {id} ended")
        return gone

    def found(self, token: str) -> tuple[Guest, bool] | None:
        """(who holds the link, whether a password is asked for); None where it is wrong or too old."""
        row = self._row("token", digest(token))
        return None if row is None else (_guest(row), bool(row[6]))

    def opens(self, token: str, password: str) -> bool:
        """Whether a link's password is right."""
        row = self._row("token", digest(token))
        if row is None:
            return False
        try:
            return bool(self._accounts.hasher.verify(row[6], password[:200]))
        except (VerificationError, InvalidHashError):
            self._accounts.note(f"link {row[0]}", "password refused")
            return False

    def guest(self, id: str) -> Guest | None:
        """Of a session: None once the link has ended."""
        row = self._row("id", id)
        return None if row is None else _guest(row)

    def _row(self, column: str, value: str) -> tuple[str, str, str, int, str, int, str] | None:
        with self._accounts.connection.read() as connection:
            query = f"SELECT id, site, filter, k, account, until, password FROM share WHERE {column} = ? AND until >= ?"  # noqa: S608
            row: tuple[str, str, str, int, str, int, str] | None = connection.execute(
                query, (value, int(self._accounts.clock()))
            ).fetchone()
        return row


def _guest(row: tuple[str, str, str, int, str, int, str]) -> Guest:
    id, site, filter, k, account, until, _ = row
    return Guest(id, site, filter, k, account, until)


def filter_of(args: Mapping[str, str]) -> dict[str, str]:
    return {name: args[name] for name in DIMENSIONS if args.get(name)}
