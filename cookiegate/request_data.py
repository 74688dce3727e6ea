"""What is known about requests, read once from the data files: address headers, click identifiers, referrers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from .core.address_scrub import AddressScrub
from .core.click_ids import ClickIds
from .core.counts import Referrers


@cache
def load_address_scrub() -> AddressScrub:
    """From `data/address-headers.json`."""
    data = _read("address-headers.json")
    forms = {row["name"]: row["form"] for row in data["headers"]}
    return AddressScrub(forms, data["own_address_of_the_site"])


@cache
def load_click_ids() -> ClickIds:
    """From `data/click-ids.json`."""
    data = _read("click-ids.json")
    return ClickIds((row["name"] for row in data["parameters"]), url_headers=data["url_headers"])


@cache
def load_referrers() -> Referrers:
    """From `data/referrers.json`."""
    data = _read("referrers.json")
    known = {host: channel for channel, hosts in data["channels"].items() for host in hosts}
    media = {medium: channel for channel, some in data["media"].items() for medium in some}
    return Referrers(known, media)


@cache
def load_exclusions() -> Mapping[str, tuple[str, ...]]:
    """Preset -> path patterns, from `data/exclusions.json`."""
    return {name: tuple(paths) for name, paths in _read("exclusions.json")["presets"].items()}


def _read(name: str) -> Any:
    return json.loads(files(__package__).joinpath("data", name).read_text("utf-8"))
