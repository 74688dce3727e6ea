"""What may be wrong with a configuration that can be used. The meaning of an id never changes.

docs/checks.md explains each. CG001, a configuration that cannot be used, is a ConfigError and never comes
this far.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from ..config import Config, changes, plain_http_warning, question_from, read_published
from ..config.secrets import is_exposed, read_or_make_secret
from ..core.consent import NECESSARY
from ..core.site import Site
from ..errors import ConfigError
from ..ledger import Ledger

TRACKING = frozenset({"analytics", "marketing"})
WIDE_V4, WIDE_V6 = 8, 16


@dataclass(frozen=True, slots=True)
class Finding:
    """`key` is the setting to look at, `remedy` what to do there. An error makes `check` exit with 1."""

    id: str
    level: Literal["error", "warning"]
    key: str
    message: str
    remedy: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked over. `registrable` gives the registrable domain of a host, None for a public suffix."""

    config: Config
    catalogue: Any
    registrable: Callable[[str], str | None]

    @property
    def site(self) -> Site:
        config = self.config
        return Site(config.site.host or "localhost", own=config.site.own, registrable=self.registrable)


def findings(subject: Subject) -> list[Finding]:
    """Everything found, by id."""
    checks = (
        _identity, _address, _cookie, _state, _question, _services, _hosts, _own_cookies, _proxies, _ways_out,
    )  # fmt: skip
    return sorted(
        (found for check in checks for found in check(subject)), key=lambda found: (found.id, found.key)
    )


def _ways_out(subject: Subject) -> Iterator[Finding]:
    config = subject.config
    if config.mode == "observe":
        message = "NOT ENFORCING: every tracker runs before any choice, and nothing of a request is cleaned."
        yield Finding("CG029", "error", "mode", message, 'Write mode = "enforce" when the reports are quiet.')
    for entry in config.exclude:
        paths = ", ".join(replace(config, exclude=(entry,)).excluded_paths)
        message = f"Pages at {paths} are sent as they are: trackers on them run before any choice."
        yield Finding("CG027", "warning", "exclude", message, "Exclude back offices only.")
    if config.unknown == "allow":
        message = "Third parties that nobody has named run before any choice; script can reach trackers too."
        remedy = 'Write unknown = "hold", and allow what is needed by name.'
        yield Finding("CG028", "warning", "unknown", message, remedy)
    if config.unknown == "hold-active":
        message = "Images, styles, fonts and media of unnamed third parties pass; script can load a tracker's image."
        remedy = 'Write unknown = "hold", and allow what is needed by name.'
        yield Finding("CG030", "warning", "unknown", message, remedy)


def _identity(subject: Subject) -> Iterator[Finding]:
    controller = subject.config.controller
    if not controller.name:
        yield Finding(
            "CG002", "error", "controller.name", "The banner cannot say who asks.", "Give the legal name."
        )
    if not controller.contact:
        remedy = "Give an e-mail address or a link."
        yield Finding("CG003", "error", "controller.contact", "Visitors cannot reach the controller.", remedy)
    if not subject.config.privacy_url:
        remedy = "Give its address; a path of the site will do."
        yield Finding("CG004", "error", "privacy_url", "The banner cannot link the privacy policy.", remedy)
    if not controller.complaint_url:
        remedy = "Give the complaints page of the supervisory authority."
        yield Finding(
            "CG005", "warning", "controller.complaint_url", "Visitors are not told where to complain.", remedy
        )


def _address(subject: Subject) -> Iterator[Finding]:
    config = subject.config
    if not config.site.public_url:
        message = (
            "Without the site's public address, cookies and own hosts follow each request's Host header."
        )
        yield Finding("CG006", "warning", "site.public_url", message, 'Write it: public_url = "https://…".')
    if plain_http_warning(config):
        message = "The site is on plain http off localhost: browsers keep no protected cookie there."
        yield Finding("CG007", "error", "site.public_url", message, "Serve it over https.")
    elif config.insecure_http:
        message = "The choice is kept in a cookie without its protections, which this site does not need."
        yield Finding("CG008", "warning", "insecure_http", message, "Remove insecure_http.")


def _cookie(subject: Subject) -> Iterator[Finding]:
    config, domain = subject.config, subject.config.cookie_domain
    if not domain:
        return
    host = config.site.host
    if subject.registrable(domain) is None:
        message = f"{domain} is a public suffix; browsers refuse a cookie for it."
    elif host and host != domain and not host.endswith("." + domain):
        message = (
            f"{host} lies outside {domain}; browsers refuse such a cookie, and no choice is ever stored."
        )
    else:
        return
    yield Finding(
        "CG009", "error", "cookie_domain", message, "Name the site's registrable domain, or remove it."
    )


def _state(subject: Subject) -> Iterator[Finding]:
    """Makes nothing: `check` may run under another account than the site."""
    config = subject.config
    yield from _secret(config)
    if not _can_write(config.state_dir):
        message = (
            f"{config.state_dir} cannot be written: no choice can be recorded, so no grant can be given."
        )
        yield Finding("CG012", "error", "state_dir", message, "Make it writable for the account of the site.")
    elif config.ledger_path.exists():
        wrong = Ledger(config.ledger_path).check()
        if wrong:
            remedy = "Restore the ledger, or move it away: a new one is begun."
            yield Finding("CG013", "error", "state_dir", f"Choices cannot be recorded: {wrong}.", remedy)


