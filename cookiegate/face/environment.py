"""The Jinja2 environment of one language: the operator's templates first, then ours; everything escaped."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from .folders import packaged_folder
from .texts import direction, how_long, translations


def make_environment(language: str, operator_templates: Path | None) -> Environment:
    """Templates that name a missing value fail loudly; every value is escaped, in any file type."""
    folders = [operator_templates] if operator_templates else []
    environment = Environment(
        loader=ChoiceLoader(
            [FileSystemLoader(folder) for folder in [*folders, packaged_folder("templates")]]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    texts = translations(language)
    environment.install_gettext_translations(texts, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["how_long"] = partial(how_long, texts=texts)
    environment.globals.update(language=language, direction=direction(language))
    return environment
