"""Accounts of those who may look: a SQLite file beside the settings, passwords by argon2id.

None exists until the operator makes one. Nothing here is of a visitor.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_login import UserMixin  # type: ignore[import-untyped]

from ..errors import AccountError, AccountRefusal
from ..sqlite_file import Connection, Kind

ROLES = ("viewer", "editor", "admin")
SHORTEST = 12
"""Characters of a password (NIST SP 800-63B-4 asks for 15 where it stands alone, 8 beside a second factor)."""
LONGEST = 200
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}\Z")
EPOCH_BITS = 48
PATIENCE = 5.0
LINK_SECONDS = 24 * 3600
AUDIT_DAYS = 400
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""The hash that an unknown name is checked against, so that it takes as long as a known one."""


@dataclass(frozen=True, slots=True)
class Account(UserMixin):  # type: ignore[misc]
    """`sites` empty: all of them."""

    name: str
    role: str
    sites: tuple[str, ...]
    epoch: int

    def get_id(self) -> str:
        return f"{self.epoch}:{self.name}"

    def may_see(self, site: str) -> bool:
        return not self.sites or site in self.sites


class Accounts:
    """Opens nothing until it is used. Every method raises AccountError where the file fails."""

    def __init__(
        self, path: Path, clock: Callable[[], float] = time.time, hasher: PasswordHasher | None = None
    ) -> None:
        self.connection = Connection(path, PATIENCE, _kind())
        self.clock = clock
        self.hasher = hasher or PasswordHasher()

    def add(self, name: str, password: str | None, role: str, sites: tuple[str, ...] = ()) -> None:
        """Make an account. None as the password: it signs in by links alone. Raises AccountError for a name that is
        taken or that no account can have, or a password that is too short."""
        if not NAME.match(name):
            raise AccountError("an account's name is 1 to 64 letters, digits and . _ @ + -")
        _check_role(role)
        hashed = "" if password is None else self.hash(password)
        # Not 1: a session of an account that had the name before would be good again.
        epoch = secrets.randbits(EPOCH_BITS)
        try:
            with self.connection.write() as connection:
                connection.execute(
                    "INSERT INTO account (name, password, role, sites, epoch, made) VALUES (?, ?, ?, ?, ?, ?)",
                    (name, hashed, role, "\n".join(sites), epoch, int(self.clock())),
                )
                self.note_in(connection, name, f"account made, {role}")
        except AccountError as error:
            if isinstance(error.__cause__, sqlite3.IntegrityError):
                raise AccountError(
                    f"there is an account {name!r} already: cookiegate account change {name} gives it another role"
                ) from None
            raise

    def change(
        self, name: str, role: str | None = None, sites: tuple[str, ...] | None = None
    ) -> Account | None:
        """The account with another role or other sites, None as they are; None where there is none of that name. It
        stays signed in. Links that it made and could not make any more end."""
        had = self.get(name)
        if had is None:
            return None
        new = replace(
            had, role=had.role if role is None else role, sites=had.sites if sites is None else sites
        )
        _check_role(new.role)
        if new == had:
            return had
        with self.connection.write() as connection:
            query = "UPDATE account SET role = ?, sites = ? WHERE name = ?"
            connection.execute(query, (new.role, "\n".join(new.sites), name))
            made = connection.execute("SELECT id, site FROM share WHERE account = ?", (name,)).fetchall()
            for id, site in made:
                if new.role == "viewer" or not new.may_see(site):
                    connection.execute("DELETE FROM share WHERE id = ?", (id,))
                    self.note_in(connection, name, f"link {id} ended")
            self.note_in(
                connection, name, f"account changed: {new.role}, {', '.join(new.sites) or 'all sites'}"
            )
        return new

    def hash(self, password: str) -> str:
        if not SHORTEST <= len(password) <= LONGEST:
            raise AccountRefusal(f"a password has {SHORTEST} to {LONGEST} characters")
        return self.hasher.hash(password)

    def remove(self, name: str) -> bool:
        """False where there is none of that name."""
        with self.connection.write() as connection:
            for table in ("once", "token", "share"):
                connection.execute(f"DELETE FROM {table} WHERE account = ?", (name,))  # noqa: S608
            gone = bool(connection.execute("DELETE FROM account WHERE name = ?", (name,)).rowcount)
            if gone:
                self.note_in(connection, name, "account removed")
        return gone

    def set_password(self, name: str, password: str) -> bool:
        """False where there is none of that name. All its sessions end."""
        hashed = self.hash(password)
        with self.connection.write() as connection:
            query = "UPDATE account SET password = ?, epoch = epoch + 1 WHERE name = ?"
            done = bool(connection.execute(query, (hashed, name)).rowcount)
            if done:
                self.note_in(connection, name, "password changed")
        return done

    def all(self) -> list[Account]:
        with self.connection.read() as connection:
            found = connection.execute("SELECT name, role, sites, epoch FROM account ORDER BY name")
            return [_account(*row) for row in found]

    def get(self, name: str) -> Account | None:
        with self.connection.read() as connection:
            query = "SELECT name, role, sites, epoch FROM account WHERE name = ?"
            row = connection.execute(query, (name,)).fetchone()
        return None if row is None else _account(*row)

    def of_session(self, identity: str) -> Account | None:
        """The account that `get_id` was of, unless it was signed out everywhere since."""
        epoch, _, name = identity.partition(":")
        found = self.get(name)
        return found if found is not None and str(found.epoch) == epoch else None

    def signed_in(self, name: str, password: str) -> Account | None:
        """The account of this name and password. Unknown names take as long as known ones."""
        with self.connection.read() as connection:
            row = connection.execute("SELECT password FROM account WHERE name = ?", (name,)).fetchone()
        hashed = row[0] if row is not None and row[0] else NOBODY
        try:
            self.hasher.verify(hashed, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            self.note(name if row is not None else "(no account)", "sign-in refused")
            return None
        if self.hasher.check_needs_rehash(hashed):
            with self.connection.write() as connection:
                query = "UPDATE account SET password = ? WHERE name = ?"
                connection.execute(query, (self.hasher.hash(password), name))
        return self.get(name)

    def sign_out_everywhere(self, name: str) -> None:
        with self.connection.write() as connection:
            connection.execute("UPDATE account SET epoch = epoch + 1 WHERE name = ?", (name,))
            self.note_in(connection, name, "signed out everywhere")

    # -- links that sign in once

    def link(self, name: str, seconds: int = LINK_SECONDS) -> str:
        """The token of a new link. Raises AccountError where there is no such account."""
        if self.get(name) is None:
            raise AccountError(f"there is no account {name!r}: make it with cookiegate account add")
        token = secrets.token_urlsafe(32)
        now = int(self.clock())
        with self.connection.write() as connection:
            connection.execute("DELETE FROM once WHERE until < ?", (now,))
            connection.execute("INSERT INTO once VALUES (?, ?, ?)", (digest(token), name, now + seconds))
            self.note_in(connection, name, "one-time link made")
        return token

    def link_is_good(self, token: str) -> bool:
        with self.connection.read() as connection:
            query = "SELECT 1 FROM once WHERE token = ? AND until >= ?"
            return connection.execute(query, (digest(token), int(self.clock()))).fetchone() is not None

    def use_link(self, token: str) -> Account | None:
        """The account of a link, which is used up; None where it was, or is too old."""
        with self.connection.write() as connection:
            # Nobody comes between: the transaction has the file's write lock. RETURNING needs SQLite 3.35.
            query = "SELECT account FROM once WHERE token = ? AND until >= ?"
            row = connection.execute(query, (digest(token), int(self.clock()))).fetchone()
            if row is not None:
                connection.execute("DELETE FROM once WHERE token = ?", (digest(token),))
                self.note_in(connection, row[0], "one-time link used")
        return None if row is None else self.get(row[0])

    # -- what was done

    def note(self, name: str, event: str) -> None:
        with self.connection.write() as connection:
            self.note_in(connection, name, event)

    def note_in(self, connection: sqlite3.Connection, name: str, event: str) -> None:
        """Within a change that is being made."""
        now = int(self.clock())
        connection.execute("INSERT INTO audit (at, account, event) VALUES (?, ?, ?)", (now, name, event))
        connection.execute("DELETE FROM audit WHERE at < ?", (now - AUDIT_DAYS * 86400,))

    def audit(self, limit: int = 200) -> list[tuple[int, str, str]]:
        """(seconds since 1970, account, event), newest first."""
        with self.connection.read() as connection:
            query = "SELECT at, account, event FROM audit ORDER BY id DESC LIMIT ?"
            return list(connection.execute(query, (limit,)))

    def close(self) -> None:
        self.connection.close()


def _account(name: str, role: str, sites: str, epoch: int) -> Account:
    return Account(name, role, tuple(sites.split("\n")) if sites else (), epoch)


def _check_role(role: str) -> None:
    """Raises AccountError."""
    if role not in ROLES:
        raise AccountError(f"{role!r} is no role: write {', '.join(ROLES)}")


def digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


@cache
def _kind() -> Kind:
    schema, older = (
        resources.files(__package__).joinpath(name).read_text("utf-8")
        for name in ("accounts.sql", "accounts-1.sql")
    )
    return Kind(
        name="the accounts",
        error=AccountError,
        schema=schema,
        version=2,
        pragmas=("synchronous = FULL", "secure_delete = ON"),
        upgrades={1: older},
    )
