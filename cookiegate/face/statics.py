"""Our style sheets and scripts, named by their content so that browsers keep them for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from .folders import packaged_folder
from .squeeze import squeeze_css, squeeze_script

PREFIX = "/_gate/static/"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
SQUEEZE = {".css": squeeze_css, ".js": squeeze_script}


class StaticFile(NamedTuple):
    content: bytes
    content_type: str


class Statics:
    """All files below `static/`, read once. `theme` (custom properties) is added to every style sheet."""

    def __init__(self, theme: Mapping[str, str]) -> None:
        self._theme = theme
        self._texts = {path.name: self._text(path.suffix, path.read_text("utf-8")) for path in _sources()}
        self._names = {name: _hashed(name, text) for name, text in self._texts.items()}
        self._files = {
            self._names[name]: StaticFile(text.encode(), TYPES[name[name.rindex(".") :]])
            for name, text in self._texts.items()
        }

    def text(self, name: str) -> str:
        """The content of `name` ("banner.css") as it is sent."""
        return self._texts[name]

    def url(self, name: str) -> str:
        return PREFIX + self._names[name]

    def file(self, hashed_name: str) -> StaticFile | None:
        return self._files.get(hashed_name)

    def _text(self, suffix: str, source: str) -> str:
        text = SQUEEZE[suffix](source)
        if suffix == ".css" and self._theme:
            values = ";".join(f"--gate-{name}:{value}" for name, value in sorted(self._theme.items()))
            text += f":root{{{values}}}"
        return text


def _sources() -> list[Path]:
    folder = packaged_folder("static")
    return sorted(path for kind in ("css", "js") for path in (folder / kind).glob(f"*.{kind}"))


def _hashed(name: str, text: str) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(text.encode()).hexdigest()[:10]}.{suffix}"
