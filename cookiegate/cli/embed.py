"""`cookiegate embed SITE`: the tag to paste, in each of its forms, and a page to try it on."""

from __future__ import annotations

from pathlib import Path

import click

from ..config import secret_keys_of
from ..config.embed import site_key
from ..embed.pinned import keep_pinned
from ..embed.scripts import Scripts
from ..embed_service import open_site
from ..errors import ConfigError
from ..opening import read_config

EXAMPLES = """\b
Examples:
  cookiegate embed www.shop.example                    the tag for every page of the site
  cookiegate embed www.shop.example --pinned           the tag with its script's hash, settings as data
  cookiegate embed www.shop.example --inline           the script itself, which holds whether the service answers or not
  cookiegate embed www.shop.example --page test.html   a page to try it on, with a tracker that must stay silent
  cookiegate embed www.shop.example --keys             the site's keys, for a gate in front of the same site
"""

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
@click.option("--pinned", is_flag=True, help="The tag whose script cannot change, with its integrity hash.")
@click.option("--inline", is_flag=True, help="The script itself, to stand in the page.")
@click.option("--page", type=click.Path(path_type=Path), help="Write a test page with the tag to this file.")
@click.option("--keys", is_flag=True, help="Print the site's own keys instead, newest first.")
def embed(site: str, config: Path | None, pinned: bool, inline: bool, page: Path | None, keys: bool) -> None:
    """Print the script tag of an embedded site. It goes first into <head>, before every other script."""
    settings = read_config(config)
    host = site.lower()
    if keys:
        for key in secret_keys_of(settings):
            click.echo(site_key(key, host))
        return
    if not settings.site.public_url:
        remedy = 'say where the service is reached, such as public_url = "https://gate.shop.example"'
        raise ConfigError("site.public_url", "", settings.source, remedy)
    found = open_site(settings, host)
    scripts = Scripts()
    tag = f'<script src="{settings.site.public_url}/_gate/embed/{host}.js"></script>'
    if pinned:
        keep_pinned(settings, scripts)
        tag = scripts.pinned_tag(settings.site.public_url, found.settings())
    elif inline:
        tag = scripts.inline_tag(settings.site.public_url, found.settings())
    click.echo(tag)
    if page is not None:
        page.write_text(PAGE.format(tag=tag), "utf-8")
        click.echo(f"Wrote {page}.", err=True)