def _secret(config: Config) -> Iterator[Finding]:
    path = config.secret_path
    if config.secret_keys:
        if Path(config.source).is_file() and is_exposed(Path(config.source)):
            message = "The keys stand in a file that other accounts of this machine can read."
            yield Finding("CG026", "warning", "secret_keys", message, "Keep them in secret_file.")
        return
    if not path.exists():
        if not _can_write(path.parent):
            message = f"No secret can be kept in {path.parent}, so nothing starts."
            yield Finding("CG010", "error", "secret_file", message, "Make it writable, or set secret_keys.")
        return
    try:
        read_or_make_secret(path)
    except ConfigError as error:
        remedy = "Remove the file, and a new secret is made; visitors are asked again."
        yield Finding("CG010", "error", "secret_file", f"The secret cannot be used: {error.remedy}.", remedy)
    if is_exposed(path):
        message = "Other accounts of this machine can read the secret, and sign choices with it."
        yield Finding("CG011", "error", "secret_file", message, f"Run: chmod 600 {path}")


def _can_write(folder: Path) -> bool:
    """Whether files can be made in `folder`, or in the nearest one above it where it is still to be made."""
    try:
        while not folder.exists():
            folder = folder.parent
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _question(subject: Subject) -> Iterator[Finding]:
    config = subject.config
    try:
        published = read_published(config)
    except ConfigError as error:
        yield Finding("CG014", "error", "state_dir", f"{error.remedy}.", "Run: cookiegate publish")
        return
    wanted = question_from(config, subject.catalogue)
    if published is not None and published.hash != wanted.hash:
        listed = "; ".join(changes(published, wanted))
        message = f"Visitors are still asked the question published before: {listed}."
        yield Finding("CG015", "warning", "services", message, "Run: cookiegate publish")
    if not wanted.services:
        message = "No service is named, so a choice of single categories releases nothing."
        yield Finding("CG016", "warning", "services", message, 'Name those in use: services = ["…"].')


def _services(subject: Subject) -> Iterator[Finding]:
    config = subject.config
    for id, entry in config.service.items():
        known = subject.catalogue.service(id)
        if entry.category == NECESSARY and known is not None and known.category not in ("", NECESSARY):
            message = f"{known.name} passes before any choice; the catalogue files it under {known.category}."
            yield Finding("CG017", "warning", f"service.{id}.category", message, "Be sure of its reason.")
        if known is None and not entry.purpose and entry.category != NECESSARY and entry.enabled is not False:
            message = "Visitors are asked about this service without being told what it is for."
            yield Finding("CG018", "warning", f"service.{id}.purpose", message, "Say it in plain words.")


def _hosts(subject: Subject) -> Iterator[Finding]:
    config, site = subject.config, subject.site
    for pattern in config.allow:
        host = pattern.removeprefix("*.")
        match = subject.catalogue.match_url(host, "/")
        if match and match.category in TRACKING:
            who = f"{match.service.name if match.service else host} ({match.category})"
            message = f"{pattern} passes before any choice, and {who} sees every visitor."
            yield Finding(
                "CG019", "warning", "allow", message, "Remove it, and name the service: visitors are asked."
            )
        elif subject.registrable(host) is None or (pattern != host and _is_shared(match, host)):
            message = f"{pattern} passes before any choice, and anyone may rent a host below it."
            yield Finding("CG020", "warning", "allow", message, "Allow the one host that the site uses.")
        if site.owns(host):
            message = f"{pattern} belongs to the site itself and passes anyway."
            yield Finding("CG021", "warning", "allow", message, "Remove it.")
    for host in config.classify:
        if site.owns(host) or host in config.allow:
            message = f"{host} always passes, so its category is never used."
            yield Finding("CG021", "warning", "classify", message, "Remove it here, or where it is allowed.")
    for host in config.site.own:
        if subject.registrable(host) is None and "." in host:
            message = f"{host} is a public suffix: sites of other people lie below it."
            yield Finding("CG022", "error", "site.own", message, "Name the site's own hosts.")


def _is_shared(match: Any, host: str) -> bool:
    """Whether the catalogue files this very host as one domain for many unrelated owners."""
    return match is not None and match.service is None and match.rule.removeprefix("*.") == host


def _own_cookies(subject: Subject) -> Iterator[Finding]:
    for cookie in subject.config.cookie:
        match = subject.catalogue.match_cookie(cookie.name.removesuffix("*"))
        if cookie.category == NECESSARY and match is not None and match.category in TRACKING:
            message = f"{cookie.name} is kept before any choice; the catalogue knows it as {match.category}."
            yield Finding(
                "CG023", "warning", f"cookie {cookie.name}", message, "Be sure that it is another one."
            )
        if not (cookie.purpose and cookie.lifetime):
            message = "The cookie table cannot say what it is for and how long it lasts."
            yield Finding("CG024", "warning", f"cookie {cookie.name}", message, "Give purpose and lifetime.")


def _proxies(subject: Subject) -> Iterator[Finding]:
    for network in subject.config.trusted_proxies:
        if network.prefixlen < (WIDE_V4 if network.version == 4 else WIDE_V6):
            message = f"{network} believes forwarding headers from nearly anyone."
            yield Finding("CG025", "warning", "trusted_proxies", message, "Name the proxies alone.")
