"""What a visitor sees of a page, and how far two views of it differ outside what is held."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy
import numpy.typing
from PIL import Image, ImageChops
from playwright.sync_api import Browser, ConsoleMessage, Page
from playwright.sync_api import Error as PageError

WIDTH, HEIGHT = 1280, 3000
SETTLING = 700
"""Milliseconds after `load` for what scripts still do."""
VISIBLE = 12
"""Steps of 255 of one colour that count as a difference."""
Box = tuple[float, float, float, float]
Key = tuple[str, str, str]
"""Element, attribute, value as written."""
Pixels = numpy.typing.NDArray[numpy.bool_]
"""One for each pixel of the picture, rows first."""

OURS = "section.gate, [role=region][aria-label=Cookies] { display: none !important }"
HELD = """() => [...document.querySelectorAll('[data-gate]')].flatMap(element =>
  [...element.attributes].filter(one => one.name.startsWith('data-gate-')).map(one =>
    [element.localName, one.name.slice(10), one.value]))"""
BOXES = """keys => { const wanted = new Set(keys.map(key => key.join('\\n')));
  const boxes = [];
  for (const element of document.querySelectorAll('*')) {
    const held = element.hasAttribute('data-gate') || element.hasAttribute('data-gate-embed') ||
      element.closest('[data-third-party]') !== null ||
      [...element.attributes].some(one => wanted.has([element.localName, one.name, one.value].join('\\n')));
    if (!held) continue;
    const box = element.getBoundingClientRect();
    if (box.width && box.height) boxes.push([box.left, box.top, box.right, box.bottom]);
  }
  return boxes; }"""


@dataclass
class View:
    """One visit: the picture, what the console said of the site itself, the boxes of what is held."""

    page: Page
    errors: list[str] = field(default_factory=list)
    picture: Any = None

    def held(self) -> list[Key]:
        return [tuple(key) for key in self.page.evaluate(HELD)]

    def boxes(self, keys: Iterable[Key]) -> list[Box]:
        return [tuple(box) for box in self.page.evaluate(BOXES, [list(key) for key in keys])]

    def take(self) -> None:
        self.page.evaluate(
            "style => { const sheet = new CSSStyleSheet(); sheet.replaceSync(style);"
            " document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; }",
            OURS,
        )
        raw = self.page.screenshot(animations="disabled", caret="hide", timeout=30_000)
        self.picture = Image.open(io.BytesIO(raw)).convert("RGB")


def visit(browser: Browser, url: str, host: str) -> View:
    context = browser.new_context(
        ignore_https_errors=True,
        viewport={"width": WIDTH, "height": HEIGHT},
        reduced_motion="reduce",
        locale="en-GB",
    )
    page = context.new_page()
    view = View(page)
    page.on("console", lambda message: _note(view, message, host))
    page.on("pageerror", lambda error: view.errors.append(_told(error)))
    page.goto(url, wait_until="load", timeout=60_000)
    page.wait_for_timeout(SETTLING)
    return view


def _note(view: View, message: ConsoleMessage, host: str) -> None:
    """The browser's own lines on what a policy held name a third party, and are no error of the site."""
    own = message.location.get("url", "").split("/")[2:3] == [host]
    if message.type == "error" and own and "Content Security Policy" not in message.text:
        view.errors.append(message.text)


def _told(error: PageError) -> str:
    return f"{error.name}: {error.message}"


def difference(one: View, other: View, masks: Iterable[Box], saved: Path) -> Pixels:
    """Where the views differ outside the masks; both, and the difference, are left in the folder `saved`."""
    changed = numpy.asarray(ImageChops.difference(one.picture, other.picture)).max(axis=2) > VISIBLE
    for left, top, right, bottom in masks:
        x, y = max(0, int(left) - 1), max(0, int(top) - 1)
        changed[y : max(0, int(bottom) + 2), x : max(0, int(right) + 2)] = False
    saved.mkdir(exist_ok=True, parents=True)
    one.picture.save(saved / "as-it-is.png")
    other.picture.save(saved / "gated.png")
    Image.fromarray((changed * 255).astype("uint8")).save(saved / "difference.png")
    return changed
