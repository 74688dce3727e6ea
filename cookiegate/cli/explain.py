"""`cookiegate explain`: which rule decides, where it stands, and what would change it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click

from ..catalogue_files import load_delivery, operator_catalogue, registrable_domain
from ..config import Config
from ..core.catalogue import Catalogue
from ..core.consent import NECESSARY, UNCLASSIFIED, consent_of
from ..core.question import Question
from ..core.services import Match, Service
from ..core.site import Site
from ..core.urls import split_url
from ..core.verdicts import Verdicts
from .settings_option import embed_option, read_settings, settings_options

EXAMPLES = """\b
Examples:
  cookiegate explain https://www.google-analytics.com/g/collect
  cookiegate explain cdn.example/app.js            https:// may be left out
  cookiegate explain _ga                           the name of a cookie
  cookiegate explain /matomo.php?idsite=1          a path of the site itself
  cookiegate explain _ga --json                    for a machine

\b
Exit status: 0 whatever the answer, 2 if the settings cannot be used.
The settings of this folder count where there is a cookiegate.toml; otherwise the catalogue as shipped.
"""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One answer. `verdict` is for a visitor who has not chosen."""

    asked: str
    kind: str
    verdict: str
    category: str
    why: str
    release: str
    rule: str = ""
    stands_in: str = ""
    service: str = ""
    name: str = ""
    owner: str = ""
    country: str = ""
    settings: list[str] = field(default_factory=list)


@click.command(epilog=EXAMPLES)
@click.argument("thing", metavar="URL-OR-COOKIE")
@settings_options
@embed_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def explain(thing: str, config: Path, app: str | None, embed: str | None, as_json: bool) -> None:
    """Say what becomes of a URL or a cookie before a visitor has chosen, and why."""
    shipped = app is None and embed is None and not config.exists() and config == Path("cookiegate.toml")
    settings = Config() if shipped else read_settings(config, app, embed)
    answer = explain_thing(thing, settings)
    if as_json:
        click.echo(json.dumps(asdict(answer), indent=2, ensure_ascii=False))
    else:
        _show(answer)


def explain_thing(thing: str, settings: Config) -> Explanation:
    """`thing` is a URL, its scheme may be left out, a path of the site from "/" on, or a cookie name."""
    catalogue = operator_catalogue(settings)
    if thing.startswith("/") and not thing.startswith("//"):
        return _explain_path(thing, catalogue)
    if "/" in thing or re.fullmatch(r"[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}", thing):
        cookie = None if "/" in thing else catalogue.match_cookie(thing)
        if cookie is None:
            return _explain_url(thing, settings, catalogue)
    return _explain_cookie(thing, settings, catalogue)


def _explain_url(url: str, settings: Config, catalogue: Catalogue) -> Explanation:
    whole = url if "//" in url or url.partition(":")[0] in ("data", "blob", "about") else f"https://{url}"
    target = split_url(whole)
    verdicts = _verdicts(settings, catalogue)
    verdict = verdicts.url(whole)
    if target is None:
        return Explanation(
            asked=url, kind="url", verdict="allow", category=NECESSARY, why="It reaches no host.", release=""
        )
    if verdict is None:
        return Explanation(
            asked=url,
            kind="url",
            verdict="allow",
            category=NECESSARY,
            why=f"{target[0]} belongs to the site itself.",
            release="",
            stands_in="site.public_url and site.own",
        )
    match = catalogue.match_url(*target)
    why, release, lines = _reasons(target[0], match, verdict.hold, settings)
    return _described(url, "url", verdict.hold, verdict.category, why, release, lines, match)


def _reasons(host: str, match: Match | None, hold: bool, settings: Config) -> tuple[str, str, list[str]]:
    """Why, what would release it, and the lines of cookiegate.toml for that."""
    allow = [f'allow = ["{host}"]']
    service = match.service if match else None
    if not hold:
        if service is not None and service.category == NECESSARY:
            return f"Enabled as necessary: {service.reason}", "", []
        return f"{host} is among the hosts that pass: `allow` or `delivery`.", "", []
    if match is None:
        why = f"Nobody has named {host}: third parties that are not known are held."
        return (
            why,
            "Consent to everything, or one of these lines:",
            [*allow, f'classify."{host}" = "preferences"'],
        )
    if service is None:
        why = f"{match.rule} serves files of many unrelated owners, which says nothing of this one."
        if match.source == settings.source or match.category != UNCLASSIFIED:
            why = "It is classified by hand; visitors are not asked about it by name."
        return why, "Consent to everything, or this line:", allow
    if service.dormant:
        why = f"{service.name} may be necessary, where you use it. Ready reason: {service.reason}"
        return why, "Enable it:", [f'services = ["{service.id}"]']
    why = f"{service.name} is filed as {service.category}. {service.purpose}".rstrip()
    return why, *_consent_to(service, settings)


