"""Keys of programs: each reads what its account may see, and nothing more. Only their SHA-256 is kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from ..errors import AccountRefusal
from .accounts import Account, Accounts, digest

PREFIX = "cgd_"
"""Begins every key, so that a scanner for leaked secrets knows one."""
USUAL_DAYS = 365
MOST = 50
"""Of one account."""
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Token:
    name: str
    account: str
    made: int
    until: int


class Tokens:
    """Every method raises AccountError where the file fails."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def make(self, account: str, name: str, days: int = USUAL_DAYS) -> str:
        """A new key, shown this once. Raises AccountError for an account that is not there, or a name in use."""
        if self._accounts.get(account) is None:
            raise AccountRefusal(f"there is no account {account!r}: make it with cookiegate account add")
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise AccountRefusal(f"a key's name is 1 to {LONGEST_NAME} printable characters")
        had = self.of_account(account)
        if len(had) >= MOST:
            raise AccountRefusal(f"an account has {MOST} keys at most: remove one")
        if any(token.name == name for token in had):
            raise AccountRefusal(
                f"there is a key {name!r} of {account} already: choose another name, or remove it first"
            )
        key = PREFIX + secrets.token_urlsafe(32)
        now = int(self._accounts.clock())
        with self._accounts.connection.write() as connection:
            connection.execute("DELETE FROM token WHERE until < ?", (now,))
            row = (digest(key), account, name, now, now + days * 86400)
            connection.execute("INSERT INTO token VALUES (?, ?, ?, ?, ?)", row)
            self._accounts.note_in(connection, account, f"key made: {name}")
        return key

    def account_of(self, key: str) -> Account | None:
        """Whose key this is; None for one that is wrong, removed or too old."""
        if not key.startswith(PREFIX) or len(key) > 100:
            return None
        with self._accounts.connection.read() as connection:
            query = "SELECT account FROM token WHERE token = ? AND until >= ?"
            row = connection.execute(query, (digest(key), int(self._accounts.clock()))).fetchone()
        return None if row is None else self._accounts.get(row[0])

    def of_account(self, account: str) -> list[Token]:
        with self._accounts.connection.read() as connection:
            query = "SELECT name, account, made, until FROM token WHERE account = ? ORDER BY name"
            return [Token(*row) for row in connection.execute(query, (account,))]

    def remove(self, account: str, name: str) -> bool:
        """False where there is none."""
        with self._accounts.connection.write() as connection:
            query = "DELETE FROM token WHERE account = ? AND name = ?"
            gone = bool(connection.execute(query, (account, name)).rowcount)
            if gone:
                self._accounts.note_in(connection, account, f"key removed: {name}")
        return gone
