"""`cookiegate account`: who may look at the dashboard."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from ..dashboard.accounts import ROLES, Accounts
from ..dashboard.app import accounts_of
from ..dashboard.second_factor import SecondFactors
from ..dashboard.tokens import USUAL_DAYS, Tokens
from ..errors import AccountError
from ..opening import read_config

EXAMPLES = """\b
Examples:
  cookiegate account add anna                                asks for a password
  cookiegate account add shop --site www.shop.example        sees that site alone
  cookiegate account add ci --role admin < password-file     the password from a file
  cookiegate account change anna --role editor               another role, or other sites
  cookiegate account link anna                               a link that signs in once
  cookiegate account key anna --for nightly-report           a key for the read interface
  cookiegate account audit                                   who signed in, and what was changed
"""
CONFIG = click.option(
    "--config", type=click.Path(path_type=Path), help="The configuration file.  [default: cookiegate.toml]"
)


@click.group(epilog=EXAMPLES)
def account() -> None:
    """Make and remove accounts of the dashboard. None exists until you make one."""


@account.command(epilog=EXAMPLES)
@CONFIG
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="viewer", show_default=True)
@click.option(
    "--site", "sites", multiple=True, help="A site that it may see; may be repeated.  [default: all]"
)
@click.option("--no-password", is_flag=True, help="It signs in by links alone.")
def add(config: Path | None, name: str, role: str, sites: tuple[str, ...], no_password: bool) -> None:
    """Make an account. The password is asked for twice, or read from standard input."""
    _open(config).add(name, None if no_password else _password(), role, sites)
    click.echo(f"{name} may sign in.")


@account.command(epilog=EXAMPLES)
@CONFIG
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), help="Its new role.  [default: as it is]")
@click.option(
    "--site",
    "sites",
    multiple=True,
    help="A site that it may see, in place of those before; may be repeated.",
)
@click.option("--all-sites", is_flag=True, help="It may see all sites.")
def change(config: Path | None, name: str, role: str | None, sites: tuple[str, ...], all_sites: bool) -> None:
    """Change an account's role or sites. It stays signed in; links that it could not make any more end."""
    if sites and all_sites:
        raise AccountError("--site and --all-sites exclude each other: leave one out")
    if role is None and not sites and not all_sites:
        raise AccountError("nothing to change: add --role, --site or --all-sites")
    found = _open(config).change(name, role, sites if sites or all_sites else None)
    if found is None:
        _known(False, name)
    else:
        click.echo(f"{name} is {found.role} of {', '.join(found.sites) or 'all sites'}.")


@account.command(epilog=EXAMPLES)
@CONFIG
@click.argument("name")
def password(config: Path | None, name: str) -> None:
    """Give an account a new password. It is signed out everywhere."""
    _known(_open(config).set_password(name, _password()), name)
    click.echo(f"{name} has a new password.")


@account.command(epilog=EXAMPLES)
@CONFIG
@click.argument("name")
def remove(config: Path | None, name: str) -> None:
    """Remove an account. Its sessions end at once."""
    _known(_open(config).remove(name), name)
    click.echo(f"{name} is removed.")


@account.command(epilog=EXAMPLES)
@CONFIG
@click.argument("name")
@click.option("--url", default="http://localhost:8100/", show_default=True, help="Where the dashboard is.")
@click.option(
    "--hours", type=click.IntRange(1, 24 * 7), default=24, show_default=True, help="How long it is good."
)
def link(config: Path | None, name: str, url: str, hours: int) -> None:
    """Print a link that signs in once."""
    click.echo(f"{url.rstrip('/')}/once/{_open(config).link(name, hours * 3600)}")


@account.command(epilog=EXAMPLES)
@CONFIG
@click.argument("name")
@click.option(
    "--for", "purpose", default="program", show_default=True, help="What reads with it, for the list."
)
@click.option("--days", type=click.IntRange(1, 3650), default=USUAL_DAYS, show_default=True)
@click.option("--remove", "gone", is_flag=True, help="Remove the key of that name.")
@click.option("--list", "listed", is_flag=True, help="List the account's keys.")
def key(config: Path | None, name: str, purpose: str, days: int, gone: bool, listed: bool) -> None:
    """Print a key with which a program reads what the account may see. It is shown this once."""
    tokens = Tokens(_open(config))
    if listed:
        for found in tokens.of_account(name):
            click.echo(f"{found.name}  until {datetime.fromtimestamp(found.until, UTC):%Y-%m-%d}")
    elif gone:
        if not tokens.remove(name, purpose):
            raise AccountError(
                f"{name} has no key {purpose!r}: cookiegate account key {name} --list shows all"
            )
        click.echo(f"{purpose} reads nothing any more.")
    else:
        click.echo(tokens.make(name, purpose, days))


@account.command("second-factor", epilog=EXAMPLES)
@CONFIG
@click.argument("name")
def second_factor(config: Path | None, name: str) -> None:
    """Remove an account's second factor, where the telephone is lost. It is set on the account's own page."""
    accounts = _open(config)
    _known(accounts.get(name) is not None, name)
    done = SecondFactors(accounts).turn_off(name)
    click.echo(f"{name} signs in by the password alone." if done else f"{name} has no second factor.")


@account.command("list", epilog=EXAMPLES)
@CONFIG
def list_(config: Path | None) -> None:
    """List the accounts."""
    for found in _open(config).all():
        click.echo(f"{found.name}  {found.role}  {', '.join(found.sites) or 'all sites'}")


@account.command(epilog=EXAMPLES)
@CONFIG
@click.option("--lines", type=click.IntRange(1, 100_000), default=50, show_default=True)
def audit(config: Path | None, lines: int) -> None:
    """Show what was done, newest first. It holds no address."""
    for at, name, event in _open(config).audit(lines):
        click.echo(f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}Z  {name}  {event}")


def _open(config: Path | None) -> Accounts:
    return accounts_of(read_config(config))


def _known(done: bool, name: str) -> None:
    if not done:
        raise AccountError(f"there is no account {name!r}: cookiegate account list shows all")


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
