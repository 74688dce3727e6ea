"""One-time codes of a telephone beside the password: TOTP (RFC 6238), each code good once."""

from __future__ import annotations

import io
import re

import pyotp
import segno

from .accounts import Accounts

STEP = 30
SLACK = 1
"""Steps that a telephone's clock may be off."""
_SECRET = re.compile(r"[A-Z2-7]{32}")


def new_secret() -> str:
    return pyotp.random_base32()


def is_secret(text: str) -> bool:
    return _SECRET.fullmatch(text) is not None


def drawn(account: str, site: str, secret: str) -> str:
    """What a telephone's camera reads, as inline SVG without a style of its own."""
    address = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=f"CookieGate {site}")
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, svgclass="code", lineclass=None, omitsize=True, border=2
    )
    return out.getvalue().decode()


class SecondFactors:
    """Every method raises AccountError where the file fails."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def is_on(self, name: str) -> bool:
        return bool(self._kept(name)[0])

    def turn_on(self, name: str, secret: str, code: str) -> bool:
        """False where the code does not show that the telephone has the secret."""
        step = self._step(secret, code, 0)
        if step is None:
            return False
        self._keep(name, secret, step, "second factor set")
        return True

    def fits(self, name: str, code: str) -> bool:
        """Whether the code is right and was not used before: it is used up."""
        secret, used = self._kept(name)
        step = self._step(secret, code, used) if secret else None
        if step is None:
            self._accounts.note(name, "second factor refused")
            return False
        with self._accounts.connection.write() as connection:
            query = "UPDATE account SET second_used = ? WHERE name = ? AND second_used < ?"
            return bool(connection.execute(query, (step, name, step)).rowcount)

    def turn_off(self, name: str) -> bool:
        """False where none was set."""
        if not self.is_on(name):
            return False
        self._keep(name, "", 0, "second factor removed")
        return True

    def _step(self, secret: str, code: str, after: int) -> int | None:
        """The step of time that the code is of, later than `after`."""
        code = code.replace(" ", "")
        if not (len(code) == 6 and code.isascii() and code.isdigit()):
            return None
        totp, now = pyotp.TOTP(secret), int(self._accounts.clock()) // STEP
        steps = range(max(after + 1, now - SLACK), now + SLACK + 1)
        return next((step for step in steps if pyotp.utils.strings_equal(code, totp.at(step * STEP))), None)

    def _kept(self, name: str) -> tuple[str, int]:
        with self._accounts.connection.read() as connection:
            query = "SELECT second, second_used FROM account WHERE name = ?"
            row = connection.execute(query, (name,)).fetchone()
        return ("", 0) if row is None else (row[0], row[1])

    def _keep(self, name: str, secret: str, step: int, event: str) -> None:
        with self._accounts.connection.write() as connection:
            query = "UPDATE account SET second = ?, second_used = ? WHERE name = ?"
            connection.execute(query, (secret, step, name))
            self._accounts.note_in(connection, name, event)
