"""The seeded grammar: the same seed and number give the same page, in any process.

A page is made of vectors (`vectors.txt`) in contexts (`contexts.txt`), within one another, with noise
(`noise.txt`) between and inside them. Each vector calls a host that names the page and the vector.
"""

from __future__ import annotations

import functools
import html
import random
import re
from pathlib import Path
from typing import NamedTuple

from .spelling import host_of, spelt

HERE = Path(__file__).parent
TYPES = ("text/html; charset=utf-8",) * 6 + (
    "text/html", "text/html; charset=windows-1252", "text/html;charset=Shift_JIS", "text/html; charset=gb18030",
)  # fmt: skip
PROLOGUES = (
    "", "", "<!doctype html>", "<!doctype html><title>x</title>", "<html><head>", "<!doctype html><body>",
    "<!doctype html><script src=/slow.js></script>", "<script src=/slow.js></script>", "\ufeff<!doctype html>",
    "<!doctype html><link rel=stylesheet href=/own.css><script src=/slow.js></script>",
)  # fmt: skip
ESCAPED = {"<": ("&lt;", "&#60;", "&LT", "&#x3c"), '"': ("&quot;", "&#34;"), "'": ("&#39;", "&apos;")}


class Page(NamedTuple):
    headers: list[tuple[str, str]]
    body: bytes


@functools.cache
def templates(name: str) -> list[str]:
    """The lines of one of the grammar's files."""
    lines = (HERE / name).read_text().split("\n")
    return [_unescaped(line) for line in lines if line and not line.startswith("# ")]


def page(seed: int, number: int, *, beyond: bool = False) -> Page:
    """Page `number` of `seed`; with `beyond`, what only a policy holds is among its vectors."""
    return _Maker(seed, number, beyond).page()


class _Maker:
    def __init__(self, seed: int, number: int, beyond: bool) -> None:
        self._draw = random.Random(seed * 0x1000003 + number)
        self._number = number
        self._fragments = 0
        self._vectors = templates("vectors.txt") + (templates("beyond.txt") * 4 if beyond else [])

    def page(self) -> Page:
        draw = self._draw
        make = draw.choices((self._row, self._deep, self._soup), (4, 3, 3))[0]
        text = draw.choice(PROLOGUES) + make()
        for _ in range(draw.choice((0, 0, 0, 1, 2, 4))):
            text = self._upset(text)
        return Page(self._headers(), text.encode("utf-8", "surrogateescape"))

    def _headers(self) -> list[tuple[str, str]]:
        draw = self._draw
        headers = [("Content-Type", draw.choice(TYPES)), ("Cache-Control", "no-store")]
        if draw.random() < 0.06:
            headers.append(("Link", self._spelt(draw.choice(templates("links.txt")))))
        if draw.random() < 0.02:
            headers.append(("Refresh", self._spelt(draw.choice(templates("refreshes.txt")))))
        return headers

    def _row(self) -> str:
        """A few vectors side by side, each in a context or two."""
        draw = self._draw
        return "".join(
            self._noise(0.3) + self._nested(draw.choice((0, 1, 1, 2))) for _ in range(draw.randint(2, 8))
        )

    def _deep(self) -> str:
        return self._nested(self._draw.randint(2, 5))

    def _soup(self) -> str:
        """Openers without ends, ends without openers."""
        draw = self._draw
        parts = []
        for _ in range(draw.randint(5, 30)):
            chance = draw.random()
            if chance < 0.45:
                parts.append(self._noise(1))
            elif chance < 0.75:
                parts.append(draw.choice(draw.choice(templates("contexts.txt")).split("{}")))
            else:
                parts.append(self._vector())
        return "".join(parts)

    def _nested(self, depth: int) -> str:
        draw = self._draw
        text = self._noise(0.15) + self._vector() + self._noise(0.15)
        for _ in range(depth):
            context = draw.choice(templates("contexts.txt"))
            text = (
                context.replace("{E}", html.escape(text))
                .replace("{N}", self._unquoted(text))
                .replace("{}", text)
            )
            if len(text) > 4000:
                break
        return text

    def _vector(self) -> str:
        draw = self._draw
        text = self._spelt(draw.choice(self._vectors))
        if draw.random() < 0.35:
            text = text.replace(" ", draw.choice(templates("gaps.txt")), 1)
        if draw.random() < 0.15:
            text = re.sub(
                r"[a-zA-Z]+", lambda name: draw.choice((name[0].upper(), name[0].title())), text, count=1
            )
        if draw.random() < 0.1:
            head, _, tail = text.rpartition(">")
            text = head + draw.choice((" >", "/>", "\n>", "", "/ >", '">', "'>")) + tail
        return text

    def _spelt(self, template: str) -> str:
        self._fragments += 1
        host = functools.partial(host_of, self._number, self._fragments & 0xFF, self._draw)
        return spelt(template, host, self._draw)

    def _unquoted(self, text: str) -> str:
        """For a value without quotes: entities of every spelling for what would end it."""
        draw = self._draw
        text = re.sub(r"[\s>]", lambda one: f"&#{ord(one[0])};", text)
        return re.sub(r"[<\"']", lambda one: draw.choice(ESCAPED[one[0]]), text)

    def _noise(self, chance: float) -> str:
        if self._draw.random() >= chance:
            return ""
        return self._draw.choice(templates("noise.txt"))

    def _upset(self, text: str) -> str:
        """Something put in, taken out or doubled anywhere."""
        draw = self._draw
        at = draw.randint(0, len(text))
        size = draw.choice((0, 0, 0, 1, 1, 5))
        return (
            text[:at] + (self._noise(0.8) if draw.random() < 0.9 else text[at : at + 9]) + text[at + size :]
        )


def _unescaped(line: str) -> str:
    text = line.replace("\\n", "\n").replace("\\r", "\r")
    return re.sub(r"\\x(..)", lambda byte: bytes([int(byte[1], 16)]).decode("utf-8", "surrogateescape"), text)
