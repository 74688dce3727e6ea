"""The dashboard of the generated year, and the link that opens it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...catalogue_files import operator_catalogue
from ...config import Config, published_question
from ...core.question import Question
from ...dashboard.app import accounts_of, build
from .replay import NAME, year_config

if TYPE_CHECKING:
    from flask import Flask

ACCOUNT = "demo"
ROLE = "editor"
NOTE = "These figures are generated: nobody’s visits were counted. They went through the real counting and sealing."


def year_question(config: Config) -> Question:
    return published_question(config, operator_catalogue(config))


def year_dashboard(state: Path) -> Flask:
    """`state` is the demo's state folder."""
    return build(year_config(state), note=NOTE)


def one_time_link(config: Config, url: str) -> str:
    """A link to the dashboard at `url`. Its account has no password and sees the generated year alone, as an editor:
    notes and links are there to be tried."""
    accounts = accounts_of(config)
    try:
        if accounts.change(ACCOUNT, role=ROLE) is None:
            accounts.add(ACCOUNT, None, ROLE, (NAME,))
        return f"{url}once/{accounts.link(ACCOUNT)}"
    finally:
        accounts.close()
