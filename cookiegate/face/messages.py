"""Collects every text into `locale/cookiegate.pot`, from which translations are made.

    python -m cookiegate.face.messages

The format is GNU gettext's; any of its tools turns a translated .po into the .mo that is read at run time.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .environment import make_environment
from .folders import PACKAGE, packaged_folder
from .texts import DOMAIN, LOCALES

TEMPLATE = LOCALES / f"{DOMAIN}.pot"
FUNCTIONS = frozenset({"_", "gettext", "ngettext", "message"})
HEAD = """# Texts of CookieGate. Apache-2.0.
msgid ""
msgstr ""
"Project-Id-Version: cookiegate\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


class Message(NamedTuple):
    """`plural` is "" where there is none. `place` is a file name, for the translator."""

    text: str
    plural: str
    place: str


def extract() -> str:
    """The template's text, sorted, each message once with the files that use it."""
    places: dict[tuple[str, str], set[str]] = {}
    for text, plural, place in (*_of_templates(), *_of_modules()):
        places.setdefault((text, plural), set()).add(place)
    return HEAD + "".join(_entry(*key, sorted(found)) for key, found in sorted(places.items()))


def _of_templates() -> Iterator[Message]:
    environment = make_environment("en", None)
    for path in sorted(packaged_folder("templates").glob("*.html")):
        for _, _, found in environment.extract_translations(path.read_text("utf-8")):  # type: ignore[attr-defined]
            texts = [found] if isinstance(found, str) else [text for text in found if text]
            yield Message(texts[0], texts[1] if len(texts) > 1 else "", path.name)


def _of_modules() -> Iterator[Message]:
    for folder in ("embed", "face", "web"):
        for path in sorted((PACKAGE / folder).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and _name(node.func) in FUNCTIONS:
                    yield from _of_call(node, path)


def _of_call(node: ast.Call, path: Path) -> Iterator[Message]:
    """Texts among the arguments; both branches of a conditional one."""
    texts = [
        part.value
        for argument in node.args[:2]
        for part in ((argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,))
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value
    ]
    if _name(node.func) == "ngettext" and len(texts) == 2:
        yield Message(texts[0], texts[1], path.name)
    else:
        yield from (Message(text, "", path.name) for text in texts)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _entry(text: str, plural: str, places: list[str]) -> str:
    lines = [f"\n#: {' '.join(places)}", f"msgid {_quoted(text)}"]
    lines += [f"msgid_plural {_quoted(plural)}", 'msgstr[0] ""', 'msgstr[1] ""'] if plural else ['msgstr ""']
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def main() -> None:
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_text(extract(), "utf-8")


if __name__ == "__main__":
    main()
