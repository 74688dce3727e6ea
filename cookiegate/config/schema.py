"""Every setting with its default, its rule and its one meaning. The long form is docs/settings.md."""

# ruff: noqa: RUF009 - `setting` returns a dataclass field, made once, of immutable parts
from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from ..errors import ConfigError
from ..request_data import load_exclusions
from . import rules, web_rules
from .dashboard import Dashboard, Mail
from .embed import Embed, embedded
from .refusal import Refusal
from .rules import many, mapping, one_of, text, whole
from .table import Table, setting, table
from .web_rules import Network

SharedCopies = Literal["bypass-on-cookie", "shared", "private"]
NONE: Mapping[str, str] = types.MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Site(Table):
    """`[site]`: the site behind the gate."""

    name: str = setting("", text(100))
    """What visitors call the site."""
    public_url: str = setting("", web_rules.origin)
    """Where visitors reach it: scheme, host, port where unusual."""
    own: tuple[str, ...] = setting((), many(web_rules.host))
    """More registrable domains of the same operator; they count as the site itself."""
    languages: tuple[str, ...] = setting(("en",), many(web_rules.language))
    """Languages of the banner and pages; the first one is used where none fits."""

    @property
    def host(self) -> str:
        """The host of `public_url`, or empty."""
        return urlsplit(self.public_url).hostname or ""


@dataclass(frozen=True, kw_only=True)
class Controller(Table):
    """`[controller]`: who is responsible for the data, as visitors read it."""

    name: str = setting("", text(200))
    """The legal name."""
    registration: str = setting("", text(200))
    """Register and number, such as a company or charity number."""
    address: str = setting("", text(300))
    """Postal address in one line."""
    contact: str = setting("", web_rules.contact)
    """An e-mail address or a link."""
    complaint_url: str = setting("", web_rules.link)
    """Where the supervisory authority takes complaints."""
    complaint_name: str = setting("", text(200))
    """The name of that authority."""


@dataclass(frozen=True, kw_only=True)
class ServiceEntry(Table):
    """`[service.<id>]`: a service of the operator's own, or what to say differently of a catalogued one.

    Empty means: as the catalogue says.
    """

    name: str = setting("", text(100))
    """The name that visitors read."""
    hosts: tuple[str, ...] = setting((), many(web_rules.host_pattern))
    """Hosts of the service; for a catalogued one these are added."""
    owner: str = setting("", text(200))
    """The company behind it."""
    country: str = setting("", web_rules.country)
    """Where data goes: a two-letter country code."""
    category: str = setting("", rules.some_category)
    """`necessary`, `preferences`, `analytics` or `marketing`."""
    purpose: str = setting("", text(600))
    """What it is for, in plain words; part of the question."""
    reason: str = setting("", text(600))
    """Why the visitor's own request needs it; asked for with `necessary`."""
    privacy_url: str = setting("", web_rules.link)
    """The service's own privacy policy."""
    enabled: bool | None = setting(None, rules.optional_flag)
    """Whether it is in use; left out, it is."""
    paths: tuple[str, ...] = setting((), many(web_rules.path_prefix))
    """Where a necessary service passes: path prefixes of the site; empty means everywhere."""


@dataclass(frozen=True, kw_only=True)
class CookieEntry(Table):
    """`[[cookie]]`: a cookie that the site sets itself."""

    name: str = setting("", web_rules.cookie_name)
    """Its name, or a beginning followed by `*`."""
    category: str = setting("necessary", rules.category)
    """Its category."""
    purpose: str = setting("", text(600))
    """What it is for, as the cookie table shows it."""
    lifetime: str = setting("", text(60))
    """How long it lasts, in words."""
    service: str = setting("", rules.optional_identifier)
    """The service that it belongs to, where it is not the site's own."""


@dataclass(frozen=True, kw_only=True)
class FullAddress(Table):
    """`[[full_address]]`: paths whose handlers see the whole client address, and why."""

    path: str = setting("", web_rules.path_prefix)
    """A path prefix."""
    reason: str = setting("", rules.required_text(300))
    """Why the whole address is needed there."""


@dataclass(frozen=True, kw_only=True)
class Proxy(Table):
    """`[proxy]`: the site that `cookiegate proxy` stands in front of."""

    upstream: str = setting("", web_rules.origin)
    """Where it is: scheme, host, port where unusual."""
    host: Literal["auto", "visitor", "upstream"] = setting("auto", one_of("auto", "visitor", "upstream"))
    """By which name it is asked: the visitor's or its own; auto: the visitor's where it is a local server."""
    timeout: int = setting(60, whole(1, 86_400))
    """Seconds that it may take to begin its answer, or to go on with it."""
    max_body: int = setting(2_147_483_648, whole(0, 1_000_000_000_000_000))
    """Bytes that a visitor may send in one request; 0 for no limit."""
    verify_tls: bool = setting(True, rules.flag)
    """Whether its certificate must be valid."""


