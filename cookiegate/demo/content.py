"""What the demo company sells and writes, read from the packaged TOML files."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "site" / "content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """`price` in pounds for one walker; `profile` heights in metres; `days` are (name, miles, sentence)."""

    slug: str
    name: str
    region: str
    scene: str
    nights: int
    miles: int
    price: int
    grade: str
    season: str
    summary: str
    story: str
    profile: list[int]
    days: list[tuple[str, float, str]]

    def outline(self, width: int = 640, height: int = 120) -> str:
        """The `points` of an SVG polygon of the heights, its ground at the bottom."""
        top = max(*self.profile, 60) * 1.1
        step = width / (len(self.profile) - 1)
        edge = [
            f"{i * step:.0f},{height - metres / top * height:.0f}" for i, metres in enumerate(self.profile)
        ]
        return " ".join([f"0,{height}", *edge, f"{width},{height}"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One entry of the journal."""

    slug: str
    title: str
    date: date
    summary: str
    scene: str
    paragraphs: list[str]


@cache
def walks() -> dict[str, Walk]:
    return {row["slug"]: Walk(**row) for row in _read("walks")["walk"]}


@cache
def posts() -> dict[str, Post]:
    return {row["slug"]: Post(**row) for row in _read("journal")["post"]}


@cache
def account() -> dict[str, Any]:
    """`email`, `password`, and `booking`: a list of tables."""
    return _read("account")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / f"{name}.toml").read_text("utf-8"))
