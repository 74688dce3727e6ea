"""`--site`: a site of the store, which one database may hold several of."""

from __future__ import annotations

import difflib

from ..config import Config
from ..counting.opening import name_of
from ..errors import ConfigError
from ..stores import Store
from .settings_option import each_site

MOST = 20
"""Names in one sentence."""

CLOSE = 0.8
"""Sites end alike: with less in common, a name is no slip of another."""


def known_site(settings: Config, store: Store, site: str | None) -> str:
    """The name that the figures of `site` are filed under; without one, of the site that the settings name. A site of
    the settings needs no figures yet. Raises ConfigError for one that neither settings nor store know."""
    if site is None:
        return name_of(settings)
    own = [name_of(found) for found in each_site(settings)]
    if site in own:
        return site
    known = sorted({*own, *store.sites()})
    if site in known:
        return site
    close = difflib.get_close_matches(site, known, 1, CLOSE)
    meant = f"did you mean {close[0]}? They" if close else "they"
    more = f" and {len(known) - MOST} more" if len(known) > MOST else ""
    raise ConfigError(
        "--site",
        site,
        "command line",
        f"neither the settings nor the store knows this site: {meant} know {', '.join(known[:MOST])}{more}",
    )
