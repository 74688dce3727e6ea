"""`[embed."<host>"]`: a site that the standalone service answers for by one script tag."""

from __future__ import annotations

import hashlib
import hmac
import types
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from ..errors import ConfigError
from . import rules, web_rules
from .refusal import Refusal, nearest
from .rules import many, mapping, one_of, text, under
from .table import Table, rules_of, setting

if TYPE_CHECKING:
    from .schema import Config

OF_ONE_SITE = (
    "site",
    "controller",
    "privacy_url",
    "services",
    "service",
    "cookie",
    "purposes",
    "revision",
    "allow",
    "delivery",
    "classify",
    "cookie_days",
    "cookie_domain",
    "dnt",
    "prompt_on_signal",
    "place",
    "settings_link",
    "theme",
    "templates",
)
"""Settings of the whole file that a site may have of its own; what it leaves out is the file's."""

Manager = Literal["cookiebot", "cookieyes", "klaro", "onetrust", "orejime", "tarteaucitron", "vanilla"]
NONE: Mapping[str, Any] = types.MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Embed(Table):
    """What the script tag of one site does; `settings` are those of `OF_ONE_SITE` that it has of its own."""

    origins: tuple[str, ...] = setting((), many(web_rules.origin))
    """Where the site is reached, the only pages that the service answers; empty: https and the host."""
    policy: Literal["meta", "marks"] = setting("meta", one_of("meta", "marks"))
    """Hold everything by a policy in the page, or only what the site has marked up."""
    marks: Mapping[str, str] = setting(NONE, mapping(text(100), rules.optional_category))
    """What the names in another manager's mark-up mean here: name = category."""
    take_over: tuple[Manager, ...] = setting(
        (),
        many(one_of("cookiebot", "cookieyes", "klaro", "onetrust", "orejime", "tarteaucitron", "vanilla")),
    )
    """Managers whose stored choice is taken over, as the same or a narrower one."""
    views: bool = setting(True, rules.flag)
    """Whether pages that visitors see are counted."""
    settings: Mapping[str, Any] = field(default_factory=lambda: NONE)


def embedded(value: Any) -> Embed:
    """The rule of one such table."""
    from .schema import Config

    if isinstance(value, Embed):
        return value
    if not isinstance(value, Mapping):
        raise Refusal("write a table", value)
    own, whole = rules_of(Embed), rules_of(Config)
    given: dict[str, Any] = {}
    for key, item in value.items():
        if key in own:
            continue
        if key not in OF_ONE_SITE:
            known = nearest(key, (*own, *OF_ONE_SITE))
            raise Refusal(f"a site of its own has no such setting{known}", item, str(key))
        given[key] = under(key, whole[key], item)
    mine = {key: item for key, item in value.items() if key in own}
    return Embed(**mine, settings=types.MappingProxyType(given))


def embedded_config(config: Config, host: str, keys: tuple[str, ...]) -> Config:
    """The settings of the embedded site `host` as those of a site on its own, with a folder and keys of its own.

    `keys` are the service's. Raises ConfigError where no such site is set.
    """
    entry = config.embed.get(host)
    if entry is None:
        known = nearest(host, config.embed) or '; write a table [embed."' + host + '"]'
        raise ConfigError("embed", host, config.source, f"there is no such site{known}")
    given = dict(entry.settings)
    site = given.get("site") or replace(config.site, name="", own=())
    if {"services", "service"} & given.keys():
        given = {"services": (), "service": NONE} | given
    given["site"] = replace(site, public_url=origins_of(host, entry)[0])
    given["state_dir"] = config.state_dir / "embed" / host
    given["secret_keys"] = tuple(site_key(key, host) for key in keys)
    return replace(config, **{"place": "bottom", "embed": NONE, "cache": "private"} | given)


def origins_of(host: str, entry: Embed) -> tuple[str, ...]:
    return entry.origins or (f"https://{host}",)


def site_key(key: str, host: str) -> str:
    """The key of one site: whoever holds it can sign choices of that site's visitors and of no other's."""
    return hmac.digest(key.encode(), f"cookiegate.embed {host}".encode(), hashlib.sha256).hex()
