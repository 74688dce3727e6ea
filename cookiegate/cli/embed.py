"""`cookiegate embed SITE`: the tag to paste, in each of its forms, and a page to try it on."""

from __future__ import annotations

from pathlib import Path

import click

from ..config import Config, secret_keys_of
from ..config.embed import site_key
from ..embed.pinned import keep_pinned
from ..embed.scripts import Scripts
from ..embed_service import open_site
from ..errors import ConfigError
from ..opening import read_config

EXAMPLES = """\b
Examples:
  cookiegate embed www.shop.example                    the tag, its pinned form, and a page to try it on
  cookiegate embed www.shop.example --plain            the tag alone
  cookiegate embed www.shop.example --pinned           the tag with its script's hash, settings as data
  cookiegate embed www.shop.example --inline           the script itself, which holds whether the service answers or not
  cookiegate embed www.shop.example --page test.html   a page to try it on, with a tracker that must stay silent
  cookiegate embed www.shop.example --keys             the site's keys, for a gate in front of the same site
"""

EVERY_FORM = """\
<!-- The tag. It goes first into the <head> of every page, before all other scripts: -->
{tag}

<!-- Or pinned: its script cannot change, and it brings the settings along. Paste it anew after each `publish`: -->
{pinned}

<!-- A page to try the tag on, to be served under an origin of the site: -->
{page}"""

PAGE = """<!doctype html>
<html lang="en">
<head>
{tag}
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Is it held?</title>
<script async src="https://www.googletagmanager.com/gtag/js?id=G-TEST"></script>
</head>
<body>
<main>
<h1>Is it held?</h1>
<p>Serve this page under an origin of the site. In the browser's network tools nothing may load from
www.googletagmanager.com before you accept, and it must load after.</p>
</main>
</body>
</html>
"""


@click.command(epilog=EXAMPLES)
@click.argument("site", metavar="SITE")
@click.option(
    "--config", type=click.Path(path_type=Path), help="The configuration file.  [default: cookiegate.toml]"
)
@click.option("--plain", is_flag=True, help="The tag alone.")
@click.option("--pinned", is_flag=True, help="The tag whose script cannot change, with its integrity hash.")
@click.option("--inline", is_flag=True, help="The script itself, to stand in the page.")
@click.option("--page", type=click.Path(path_type=Path), help="Write a test page with the tag to this file.")
@click.option("--keys", is_flag=True, help="Print the site's own keys instead, newest first.")
def embed(
    site: str, config: Path | None, plain: bool, pinned: bool, inline: bool, page: Path | None, keys: bool
) -> None:
    """Print the script tag of an embedded site, its pinned form and a page to try it on.

    The tag goes first into <head>, before every other script. With --plain, --pinned or --inline that form alone is
    printed, and --page is made with it."""
    settings = read_config(config)
    host = site.lower()
    if keys:
        for key in secret_keys_of(settings):
            click.echo(site_key(key, host))
        return
    if not settings.site.public_url:
        remedy = 'say where the service is reached, such as public_url = "https://gate.shop.example"'
        raise ConfigError("site.public_url", "", settings.source, remedy)
    forms = _Forms(settings, host)
    tag = forms.pinned if pinned else forms.inline if inline else forms.plain
    if page is not None:
        page.write_text(PAGE.format(tag=tag), "utf-8")
        click.echo(f"Wrote {page}.", err=True)
    alone = plain or pinned or inline or page is not None
    every = EVERY_FORM.format(tag=tag, pinned="" if alone else forms.pinned, page=PAGE.format(tag=tag))
    click.echo(tag if alone else every.rstrip())


class _Forms:
    """Of one site's tag."""

    def __init__(self, settings: Config, host: str) -> None:
        self._config, self._host = settings, host
        self._settings = open_site(settings, host).settings()
        self._scripts = Scripts()

    @property
    def plain(self) -> str:
        return f'<script src="{self._config.site.public_url}/_gate/embed/{self._host}.js"></script>'

    @property
    def pinned(self) -> str:
        """Whose script is kept from now on. Raises ConfigError where it cannot be."""
        keep_pinned(self._config, self._scripts)
        return self._scripts.pinned_tag(self._config.site.public_url, self._settings)

    @property
    def inline(self) -> str:
        return self._scripts.inline_tag(self._config.site.public_url, self._settings)
