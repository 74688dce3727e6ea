"""Pages of the shapes that docs/paste.md speaks of, each with what that document says pasted where it says."""

from __future__ import annotations

import re
from pathlib import Path

from .answers import PIXEL
from .servers import ROOT

NOTES = ROOT / "docs" / "paste.md"
PAGES = Path(__file__).with_name("shapes")
BLOCKS = ROOT / "e2e" / "sites" / "blocks"
BLOCKS_OWN = "http://www.harbour-roast.example"
NEXT = ROOT / "e2e" / "node" / "next" / "out"
DIST = ROOT / "e2e" / "node" / "dist"
FOLDERS = {"/wp-content/": BLOCKS, "/wp-includes/": BLOCKS, "/_next/": NEXT, "/_vue/": DIST, "/cdn/": PAGES}
KINDS = {".js": "text/javascript", ".css": "text/css", ".jpg": "image/gif"}
TAG = re.compile(r"<script [^>]*></script>")
DOCUMENTED = "https://gate.shop.example/_gate/embed/www.shop.example.js"
SERVED = "https://gate.test/_gate/embed/shop.test.js"


def note(title: str) -> str:
    """The first block of code under a heading of the document, with the lab's own service in it."""
    found = re.search(rf"^## {title}\n.*?^```\w+\n(.*?)^```$", NOTES.read_text(), re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/paste.md has no code under {title}"
    assert DOCUMENTED in found[1], f"docs/paste.md names no tag under {title}"
    return found[1].replace(DOCUMENTED, SERVED)


def shape(name: str) -> str:
    """The page as its platform sends it."""
    return SHAPES[name]()


def _static() -> str:
    return _marked("static", "<!-- the tag -->", note("Static HTML"))


def _shopify() -> str:
    return _marked("shopify", "<!-- the tag -->", note("Shopify"))


def _tag_manager() -> str:
    return _marked("tag-manager", "<!-- the tag and the container -->", note("Google Tag Manager"))


def _wordpress() -> str:
    """`wp_head` prints after the template's own charset and viewport, and its first action before all others."""
    tag = TAG.search(note("WordPress"))
    assert tag is not None
    text = (BLOCKS / "index.html").read_text().replace(BLOCKS_OWN, "")
    return _put(text, '<meta name="robots"', tag[0] + '\n<meta name="robots"')


def _next() -> str:
    """What Next.js itself has built from e2e/node/next, whose layout is the document's."""
    return (NEXT / "index.html").read_text()


def _vue() -> str:
    return _put((DIST / "vue.html").read_text(), "<!-- the tag -->", note("Static HTML"))


SHAPES = {
    "static": _static,
    "wordpress": _wordpress,
    "shopify": _shopify,
    "tag-manager": _tag_manager,
    "next": _next,
    "vue": _vue,
}


def _marked(page: str, place: str, text: str) -> str:
    return _put((PAGES / f"{page}.html").read_text(), place, text)


def _put(text: str, place: str, new: str) -> str:
    assert text.count(place) == 1, f"one place for the tag: {place}"
    return text.replace(place, new)


def asset(path: str) -> tuple[str, bytes] | None:
    """Type and bytes of what a shape's page loads from its own host; pictures and styles that we have not are blank."""
    if path == "/favicon.ico":
        return "image/gif", PIXEL
    kind = KINDS.get(Path(path).suffix)
    for prefix, folder in FOLDERS.items():
        if kind is not None and path.startswith(prefix):
            found = (folder / path[1:]).resolve()
            if found.is_relative_to(folder.resolve()) and found.is_file():
                return kind, found.read_bytes()
            return kind, b"" if kind.startswith("text/") else PIXEL
    return None
