"""`cookiegate check`: looks the settings over before visitors do."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ..catalogue_files import load_catalogue, registrable_domain
from ..config import validate
from ..errors import ConfigError
from ..opening import open_gate
from .findings import Finding, Subject, findings
from .live import live_findings
from .settings_option import embed_option, read_settings, settings_options

EXAMPLES = """\b
Examples:
  cookiegate check                        the cookiegate.toml of this folder
  cookiegate check --config site.toml     another file
  cookiegate check --app myshop:app       a site that keeps its settings in Flask
  cookiegate check --json                 for a machine
  cookiegate check --url https://www.example.com/
                                          ask the live site too: is the gate there, does an edge keep to it?

\b
Exit status: 0 nothing but warnings, 1 errors, 2 the configuration cannot be used.
Each id is explained in docs/checks.md.
"""


@click.command(epilog=EXAMPLES)
@settings_options
@embed_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--url", help="Ask this page of the live site, with and without a choice.")
@click.pass_context
def check(
    ctx: click.Context, config: Path, app: str | None, embed: str | None, as_json: bool, url: str | None
) -> None:
    """Look the settings over: what is missing, what contradicts itself, what a setting costs visitors."""
    show = _show_json if as_json else _show
    try:
        settings = read_settings(config, app, embed)
        catalogue = load_catalogue()
        validate(settings, catalogue)
    except ConfigError as error:
        show([Finding("CG001", "error", error.key, f"{error}", error.remedy)], str(config))
        ctx.exit(2)
    found = findings(Subject(settings, catalogue, registrable_domain()))
    if url:
        gate, _ = open_gate(settings)
        found += live_findings(gate, url)
    show(found, settings.source)
    ctx.exit(1 if any(finding.level == "error" for finding in found) else 0)


def _show(found: list[Finding], source: str) -> None:
    for finding in found:
        if finding.id == "CG001":
            click.echo(f"CG001 error: {finding.message}", err=True)
            return
        label = click.style(finding.level, fg="red" if finding.level == "error" else "yellow")
        click.echo(f"{finding.id} {label}: {finding.key}: {finding.message} {finding.remedy}")
    errors = sum(finding.level == "error" for finding in found)
    click.echo(f"{source}: {_count(errors, 'error')}, {_count(len(found) - errors, 'warning')}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _show_json(found: list[Finding], source: str) -> None:
    errors = sum(finding.level == "error" for finding in found)
    answer = {
        "source": source,
        "errors": errors,
        "warnings": len(found) - errors,
        "findings": [finding.as_dict() for finding in found],
    }
    click.echo(json.dumps(answer, indent=2, ensure_ascii=False))
