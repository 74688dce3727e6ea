"""Rules for what the web defines: hosts, addresses, links, cookies, languages, values in a style sheet."""

from __future__ import annotations

import ipaddress
import re
from typing import Any
from urllib.parse import SplitResult, urlsplit

from ..core.urls import host_of
from ..request_data import load_exclusions
from .refusal import Refusal, nearest
from .rules import text

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
THEME_VALUE = re.compile(r"[\w #%.,()\"'/*+-]{1,120}")
REQUESTS = re.compile(r"(?:url|src|image|image-set|cross-fade|element|expression)\s*\(", re.IGNORECASE)


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


def excluded(value: Any) -> str:
    """A path of the site, at most with one `*` at its end, or the name of a preset."""
    word = text(500)(value)
    if not word.startswith("/"):
        presets = load_exclusions()
        if word in presets:
            return word
        known = ", ".join(presets)
        raise Refusal(f"write a path that begins with '/', or one of {known}{nearest(word, presets)}", value)
    if "*" in word[:-1] or word in ("/", "/*"):
        raise Refusal("write a path below the site's root, at most with one '*' at its end", value)
    return word


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


def theme_name(value: Any) -> str:
    word = text(60)(value).removeprefix("--gate-")
    if not re.fullmatch(r"[a-z][a-z0-9-]*", word):
        raise Refusal('write the name of a custom property, such as "accent"', value)
    return word


def theme_value(value: Any) -> str:
    """A CSS value that can neither leave its declaration nor make a request."""
    word = text(120)(value)
    balanced = word.count('"') % 2 == word.count("'") % 2 == 0 and word.count("(") == word.count(")")
    if not THEME_VALUE.fullmatch(word) or "/*" in word or REQUESTS.search(word) or not balanced:
        raise Refusal('write a plain CSS value such as "#0a5" or "0.5rem"', value)
    return word


def _web_address(value: Any) -> SplitResult:
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
