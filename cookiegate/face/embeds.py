"""Where script-built embeds stand on a page: CSS selectors of the containers that their scripts fill."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def load_containers() -> Mapping[str, str]:
    """Service id -> selector list, from `embeds.json` beside this file."""
    data = json.loads(files(__package__).joinpath("embeds.json").read_text("utf-8"))
    return {service: ", ".join(selectors) for service, selectors in data["containers"].items()}
