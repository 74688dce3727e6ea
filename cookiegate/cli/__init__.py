"""The command line. A command is imported when it is named, so that help is there at once."""

from __future__ import annotations

import importlib
import importlib.util
import keyword
from importlib.metadata import version
from typing import Any

import click

from ..errors import CookieGateError

COMMANDS = {
    "demo": "Show a site behind the gate, on this machine.",
    "serve": "Run a Python site behind the gate.",
    "proxy": "Stand in front of a site in any language.",
    "try": "See a site as it would be behind the gate.",
    "check": "Look the settings over.",
    "embed": "Print the script tag of a site that cannot change its server.",
    "explain": "Say what becomes of a URL or a cookie, and why.",
    "publish": "Ask visitors the question that the settings make.",
    "held": "Show what the running gate has held.",
    "allow": "Let a third party pass.",
    "classify": "Say what an unknown third party is for.",
    "preview": "Print a link that enforces in one browser, while the gate observes.",
    "csp": "Print the policy for what is served without the gate.",
    "dashboard": "Serve the pages of figures.",
    "account": "Say who may look at them.",
    "report": "Show or send the figures of the last week or month.",
    "counts": "Show sealed figures.",
    "seal": "Publish the figures of days that are over.",
    "prune": "Delete figures that are older than they are kept.",
    "migrate": "Make or renew the tables of the store.",
    "store": "Look after the store of counts.",
    "geo": "See or replace the database of regions.",
    "rebuild": "Rebuild the catalogue's data files.",
}
"""Name of each command -> its line in the list. The function of that name is in the module of that name."""

EXAMPLES = """\b
Examples:
  cookiegate demo                                a site behind the gate, on this machine
  cookiegate serve myshop:app                    run a Python site behind the gate
  cookiegate proxy --upstream http://127.0.0.1:8080   stand in front of any site
  cookiegate check                               is cookiegate.toml complete and consistent?
  cookiegate held                                what has it held, and what to do about it?
  cookiegate explain https://cdn.example/a.js    is this held, and why?
"""


class CommandTable(click.Group):
    """Subcommands by name; an error of ours is one line on stderr and exit status 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in COMMANDS if importlib.util.find_spec(f"{__name__}.{_module(name)}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        name = _module(cmd_name)
        command: click.Command = getattr(importlib.import_module(f"{__name__}.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CookieGateError as error:
            click.echo(f"cookiegate: {error}", err=True)
            ctx.exit(2)


def _module(command: str) -> str:
    """`try_` for `try`: a keyword is no name."""
    return f"{command}_" if keyword.iskeyword(command) else command


def _print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"cookiegate {version('cookiegate')}")
        ctx.exit()


def _version_option(command: click.Group) -> click.Group:
    return click.option(
        "--version",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_print_version,
        help="Show the version and exit.",
    )(command)


@_version_option
@click.group(cls=CommandTable, epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """A consent and tracking gate: until a visitor opts in, no tracker is reached."""
