"""Data files to a `Catalogue`.

Four layers, the later before the earlier: third-party-web.json, cookies.json, services.json (filed by hand),
and site-cookies.json for cookies; then the operator's settings.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from ..core.catalogue import Catalogue
from ..core.cookie_rules import CookieRules
from ..core.host_table import HostTable
from ..core.path_rules import PathRules
from ..core.services import CookieMatch, Service
from ..core.site import Registrable
from ..core.snippets import SnippetRules

HAND = "services.json (filed by hand)"
WEB = "third-party-web.json (third-party-web)"
COOKIES = "cookies.json (Open Cookie Database)"
SITE = "site-cookies.json (frameworks and shops)"


class OperatorSettings(Protocol):
    """The settings of `cookiegate.config.Config` that change the catalogue."""

    @property
    def service(self) -> Mapping[str, Any]: ...
    @property
    def enabled_services(self) -> tuple[str, ...]: ...
    @property
    def classify(self) -> Mapping[str, str]: ...
    @property
    def cookie(self) -> Iterable[Any]: ...
    @property
    def collect(self) -> tuple[str, ...]: ...
    @property
    def source(self) -> str: ...


def operator_catalogue(settings: OperatorSettings) -> Catalogue:
    """The shipped catalogue as an operator's settings change it."""
    return load_catalogue().with_operator(
        services=settings.service,
        enabled=settings.enabled_services,
        classify=settings.classify,
        cookies=settings.cookie,
        collect=settings.collect,
        source=settings.source,
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """All that is made here stays: the collector would go through it again and again, for half of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@cache
def load_catalogue() -> Catalogue:
    """The shipped catalogue; read once in a process."""
    with _uncollected():
        return _loaded()


def _loaded() -> Catalogue:
    hand = read("services.json")
    services, hosts, cookies = dict[str, Service](), HostTable(), CookieRules()
    _add_web(read("third-party-web.json"), hand, services, hosts)
    hosts.rename(_absorbed(hand))
    for entry in hand["services"]:
        hosts.add(entry["id"], _everywhere(entry["hosts"], hand["google"]))
    for entry in hand["services"]:
        _add_hand(entry, hand, services, hosts)
    cookies.add(
        CookieMatch(entry["category"], entry["id"], name, HAND, "vendor")
        for entry in hand["services"]
        for name in entry.get("cookies", ())
    )
    _add_cookies(read("cookies.json"), hand, services, cookies)
    for group in read("site-cookies.json")["cookies"].values():
        cookies.add(CookieMatch("necessary", None, name, SITE, "site") for name in group)
    return Catalogue(
        services, hosts=hosts, cookies=cookies, snippets=_snippets(read("snippets.json")), paths=_paths()
    )


@cache
def load_delivery() -> tuple[str, ...]:
    """Hosts of public libraries, which pass where the operator does not empty the list."""
    return tuple(entry["host"] for entry in read("delivery.json")["hosts"])


@cache
def registrable_domain() -> Registrable:
    """The lookup that `Site` needs, from the public suffix list that its package carries."""
    # Imported at first use: reading the list takes about 50 ms, which `--help` should not wait for.
    from publicsuffixlist import PublicSuffixList

    suffixes = PublicSuffixList()

    def lookup(host: str) -> str | None:
        return suffixes.privatesuffix(host)

    return lookup


def read(name: str) -> Any:
    """A data file, parsed."""
    return json.loads((files("cookiegate") / "data" / name).read_bytes())


def _add_web(
    data: Mapping[str, Any], hand: Mapping[str, Any], services: dict[str, Service], hosts: HostTable
) -> None:
    """A host that lies below one we filed by hand is not taken over, save below shared ones."""
    linked = frozenset((*data["linked"], *hand["linked"]))
    filed = _wide(p for entry in hand["services"] if not entry.get("shared") for p in entry["hosts"])
    for id, name, owner, category, patterns in data["services"]:
        split = tuple(patterns.split(" "))
        known = hand["owners"].get(owner, {})
        services[id] = Service(
            id=id,
            name=name,
            owner=owner,
            country=known.get("country", ""),
            privacy_url=known.get("privacy_url", ""),
            category=category,
            hosts=split,
            shared=category == "unclassified",
            linked=id in linked,
            source=WEB,
        )
        hosts.add(id, (pattern for pattern in split if not _covered(pattern, filed)))


def _add_cookies(
    data: Mapping[str, Any], hand: Mapping[str, Any], services: dict[str, Service], cookies: CookieRules
) -> None:
    """Names that no rule filed by hand covers, and the services that are known by nothing else."""
    alias = {**_absorbed(hand), **data["aliases"]}
    matches = []
    for rule, category, id, name, owner in data["cookies"]:
        if cookies.find(rule.rstrip("*")) is not None:
            continue
        id = alias.get(id, id)
        if id not in services:
            services[id] = Service(id=id, name=name, owner=owner, category=category, source=COOKIES)
        matches.append(CookieMatch(category, id, rule, COOKIES, "vendor"))
    cookies.add(matches)


def _add_hand(
    entry: Mapping[str, Any], hand: Mapping[str, Any], services: dict[str, Service], hosts: HostTable
) -> None:
    values = {key: value for key, value in entry.items() if key != "absorbs"}
    absorbed = [*entry.get("absorbs", ()), entry["id"]]
    inherited = [h for id in absorbed if id in services for h in services.pop(id).hosts]
    # Google's country domains would fill a policy many times over: only its main one goes into a service.
    expanded = set(_everywhere(entry["hosts"], hand["google"]))
    kept = [h for h in inherited if hosts.owner(h) == entry["id"] and h not in expanded]
    owner = hand["owners"].get(entry["owner"], {})
    values["hosts"] = _without_covered([h.replace("{google}", "com") for h in (*entry["hosts"], *kept)])
    values["cookies"] = tuple(entry.get("cookies", ()))
    services[entry["id"]] = Service(
        **{"country": owner.get("country", ""), "privacy_url": owner.get("privacy_url", ""), **values},
        source=HAND,
    )


def _everywhere(patterns: Iterable[str], google: Iterable[str]) -> Iterator[str]:
    """`{google}` stands for each of Google's country domains."""
    for pattern in patterns:
        if "{google}" in pattern:
            yield from (pattern.replace("{google}", domain) for domain in google)
        else:
            yield pattern


def _without_covered(patterns: Iterable[str]) -> tuple[str, ...]:
    """Patterns in order, without those that a wider one of the same service covers."""
    unique = tuple(dict.fromkeys(patterns))
    wide = _wide(unique)
    return tuple(pattern for pattern in unique if "/" in pattern or not _covered(pattern, wide))


def _absorbed(hand: Mapping[str, Any]) -> dict[str, str]:
    """Ids of entries that one of ours takes over, each with the id of ours."""
    return {absorbed: entry["id"] for entry in hand["services"] for absorbed in entry.get("absorbs", ())}


def _wide(patterns: Iterable[str]) -> set[str]:
    return {pattern[2:] for pattern in patterns if pattern.startswith("*.") and "/" not in pattern}


def _covered(pattern: str, wide: set[str]) -> bool:
    host = pattern.removeprefix("*.") if not pattern.startswith("*.") else pattern[2:].partition(".")[2]
    while host:
        if host in wide:
            return True
        host = host.partition(".")[2]
    return False


def _snippets(data: Mapping[str, Any]) -> SnippetRules:
    rules = SnippetRules()
    for group in data["groups"]:
        rules.add(group["anchor"], group["calls"])
    return rules


def _paths() -> PathRules:
    rules = PathRules()
    for service, patterns in read("collect.json")["paths"].items():
        rules.add(service, patterns)
    return rules
