"""`cookiegate held`: what the running gate has held so far, and what to do about it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from ..catalogue_files import operator_catalogue
from ..config import Config
from ..errors import ConfigError
from ..tally import OTHER, Row, Tally
from .settings_option import read_settings, settings_options

EXAMPLES = """\b
Examples:
  cookiegate held             what is held, most often first
  cookiegate held --json      for a machine

\b
Counts of this month and the two before: no page, no visitor, no time. A name is a service that the catalogue knows,
else the domain of a host.
"""


@dataclass
class Party:
    """One third party: how often it was held by rewriting and by a browser's report, as what."""

    name: str
    service: str
    category: str
    rewritten: int = 0
    reported: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, row: Row) -> None:
        self.kinds[row.kind] += row.times
        if row.how == "rewritten":
            self.rewritten += row.times
        else:
            self.reported += row.times

    @property
    def times(self) -> int:
        return self.rewritten + self.reported


@click.command(epilog=EXAMPLES)
@settings_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
def held(config: Path, app: str | None, as_json: bool) -> None:
    """Show what the gate has held: by name, kind of element, how often, by rewriting and by report."""
    settings = read_settings(config, app)
    try:
        rows = Tally(settings.tally_path).rows()
    except OSError as error:
        raise ConfigError("state_dir", str(settings.state_dir), settings.source, str(error)) from None
    found = parties(rows, settings)
    if as_json:
        click.echo(json.dumps([_as_dict(party) for party in found], indent=2))
    elif not found:
        click.echo("Nothing has been held yet.")
    else:
        _show(found)


def parties(rows: list[Row], settings: Config) -> list[Party]:
    """Most often held first. A host and its service are one party."""
    catalogue = operator_catalogue(settings)
    known: dict[str, Party] = {}
    for row in rows:
        party = _party(row.name, catalogue)
        known.setdefault(party.name, party).add(row)
    return sorted(known.values(), key=lambda party: (-party.times, party.name))


def _party(name: str, catalogue: Any) -> Party:
    service = catalogue.service(name)
    if service is None and "." in name and name != OTHER:
        match = catalogue.match_url(name, "/")
        if match is not None and match.service is None:
            return Party(name, "", match.category)
        service = match.service if match is not None else None
    if service is None:
        return Party(name, "", "unclassified")
    return Party(service.id, service.name, service.category)


def _show(found: list[Party]) -> None:
    width = max(len(party.name) for party in found)
    click.echo(f"{'NAME':{width}}  {'CATEGORY':12}  {'REWRITTEN':>9}  {'REPORTED':>8}  KINDS")
    for party in found:
        kinds = ", ".join(f"{kind} {times}" for kind, times in party.kinds.most_common(4))
        click.echo(
            f"{party.name:{width}}  {party.category:12}  {party.rewritten:9}  {party.reported:8}  {kinds}"
        )
    unknown = [party.name for party in found if party.category == "unclassified" and party.name != OTHER]
    if unknown:
        click.echo(
            f"\nNobody has named {len(unknown)} of these. For each: is it the site's own, or needed as it is?"
        )
        click.echo(f"  cookiegate allow {unknown[0]}")
        click.echo(f"  cookiegate classify {unknown[0]} preferences")


def _as_dict(party: Party) -> dict[str, Any]:
    return {
        "name": party.name,
        "service": party.service,
        "category": party.category,
        "rewritten": party.rewritten,
        "reported": party.reported,
        "kinds": dict(party.kinds),
    }
