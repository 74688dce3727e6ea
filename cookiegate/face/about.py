"""The page of an embedded site on the service's own host: who asks, and about what. The switches are in the site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .cookie_table import cookie_rows
from .settings import contact_url

if TYPE_CHECKING:
    from .face import Face
    from .statics import Statics


@dataclass(frozen=True)
class StaticsElsewhere:
    """The same files under another address."""

    statics: Statics
    prefix: str

    def url(self, name: str) -> str:
        return self.prefix + self.statics.url(name).rpartition("/")[2]


def render_about(face: Face, language: str, *, site: str, prefix: str) -> str:
    """`site` is the address that leads back, `prefix` where the site's own static files lie."""
    view = face.view(face.language(language))
    values = {
        "statics": StaticsElsewhere(face.statics, prefix),
        "site_name": face.config.site.name,
        "back": site + "/",
        "days": face.config.cookie_days,
        "asked": (view.necessary, *view.categories),
        "cookies": cookie_rows(face, view),
        "delivery": face.delivery,
        "controller": face.config.controller,
        "contact_url": contact_url(face.config.controller.contact),
        "privacy_url": face.config.privacy_url,
        "site": site,
    }
    return view.environment.get_template("about.html").render(values)
