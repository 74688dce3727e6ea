"""The scripts of an embedded site, as `static/js/embed/built/` has them.

The loader starts with the site's settings, so it is short-lived; the others are the same for every site and kept
for ever under the name of their content. The pinned form is one text without any settings: they come as data in the
tag, and the tag can name the script's hash.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import escape

from ..face.folders import packaged_folder
from ..face.signals import GOOGLE_TYPES

LATER = ("more", "signals", "takeover", "frames")
APART = ("frames", "takeover")
"""What the pinned form leaves out: few visits want it."""
ARGUMENTS = "(SETTINGS,BANNER)"
TAG_SETTINGS = "(JSON.parse(document.currentScript.dataset.settings))"


class Scripts:
    """Read once. `folder` is where the built scripts lie; `own` takes the loader for the gate's own pages."""

    def __init__(self, folder: Path | None = None, *, own: bool = False) -> None:
        folder = folder or packaged_folder("static") / "js" / "embed" / "built"
        self._texts = {path.stem: path.read_text("utf-8").strip() for path in folder.glob("*.js")}
        if own:
            self._texts["loader"] = self._texts["marking"] = self._texts["own"]
            self._texts["more"] = self._texts["ownmore"]
        google = json.dumps({name[0]: types for name, types in GOOGLE_TYPES.items()}, separators=(",", ":"))
        self._texts["signals"] = self._texts["signals"].replace("GOOGLE_TYPES", google)
        for name in APART:
            self._name_by_hash(name)
        self.files = {name: f"{name}.{_digest(self._texts[name])}.js" for name in LATER}

    def _name_by_hash(self, name: str) -> None:
        text, word = self._texts[name], name.upper()
        for other in ("more", "pinnedmore"):
            named = self._texts[other].replace(f"{word}_NAME", f"{name}.{_digest(text)}.js")
            self._texts[other] = named.replace(f"{word}_HASH", _integrity(text))

    def loader(self, settings: dict[str, Any], banner: str = "") -> str:
        """What the tag of one site loads. Twice in a page it does nothing the second time.

        `banner` is the JSON of the banner that goes along: whoever is asked waits for one answer alone. Where there is
        no policy, vendors' signals go along too: tags that are not marked up must find everything denied."""
        if settings["vendors"] and _marks_alone(settings):
            return self.signalling_loader(settings, banner)
        wanted = {"more"} | ({"signals"} if settings["vendors"] else set())
        return self._text(settings, wanted, banner)

    def signalling_loader(self, settings: dict[str, Any], banner: str = "") -> str:
        """The loader for who has granted something: vendors' tags that follow find their consent decided."""
        return self._text(settings, {"more"}, banner) + "\n" + self._texts["signals"]

    def inline_tag(self, service: str, settings: dict[str, Any]) -> str:
        """The loader itself, to stand in the page: nothing has to come before it holds. It asks for the banner."""
        return f"<script>{self.signalling_loader(settings | {'home': service})}</script>"

    def _text(self, settings: dict[str, Any], wanted: set[str], banner: str = "") -> str:
        wanted = wanted | ({"takeover"} if settings.get("takeOver") else set())
        files = {name: file.split(".")[1] for name, file in self.files.items() if name in wanted}
        data = json.dumps(settings | {"files": files}, ensure_ascii=True, separators=(",", ":"))
        arguments = f"({data},{banner})" if banner else f"({data})"
        # U+003C would end the element where the script stands in a page.
        kind = "marking" if _marks_alone(settings) else "loader"
        return self._loader(_bare(arguments.replace("<", "\\u003c")), kind)

    def text(self, name: str) -> str | None:
        """One of the others by the first part of its name, None where there is none such."""
        return self._texts[name] if name in LATER else None

    @property
    def frame(self) -> str:
        """What the page of the service that shows one frame runs."""
        return self._texts["frame"]

    @cached_property
    def pinned(self) -> str:
        """Everything for every site but the scripts of `APART`, which it names by their hashes; its own text is what a
        tag's `integrity` names."""
        return "\n".join(
            [
                self._loader(TAG_SETTINGS, "pinnedloader"),
                *(self._texts[name] for name in ("signals", "pinnedmore")),
            ]
        )

    @cached_property
    def pinned_name(self) -> str:
        return f"pinned.{_digest(self.pinned)}.js"

    @cached_property
    def kept(self) -> dict[str, str]:
        """What a tag that was once printed asks for: name -> text."""
        apart = {self.files[name]: self._texts[name] for name in APART}
        return {self.pinned_name: self.pinned} | apart

    @cached_property
    def integrity(self) -> str:
        return _integrity(self.pinned)

    def pinned_tag(self, service: str, settings: dict[str, Any]) -> str:
        """The tag whose script cannot change, with the settings of its site as data. `service` is this service's
        address."""
        data = escape(json.dumps(settings, ensure_ascii=True, separators=(",", ":")))
        source = f"{service}/_gate/embed/{self.pinned_name}"
        return (
            f'<script src="{escape(source)}" integrity="{self.integrity}" crossorigin="anonymous" '
            f'data-settings="{data}"></script>'
        )

    def _loader(self, arguments: str, kind: str = "loader") -> str:
        before, after = self._texts[kind].rsplit(ARGUMENTS, 1)
        return before + arguments + after


def _marks_alone(settings: dict[str, Any]) -> bool:
    """Whether nothing is held but what is marked up, by whoever wrote the page."""
    return not settings.get("policy") and "once" not in settings


def _bare(data: str) -> str:
    """JSON as the shorter JavaScript, names without quotes. `{"` and `,"` stand at names and values alone: a quote
    within a string is escaped, and no value is followed by a colon."""
    return re.sub(r'(?<=[{,])"([A-Za-z]\w*)":', r"\1:", data)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def _integrity(text: str) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(text.encode()).digest()).decode()
