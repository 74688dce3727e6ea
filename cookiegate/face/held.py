"""The placeholder page inside a held frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .asked import CATEGORY_NAMES
from .facts import HeldFacts

if TYPE_CHECKING:
    from .face import Face


def render_held(face: Face, facts: HeldFacts) -> str:
    """Says what is held and by whom; a service that the catalogue does not know is named by its host."""
    view = face.view(face.language(facts.language))
    known = face.catalogue.service(facts.service) if facts.service else None
    return view.environment.get_template("held.html").render(
        statics=face.statics,
        id=known.id if known else facts.host,
        name=known.name if known else facts.host,
        owner=known.owner if known else "",
        country=known.country if known else "",
        host=facts.host,
        category=view.texts.gettext(CATEGORY_NAMES[known.category if known else facts.category]),
        return_to=facts.return_to,
    )
