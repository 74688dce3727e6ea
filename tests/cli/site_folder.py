"""A folder with a `cookiegate.toml` that `check` has nothing to say about, to be spoilt by tests."""

from __future__ import annotations

import contextlib
from pathlib import Path

from click.testing import CliRunner, Result

from cookiegate.cli import main

CLEAN = """
services = ["google-analytics", "youtube"]
privacy_url = "/privacy"
{top}

[site]
public_url = "https://www.cats.example"
{site}

[controller]
name = "Cats Ltd"
contact = "privacy@cats.example"
complaint_url = "https://authority.example/complain"

{tables}
"""


class SiteFolder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / ".cookiegate"
        self.file = folder / "cookiegate.toml"
        self.write()

    def write(self, text: str = CLEAN, *, top: str = "", site: str = "", tables: str = "") -> None:
        self.file.write_text(text.format(top=top, site=site, tables=tables) if text is CLEAN else text)

    def run(self, *arguments: str, answer: str | None = None) -> Result:
        with contextlib.chdir(self.folder):
            return CliRunner().invoke(main, arguments, input=answer)
