"""What one setting may hold: a rule takes a raw value and returns its final form, or raises `Refusal`.

Every rule is idempotent: it accepts what it has returned, so a configuration can be built from settings
already read. No rule lets a control character through: texts reach headers and pages.
"""

from __future__ import annotations

import ipaddress
import os
import re
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ..core.consent import CATEGORIES, OPTIONAL
from ..core.urls import host_of
from .refusal import Refusal, nearest, refuse_legitimate_interest

T = TypeVar("T")
Rule = Callable[[Any], T]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

IDENTIFIER = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
SECRET_LENGTH = 32
THEME_VALUE = re.compile(r"(?!.*(?:url|expression|image-set)\s*\()[\w #%.,()\"'/*+-]{1,120}", re.IGNORECASE)


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


def host(value: Any) -> str:
    """A host name or IPv4 address as it is looked up: lower case, ASCII, without scheme, port or path."""
    word = text(253)(value).lower()
    if re.search(r"[/:@?#\\]", word):
        raise Refusal(f"write the host alone, without scheme, port or path{_host_inside(word)}", value)
    name = host_of(word)
    if not name or len(name) > 253 or not all(LABEL.fullmatch(label) for label in name.split(".")):
        raise Refusal('write a host name such as "cdn.example.com"', value)
    return name


def host_pattern(value: Any) -> str:
    """A host, or `*.` and a host: then its subdomains."""
    if isinstance(value, str) and value.startswith("*."):
        return "*." + host(value[2:])
    return host(value)


def optional_host(value: Any) -> str:
    return "" if value == "" else host(value.removeprefix(".") if isinstance(value, str) else value)


def origin(value: Any) -> str:
    """`https://host[:port]` without a path, or empty."""
    if value == "":
        return ""
    parts = _web_address(value)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise Refusal('write the address of the site alone, such as "https://www.example.com"', value)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host(parts.hostname)}{port}"


def link(value: Any) -> str:
    """A web address or a path on the site itself, or empty. Anything a browser would run is refused."""
    word = text(2000)(value)
    if word == "" or (word.startswith("/") and not word.startswith(("//", "/\\"))):
        return word
    _web_address(word)
    return word


def contact(value: Any) -> str:
    """An e-mail address or a link to a contact page, or empty."""
    word = text(2000)(value)
    return word if re.fullmatch(r"[^\s@<>\"]+@[^\s@<>\"]+", word) else link(word)


def path_prefix(value: Any) -> str:
    word = text(500)(value)
    if not word.startswith("/"):
        raise Refusal("write a path that begins with '/'", value)
    return word


def folder(value: Any) -> Path:
    return Path(text(4000)(os.fspath(value) if isinstance(value, os.PathLike) else value))


def optional_folder(value: Any) -> Path | None:
    return None if value in (None, "") else folder(value)


def language(value: Any) -> str:
    word = text(35)(value)
    if not LANGUAGE.fullmatch(word):
        raise Refusal('write a language tag such as "en" or "pt-BR"', value)
    return word.replace("_", "-")


def network(value: Any) -> Network:
    if isinstance(value, ipaddress.IPv4Network | ipaddress.IPv6Network):
        return value
    try:
        return ipaddress.ip_network(text(50)(value))
    except ValueError:
        raise Refusal('write an address or network such as "127.0.0.1" or "10.0.0.0/8"', value) from None


def country(value: Any) -> str:
    word = text(2)(value).upper()
    if word and not re.fullmatch(r"[A-Z]{2}", word):
        raise Refusal('write a two-letter country code such as "IE"', value)
    return word


def cookie_name(value: Any) -> str:
    word = text(200)(value)
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", word) or "*" in word[:-1]:
        raise Refusal("write the name of a cookie, at most with one '*' at its end", value)
    return word


def optional_identifier(value: Any) -> str:
    return "" if value == "" else identifier(value)


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


def theme_name(value: Any) -> str:
    word = text(60)(value).removeprefix("--gate-")
    if not re.fullmatch(r"[a-z][a-z0-9-]*", word):
        raise Refusal('write the name of a custom property, such as "accent"', value)
    return word


def theme_value(value: Any) -> str:
    """A CSS value that can neither leave its declaration nor make a request."""
    word = text(120)(value)
    if not THEME_VALUE.fullmatch(word) or "/*" in word:
        raise Refusal('write a plain CSS value such as "#0a5" or "0.5rem"', value)
    return word


def under(key: str, rule: Rule[T], value: Any) -> T:
    """Apply `rule`; a refusal from inside names `key` too."""
    try:
        return rule(value)
    except Refusal as refusal:
        raise Refusal(refusal.remedy, refusal.value, key, *refusal.path) from None


def _web_address(value: Any) -> Any:
    word = text(2000)(value)
    try:
        parts = urlsplit(word)
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        valid = False
    if not valid or parts.username is not None or re.search(r"[\s<>\"\\]", word):
        raise Refusal("write a web address that begins with https:// (or http://)", value)
    return parts


def _host_inside(name: str) -> str:
    found = re.match(r"(?:[a-z+]+:)?(?://)?([a-z0-9.-]+\.[a-z0-9-]+)", name)
    return f': "{found[1]}"' if found else ""


def _kind(value: Any) -> str:
    kinds: list[tuple[Any, str]] = [
        (bool, "true or false"),
        (str, "text"),
        (int | float, "a number"),
        (list | tuple, "a list"),
        (Mapping, "a table"),
    ]
    return next((word for kind, word in kinds if isinstance(value, kind)), type(value).__name__)