@dataclass(frozen=True, kw_only=True)
class Counts(Table):
    """`[counts]`: how visits are counted and what is published of them."""

    enabled: bool = setting(True, rules.flag)
    """Whether visits are counted at all."""
    k: int = setting(10, whole(5, 1000))
    """Visits that a published figure stands for at least."""
    timezone: str = setting("UTC", rules.zone)
    """Whose midnight ends a day."""
    months: int = setting(25, whole(1, 120))
    """How long sealed figures are kept."""
    flush_seconds: int = setting(10, whole(1, 300))
    """How long counts stay in memory: what a killed process loses at most."""
    seal: Literal["auto", "command"] = setting("auto", one_of("auto", "command"))
    """Who seals days that are over: a thread of the site, or `cookiegate seal`."""


@dataclass(frozen=True, kw_only=True)
class Goal(Table):
    """`[[goal]]`: something that visitors are meant to do."""

    name: str = setting("", rules.identifier)
    """Its name in the figures, and in the site's own calls."""
    path: str = setting("", rules.optional_path)
    """The page that reaches it; empty for a goal that only the site's own code reports."""


@dataclass(frozen=True, kw_only=True)
class Config(Table):
    """The whole configuration. Raises ConfigError for the first setting that cannot be used."""

    site: Site = setting(Site(), table(Site))
    controller: Controller = setting(Controller(), table(Controller))
    privacy_url: str = setting("", web_rules.link)
    """The site's privacy policy, linked from the banner."""

    proxy: Proxy = setting(Proxy(), table(Proxy))

    services: tuple[str, ...] = setting((), many(rules.identifier))
    """Catalogued services in use: what visitors are asked about by name."""
    service: Mapping[str, ServiceEntry] = setting(
        types.MappingProxyType({}), mapping(rules.identifier, table(ServiceEntry))
    )
    cookie: tuple[CookieEntry, ...] = setting((), many(table(CookieEntry)))
    purposes: Mapping[str, str] = setting(NONE, mapping(rules.category, text()))
    """The operator's own description of a category; part of the question."""
    revision: int = setting(1, whole(1, 1_000_000))
    """Raised to ask everyone again for a reason that no other setting shows."""

    mode: Literal["enforce", "observe"] = setting("enforce", one_of("enforce", "observe"))
    """Whether anything is held, or only reported."""
    allow: tuple[str, ...] = setting((), many(web_rules.host_pattern))
    """Third-party hosts that always pass."""
    delivery: tuple[str, ...] | None = setting(None, rules.optional_many(web_rules.host_pattern))
    """Hosts of public libraries that pass; None is the shipped list, an empty list is none."""
    classify: Mapping[str, str] = setting(NONE, mapping(web_rules.host, rules.optional_category))
    """The category of hosts that the catalogue lacks; visitors are not asked about them by name."""
    unknown: Literal["hold", "hold-active", "allow"] = setting("hold", one_of("hold", "hold-active", "allow"))
    """What happens to third parties that nobody has named."""
    exclude: tuple[str, ...] = setting((), many(web_rules.excluded))
    """Paths of a back office that is kept out of the gate, or names of known systems."""
    inline_scripts: Literal["rules", "hold"] = setting("rules", one_of("rules", "hold"))
    """Hold inline scripts that a rule knows, or every one without the site's nonce."""
    collect: tuple[str, ...] = setting((), many(web_rules.path_prefix))
    """More paths of the site itself that collect analytics; answered 204 until analytics is granted."""

    state_dir: Path = setting(Path(".cookiegate"), rules.folder)
    """Folder of the secret, the published question and the ledger; relative to the configuration file."""
    secret_keys: tuple[str, ...] = setting((), many(rules.secret), hidden=True)
    """Keys of the consent cookie, newest first; empty: the ones in `secret_file`."""
    secret_file: Path | None = setting(None, rules.optional_folder)
    """One key a line, newest first; made on the first start. None is `secret` in `state_dir`."""

    counts: Counts = setting(Counts(), table(Counts))
    store: str = setting("sqlite:///counts.sqlite", rules.store, hidden=True)
    """Where counts are kept; a relative file is in `state_dir`."""
    geo: Path | None = setting(None, rules.optional_folder)
    """A MaxMind-format database of regions to use instead of the one that ships."""
    goal: tuple[Goal, ...] = setting((), many(table(Goal)))

    dashboard: Dashboard = setting(Dashboard(), table(Dashboard))
    mail: Mail = setting(Mail(), table(Mail))

    cookie_days: int = setting(184, whole(184, 395))
    """How long a choice lasts, in days, grant and refusal alike."""
    cookie_domain: str = setting("", web_rules.optional_host)
    """Shares the choice over the subdomains of this domain."""
    insecure_http: bool = setting(False, rules.flag)
    """Stores choices on plain http too, in a cookie without its protections."""

    address: Literal["standard", "strict", "drop"] = setting("standard", one_of("standard", "strict", "drop"))
    """How much of a client address the site sees: /24 and /48, /16 and /32, or nothing."""
    restore_address: bool = setting(True, rules.flag)
    """Gives the site the whole address where analytics is granted."""
    full_address: tuple[FullAddress, ...] = setting((), many(table(FullAddress)))
    trusted_proxies: tuple[Network, ...] = setting((), many(web_rules.network))
    """Proxies in front of the gate whose forwarding headers are believed."""
    throttle_token: bool = setting(False, rules.flag)
    """Gives the site a keyed daily token of the client, to throttle by where the address is truncated."""

    dnt: bool = setting(True, rules.flag)
    """Honours `DNT: 1` as it honours `Sec-GPC: 1`."""
    prompt_on_signal: bool = setting(False, rules.flag)
    """Shows the banner to visitors who send an opt-out signal too, analytics and marketing off."""
    place: Literal["top", "bottom"] = setting("top", one_of("top", "bottom"))
    """Where the banner stands."""
    settings_link: bool = setting(True, rules.flag)
    """Adds a "Cookie settings" link to pages that have none of their own."""
    theme: Mapping[str, str] = setting(NONE, mapping(web_rules.theme_name, web_rules.theme_value))
    """Custom properties of the banner and pages, without their `--gate-`."""
    templates: Path | None = setting(None, rules.optional_folder)
    """Folder whose templates replace ours of the same name; relative to the configuration file."""
    clear_storage: Literal["auto", "always", "never"] = setting("auto", one_of("auto", "always", "never"))
    """Whether withdrawing clears the site's storage too; auto: where a service worker was seen."""
    cache: SharedCopies = setting("bypass-on-cookie", one_of("bypass-on-cookie", "shared", "private"))
    """Whether shared caches may keep the pages of visitors without a choice, or one page for every visitor."""
    reports: bool = setting(True, rules.flag)
    """Lets browsers report what the policy has held, for `cookiegate held`."""
    metrics_token: str = setting("", rules.optional_secret, hidden=True)
    """What monitoring must show to read `/_gate/metrics`; empty: there is no such page."""
    debug_header: bool = setting(False, rules.flag)
    """Adds `Gate: held=2; cookies=1` to responses."""

    embed: Mapping[str, Embed] = setting(types.MappingProxyType({}), mapping(web_rules.host, embedded))

    source: str = "Config"
    """Where the settings came from, for messages. Not a setting."""
    folder: Path | None = None
    """What relative paths start from; None is the working directory. Not a setting."""

    def __post_init__(self) -> None:
        try:
            super().__post_init__()
        except Refusal as refusal:
            raise ConfigError(refusal.key, refusal.value, self.source, refusal.remedy) from None
        if self.folder is not None:
            self._resolve(self.folder.absolute())

    def _resolve(self, folder: Path) -> None:
        for name in ("state_dir", "secret_file", "templates", "geo"):
            path = getattr(self, name)
            if path is not None:
                object.__setattr__(self, name, folder / path)

    @property
    def secret_path(self) -> Path:
        return self.secret_file or self.state_dir / "secret"

    @property
    def question_path(self) -> Path:
        return self.state_dir / "question.json"

    @property
    def ledger_path(self) -> Path:
        return self.state_dir / "ledger.sqlite"

    @property
    def excluded_paths(self) -> tuple[str, ...]:
        """`exclude` with the presets written out."""
        presets = load_exclusions()
        return tuple(path for entry in self.exclude for path in presets.get(entry, (entry,)))

    @property
    def tally_path(self) -> Path:
        return self.state_dir / "held.sqlite"

    @property
    def enabled_services(self) -> tuple[str, ...]:
        """Ids in use, sorted: those listed, and those with a table, unless their table switches them off."""
        off = {name for name, entry in self.service.items() if entry.enabled is False}
        return tuple(sorted({*self.services, *self.service} - off))
