"""One site of the trial: where it is, what its operator decides, and its settings on disk."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tomlkit

HERE = Path(__file__).parent
MOST_DECISIONS = 5
SETTINGS = """# What a first start needs.
services = {services}
privacy_url = "/privacy"
[site]
name = "{name}"
public_url = "{origin}"
[controller]
name = "Example Ltd"
contact = "privacy@example.com"
[counts]
enabled = false
[proxy]
upstream = "{upstream}"
"""


@dataclass(frozen=True)
class Trial:
    """`decisions` are what an operator would type: `cookiegate allow` and `classify`, or one setting of the file."""

    name: str
    url: str
    pages: tuple[str, ...]
    services: tuple[str, ...]
    decisions: tuple[tuple[str, ...], ...]

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def secure(self) -> bool:
        return self.url.startswith("https:")

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    def file(self, folder: Path) -> Path:
        return folder / self.name / "cookiegate.toml"

    def write(self, folder: Path, upstream: str) -> None:
        file = self.file(folder)
        file.parent.mkdir()
        services = "[" + ", ".join(f'"{name}"' for name in self.services) + "]"
        file.write_text(
            SETTINGS.format(name=self.name, origin=self.origin, upstream=upstream, services=services)
        )

    def decide(self, folder: Path) -> None:
        """Every decision, as the operator would take it: while the gate runs."""
        for what, *words in self.decisions:
            if what == "set":
                self._set(folder, *words)
            else:
                command = [
                    sys.executable,
                    "-m",
                    "cookiegate",
                    what,
                    *words,
                    "--config",
                    str(self.file(folder)),
                ]
                subprocess.run(command, check=True, capture_output=True)

    def _set(self, folder: Path, key: str, value: str) -> None:
        file = self.file(folder)
        document = tomlkit.parse(file.read_text())
        *tables, last = key.split(".")
        place: Any = document
        for table in tables:
            place = place.setdefault(table, tomlkit.table())
        place[last] = tomllib.loads(f"value = {value}")["value"]
        file.write_text(tomlkit.dumps(document))


def read_trials(file: str) -> list[Trial]:
    found: Mapping[str, Any] = tomllib.loads((HERE / file).read_text())
    return [_trial(name, row) for name, row in found.items()]


def _trial(name: str, row: Mapping[str, Any]) -> Trial:
    decisions = tuple(tuple(one) for one in row.get("decisions", ()))
    if len(decisions) > MOST_DECISIONS:
        raise ValueError(f"{name}: more than {MOST_DECISIONS} decisions")
    pages = tuple(row.get("pages", [urlsplit(row["url"]).path or "/"]))
    return Trial(name, row["url"], pages, tuple(row.get("services", ())), decisions)
