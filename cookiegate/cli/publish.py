"""`cookiegate publish`: the one way to ask visitors again."""

from __future__ import annotations

from pathlib import Path

import click

from ..catalogue_files import load_catalogue
from ..config import Config, changes, question_from, read_published, validate
from ..config import publish as write_question
from ..core.question import Question
from ..errors import ConfigError
from .settings_option import embed_option, read_settings, settings_options

EXAMPLES = """\b
Examples:
  cookiegate publish --dry-run            show what would change
  cookiegate publish                      show it, ask, and publish
  cookiegate publish --yes                publish without asking
  cookiegate publish --app myshop:app     for a site that keeps its settings in Flask
"""


@click.command(epilog=EXAMPLES)
@settings_options
@embed_option
@click.option("--dry-run", is_flag=True, help="Show what would change and leave everything as it is.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
def publish(config: Path, app: str | None, embed: str | None, dry_run: bool, yes: bool) -> None:
    """Publish the question that the settings make, so that visitors are asked it.

    Until then the published question counts: what visitors were not asked about stays held.
    """
    settings = read_settings(config, app, embed)
    catalogue = load_catalogue()
    validate(settings, catalogue)
    new = question_from(settings, catalogue)
    old = _read_or_none(settings)
    if old is not None and old.hash == new.hash:
        click.echo(f"Nothing changed: visitors are asked question {old.hash}.")
        return
    _show(old, new)
    if dry_run:
        return
    if old is not None and not yes:
        click.confirm("Publish, and ask every visitor again?", abort=True)
    write_question(settings, new)
    click.echo(f"Published question {new.hash}. A running site asks it within a second or two.")
    if embed:
        click.echo(
            "Browsers keep a tag's script for five minutes. Paste pinned and inline tags anew: until then"
        )
        click.echo("nobody can accept with them.")


def _read_or_none(settings: Config) -> Question | None:
    """A damaged question is replaced like a missing one: nobody's answer fits it any more."""
    try:
        return read_published(settings)
    except ConfigError as error:
        click.echo(f"cookiegate: {error}", err=True)
        return None


def _show(old: Question | None, new: Question) -> None:
    if old is None:
        click.echo(f"The first question asks about {len(new.services)} named services:")
        lines = [f"{service.id} ({service.category})" for service in new.services]
    else:
        click.echo(f"Question {old.hash} becomes {new.hash}:")
        lines = changes(old, new)
    for line in lines:
        click.echo(f"  {line}")
    if old is not None and all(line.startswith(("removes ", "no longer asks ")) for line in lines):
        click.echo("Nothing new is asked: the published question may stay, and nobody need be asked again.")