def _consent_to(service: Service, settings: Config) -> tuple[str, list[str]]:
    """What a visitor must grant: the category alone releases only the services that were asked about."""
    if service.id in settings.enabled_services:
        return f"Consent to {service.category}.", []
    release = f"Consent to everything. To ask visitors about {service.name} by name:"
    return release, [f'services = ["{service.id}"]']


def _explain_path(path: str, catalogue: Catalogue) -> Explanation:
    match = catalogue.collects(path)
    if match is not None and match.service is not None:
        match = match._replace(source="collect.json (first-party collection)")
    if match is None:
        why = "No rule for collection paths covers it: it goes to the site."
        lines = [f'collect = ["{path.partition("?")[0]}"]']
        release = "If it collects for an analytics tool, hold it:"
        return _described(path, "path", False, NECESSARY, why, release, lines, None)
    why = "It collects for an analytics tool behind the site's own name; it is answered 204."
    return _described(path, "path", True, match.category, why, f"Consent to {match.category}.", [], match)


def _explain_cookie(name: str, settings: Config, catalogue: Catalogue) -> Explanation:
    found = catalogue.match_cookie(name)
    verdict = _verdicts(settings, catalogue).cookie(name, httponly=True, from_server=True)
    if found is None:
        why = (
            "Nobody has named this cookie. Where the site's server sets it HttpOnly, it passes as a session "
            "cookie; without HttpOnly it is removed."
        )
        lines = ["[[cookie]]", f'name = "{name}"', 'category = "necessary"', 'purpose = "..."']
        return _described(name, "cookie", False, UNCLASSIFIED, why, "To say what it is:", lines, None)
    match = Match(catalogue.service(found.service or ""), found.category, found.rule, found.source)
    if verdict.keep:
        whose = "you declared it" if found.kind == "operator" else "frameworks and shops set it for this"
        why, release = f"It is the site's own: {whose}.", ""
    else:
        owner = match.service.name if match.service else "a tracking script"
        why = f"{owner} sets it on the site's own domain."
        release = f"Consent to {found.category}."
    lines = []
    if match.service is not None and not verdict.keep:
        release, lines = _consent_to(match.service, settings)
    return _described(name, "cookie", not verdict.keep, found.category, why, release, lines, match)


def _described(
    asked: str,
    kind: str,
    hold: bool,
    category: str,
    why: str,
    release: str,
    lines: list[str],
    match: Match | None,
) -> Explanation:
    service: Service | None = match.service if match else None
    return Explanation(
        asked=asked,
        kind=kind,
        verdict="hold" if hold else "allow",
        category=category,
        why=why,
        release=release,
        settings=lines,
        rule=match.rule if match else "",
        stands_in=match.source if match else "",
        service=service.id if service else "",
        name=service.name if service else "",
        owner=service.owner if service else "",
        country=service.country if service else "",
    )


def _verdicts(settings: Config, catalogue: Catalogue) -> Verdicts:
    """For a visitor who has not chosen."""
    delivery = load_delivery() if settings.delivery is None else settings.delivery
    site = Site(settings.site.host or "localhost", own=settings.site.own, registrable=registrable_domain())
    return Verdicts(catalogue, site, consent_of(None, Question()), allow=settings.allow, delivery=delivery)


def _show(answer: Explanation) -> None:
    held = answer.verdict == "hold"
    word = click.style("held" if held else "passes", fg="red" if held else "green", bold=True)
    click.echo(f"{answer.asked}: {word} before a choice")
    whose = ", ".join(part for part in (answer.owner, answer.country) if part)
    rows = {
        "category": answer.category,
        "service": f"{answer.name} ({answer.service})" if answer.service else "",
        "owner": whose,
        "why": answer.why,
        "rule": answer.rule,
        "stands in": answer.stands_in,
        "to change it": answer.release,
    }
    for label, text in rows.items():
        if text:
            click.echo(f"  {label:<12} {text}")
    for line in answer.settings:
        click.echo(f"  {'':<12}   {line}")
