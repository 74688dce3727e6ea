"""What one setting may hold: a rule takes a raw value and returns its final form, or raises `Refusal`.

Every rule is idempotent: it accepts what it has returned, so a configuration can be built from settings
already read. No rule lets a control character through: texts reach headers and pages.
"""

from __future__ import annotations

import os
import re
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..core.consent import CATEGORIES, OPTIONAL
from .refusal import Refusal, nearest, refuse_legitimate_interest

T = TypeVar("T")
Rule = Callable[[Any], T]

IDENTIFIER = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
SECRET_LENGTH = 32


STORES = ("sqlite:///", "postgresql://", "clickhouse://", "memory:")


def text(limit: int = 600) -> Rule[str]:
    """One line of text of at most `limit` characters."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Refusal(f"write text in quotes, not {_kind(value)}", value)
        if CONTROL.search(value):
            raise Refusal("write one line without control characters", value)
        if len(value) > limit:
            raise Refusal(f"write at most {limit} characters", value)
        return value.strip()

    return read


def required_text(limit: int) -> Rule[str]:
    def read(value: Any) -> str:
        word = text(limit)(value)
        if not word:
            raise Refusal("write a text; it may not be left out", value)
        return word

    return read


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Refusal(f"write true or false, not {_kind(value)}", value)
    return value


def optional_flag(value: Any) -> bool | None:
    return None if value is None else flag(value)


def whole(low: int, high: int) -> Rule[int]:
    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise Refusal(f"write a whole number from {low} to {high}, not {_kind(value)}", value)
        if not low <= value <= high:
            raise Refusal(f"write a whole number from {low} to {high}", value)
        return value

    return read


def one_of(*words: str) -> Rule[Any]:
    """One of a few words. Typed loosely, so that a field may narrow it to a Literal."""

    def read(value: Any) -> str:
        if isinstance(value, str):
            refuse_legitimate_interest(value, value)
        if value not in words:
            wanted = ", ".join(f'"{word}"' for word in words if word)
            raise Refusal(f"write one of {wanted}{nearest(value, words)}", value)
        return str(value)

    return read


category = one_of(*CATEGORIES)
optional_category = one_of(*OPTIONAL)
some_category = one_of("", *CATEGORIES)


def many(rule: Rule[T]) -> Rule[tuple[T, ...]]:
    """A list of values that all follow `rule`, without repeats."""

    def read(value: Any) -> tuple[T, ...]:
        if not isinstance(value, list | tuple | set | frozenset):
            raise Refusal(f"write a list in square brackets, not {_kind(value)}", value)
        items = [under(f"[{place}]", rule, item) for place, item in enumerate(value)]
        for place, item in enumerate(items):
            if item in items[:place]:
                raise Refusal(f"write {str(item)!r} once only", value)
        return tuple(items)

    return read


def optional_many(rule: Rule[T]) -> Rule[tuple[T, ...] | None]:
    return lambda value: None if value is None else many(rule)(value)


def mapping(keys: Rule[str], values: Rule[T]) -> Rule[Mapping[str, T]]:
    """A table with keys of the operator's choice."""

    def read(value: Any) -> Mapping[str, T]:
        if not isinstance(value, Mapping):
            raise Refusal(f"write a table, not {_kind(value)}", value)
        found: dict[str, T] = {}
        for key, item in value.items():
            name = under(str(key), keys, key)
            if name in found:
                raise Refusal("this is the same key twice; keep one", item, str(key))
            found[name] = under(str(key), values, item)
        return types.MappingProxyType(found)

    return read


def identifier(value: Any) -> str:
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        raise Refusal("write an identifier of small letters, digits, '-', '_' and '.'", value)
    return value


def folder(value: Any) -> Path:
    return Path(text(4000)(os.fspath(value) if isinstance(value, os.PathLike) else value))


def optional_folder(value: Any) -> Path | None:
    return None if value in (None, "") else folder(value)


def optional_path(value: Any) -> str:
    """A path of the site, or empty."""
    path = text(300)(value)
    if path and not path.startswith("/"):
        raise Refusal('write a path such as "/thanks"', value)
    return path


def optional_identifier(value: Any) -> str:
    return "" if value == "" else identifier(value)


def zone(value: Any) -> str:
    """The name of a time zone, as the IANA database has it."""
    name = text(64)(value)
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise Refusal('write a time zone such as "Europe/London"', value) from None
    return name


def store(value: Any) -> str:
    """The address of a store of counts."""
    address = text(500)(value)
    if not address.startswith(STORES):
        wanted = ", ".join(f'"{scheme}…"' for scheme in STORES)
        raise Refusal(f"write the address of a store: {wanted}", address.partition("@")[2] or address)
    return address


def secret(value: Any) -> str:
    """A key of the consent cookie. A refusal never repeats it."""
    if (
        not isinstance(value, str)
        or len(value) < SECRET_LENGTH
        or len(set(value)) < 8
        or not value.isprintable()
    ):
        raise Refusal(f"write a secret of at least {SECRET_LENGTH} random characters", "(not shown)")
    return value


def optional_secret(value: Any) -> str:
    return "" if value == "" else secret(value)


def under(key: str, rule: Rule[T], value: Any) -> T:
    """Apply `rule`; a refusal from inside names `key` too."""
    try:
        return rule(value)
    except Refusal as refusal:
        raise Refusal(refusal.remedy, refusal.value, key, *refusal.path) from None


def _kind(value: Any) -> str:
    kinds: list[tuple[Any, str]] = [
        (bool, "true or false"),
        (str, "text"),
        (int | float, "a number"),
        (list | tuple, "a list"),
        (Mapping, "a table"),
    ]
    return next((word for kind, word in kinds if isinstance(value, kind)), type(value).__name__)
