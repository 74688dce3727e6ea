"""`[dashboard]` and `[mail]`: where the pages of figures are, who vouches for whom, and how a report is sent."""

# ruff: noqa: RUF009 - `setting` returns a dataclass field, made once, of immutable parts
from __future__ import annotations

import re
from dataclasses import dataclass
from email.headerregistry import Address
from typing import Any, Literal

from . import web_rules
from .refusal import Refusal
from .rules import many, one_of, text, whole
from .table import Table, setting

Security = Literal["starttls", "tls", "none"]
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_MAILBOX = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9.-]{1,255}")


def header_name(value: Any) -> str:
    if value == "" or (isinstance(value, str) and _HEADER.fullmatch(value)):
        return str(value)
    raise Refusal("write the name of a header, such as Remote-User", value)


def mailbox(value: Any) -> str:
    if isinstance(value, str) and _MAILBOX.fullmatch(value):
        try:
            return str(Address(addr_spec=value))
        except ValueError:
            pass
    raise Refusal("write an e-mail address", value)


def optional_mailbox(value: Any) -> str:
    return "" if value == "" else mailbox(value)


@dataclass(frozen=True, kw_only=True)
class Dashboard(Table):
    """`[dashboard]`: the pages of figures."""

    url: str = setting("", web_rules.origin)
    """Where it is reached, for links in reports."""
    user_header: str = setting("", header_name)
    """Header in which a trusted proxy names the account that is signed in."""


@dataclass(frozen=True, kw_only=True)
class Mail(Table):
    """`[mail]`: how `cookiegate report --send` sends."""

    host: str = setting("", web_rules.optional_host)
    """The server that takes mail."""
    port: int = setting(587, whole(1, 65_535))
    """Its port."""
    security: Security = setting("starttls", one_of("starttls", "tls", "none"))
    """How the connection is protected."""
    username: str = setting("", text(200))
    """Whom to sign in as; empty: nobody."""
    password: str = setting("", text(200), hidden=True)
    """And with what."""
    sender: str = setting("", optional_mailbox)
    """Whom reports are from."""
    to: tuple[str, ...] = setting((), many(mailbox))
    """Whom they go to."""
