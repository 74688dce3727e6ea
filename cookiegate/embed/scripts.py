"""The scripts of an embedded site, as `static/js/embed/built/` has them.

The loader starts with the site's settings, so it is short-lived; the others are the same for every site and kept
for ever under the name of their content. The pinned form is all in one, without any settings: they come as data in the
tag, and the tag can name the script's hash.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import escape

from ..face.folders import packaged_folder
from ..face.signals import GOOGLE_TYPES

LATER = ("main", "more", "signals", "takeover")
SETTINGS = "(SETTINGS)"
TAG_SETTINGS = "(JSON.parse(document.currentScript.dataset.settings))"


class Scripts:
    """Read once. `folder` is where the built scripts lie."""

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or packaged_folder("static") / "js" / "embed" / "built"
        self._texts = {path.stem: path.read_text("utf-8").strip() for path in folder.glob("*.js")}
        google = json.dumps({name[0]: types for name, types in GOOGLE_TYPES.items()}, separators=(",", ":"))
        self._texts["signals"] = self._texts["signals"].replace("GOOGLE_TYPES", google)
        self.files = {name: f"{name}.{_digest(self._texts[name])}.js" for name in LATER}

    def loader(self, settings: dict[str, Any]) -> str:
        """What the tag of one site loads. Twice in a page it does nothing the second time."""
        with_signals = bool(settings["vendors"]) and not settings.get("shared")
        apart = settings["vendors"] and not with_signals
        wanted = {"main", "more"} | ({"signals"} if apart else set())
        wanted |= {"takeover"} if settings.get("takeOver") else set()
        files = {name: file for name, file in self.files.items() if name in wanted}
        data = json.dumps({**settings, "files": files}, ensure_ascii=True, separators=(",", ":"))
        # U+003C would end the element where somebody copies the script into a page.
        text = self._loader(f"({data})".replace("<", "\\u003c"))
        return f"{text}\n{self._texts['signals']}" if with_signals else text

    def text(self, name: str) -> str | None:
        """One of the others by the first part of its name, None where there is none such."""
        return self._texts[name] if name in LATER else None

    @cached_property
    def pinned(self) -> str:
        """Everything for every site; its text is what a tag's `integrity` names."""
        return "\n".join(
            [
                self._loader(TAG_SETTINGS),
                *(self._texts[name] for name in ("signals", "takeover", "more", "main")),
            ]
        )

    @cached_property
    def pinned_name(self) -> str:
        return f"pinned.{_digest(self.pinned)}.js"

    @cached_property
    def integrity(self) -> str:
        return "sha384-" + base64.b64encode(hashlib.sha384(self.pinned.encode()).digest()).decode()

    def pinned_tag(self, service: str, settings: dict[str, Any]) -> str:
        """The tag whose script cannot change, with the settings of its site as data. `service` is this service's
        address."""
        data = escape(json.dumps(settings, ensure_ascii=True, separators=(",", ":")))
        source = f"{service}/_gate/embed/{self.pinned_name}"
        return (
            f'<script src="{escape(source)}" integrity="{self.integrity}" crossorigin="anonymous" '
            f'data-settings="{data}"></script>'
        )

    def _loader(self, settings: str) -> str:
        before, after = self._texts["loader"].rsplit(SETTINGS, 1)
        return before + settings + after


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
