"""Static pages with the tag in them, made from the suite's own pages: what a site without a server of its own sends.

`?tag=` says how the tag stands there: `first` (the default), `none`, `twice`, `async`, `defer`, `late`, `nonce`,
`pinned`, `inline`.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader

from ..site.vectors import KNOWN_HOSTS
from .embed_marks import MARKS, marked_up
from .embed_shapes import asset, shape

MODULES = (Path(__file__).parents[1] / "node" / "node_modules").resolve()
TEMPLATES = Path(__file__).parents[1] / "site" / "templates"
NONCE = "abcdefgh12345678"
STRICT = (
    f"script-src 'nonce-{NONCE}' 'strict-dynamic'; style-src 'self'; connect-src 'self' https://gate.test; "
    "object-src 'none'; base-uri 'none'"
)
SNIPPETS = """
<script>self.ran = self.ran || []; ran.push("own")</script>
<script>ran.push("snippet"); self.hj = self.hj || function () {}; hj('trigger', 'x')</script>
<script src="https://stats.shop.test/ownstats.js"></script>
"""
NOTHING: Mapping[str, str] = {}
Answer = tuple[int, dict[str, str], bytes]


def page(host: str, path: str, query: str, printed: Mapping[str, str] = NOTHING) -> Answer:
    options = {key: values[0] for key, values in parse_qs(query, keep_blank_values=True).items()}
    name = path.strip("/") or "plain"
    if name.startswith("lib/"):
        return library(name.removeprefix("lib/"))
    if name.startswith("shapes/"):
        headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache"}
        return 200, headers, shape(name.removeprefix("shapes/")).encode()
    if name == "made":
        return _made(host, options, printed)
    if (found := asset(path)) is not None:
        return 200, {"Content-Type": found[0]}, found[1]
    if name.endswith(".js"):
        return (
            200,
            {"Content-Type": "text/javascript"},
            f'(self.ran=self.ran||[]).push("{name[:-3]}")'.encode(),
        )
    if not re.fullmatch(r"[a-z0-9_-]+", name) or not (TEMPLATES / f"{name}.html").exists():
        return 404, {"Content-Type": "text/plain"}, b"No such page."
    text = _template(name).render(tp=_third_party(options), domain=host.removeprefix("www."))
    if options.get("as") in MARKS:
        text = marked_up(text, options["as"])
    headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache"}
    if options.get("tag") == "nonce":
        headers["Content-Security-Policy"] = STRICT
        text = text.replace("<script", f'<script nonce="{NONCE}"')
    if options.get("frames") == "theirs":
        headers["Content-Security-Policy"] = "frame-src https://video.labvideo.example"
    if "snippet" in options:
        text = text.replace("</head>", f"{SNIPPETS}</head>", 1)
    return 200, headers, with_tag(text, host, options.get("tag", "first"), printed).encode()


def _made(host: str, options: Mapping[str, str], printed: Mapping[str, str]) -> Answer:
    """A page of what the query says: `head`, `body`, and its policy, `csp`."""
    text = f"<!doctype html><html lang=en><head><meta charset=utf-8>{options.get('head', '')}<title>Made</title></head>"
    text += f"<body><h1>Made</h1>{options.get('body', '')}</body></html>"
    headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache"}
    if "csp" in options:
        headers["Content-Security-Policy"] = options["csp"]
    tag = options.get("tag", "nonce" if "csp" in options else "first")
    return 200, headers, with_tag(text, host, tag, printed).encode()


def library(name: str) -> Answer:
    """A file of a peer, as its package ships it, compressed as a web server would."""
    path = (MODULES / name).resolve()
    if not path.is_relative_to(MODULES) or not path.is_file():
        return 404, {"Content-Type": "text/plain"}, b"No such file."
    kind = {".js": "text/javascript", ".css": "text/css"}.get(path.suffix, "application/octet-stream")
    headers = {"Content-Type": kind, "Content-Encoding": "gzip", "Cache-Control": "no-cache"}
    return 200, headers, _compressed(path)


@cache
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)


@cache
def peers() -> dict[str, str]:
    """Each peer's installation as its own guide says it, by name."""
    folder = Path(__file__).with_name("embed_peers")
    return {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.html"))}


def with_tag(text: str, host: str, how: str, printed: Mapping[str, str]) -> str:
    site = host.removeprefix("www.")
    service = "gate.shared.test" if site == "shared.test" else "gate.test"
    source = f'src="https://{service}/_gate/embed/{site}.js"'
    tag = f"<script {source}></script>"
    tags = {
        "none": "",
        "twice": tag + tag,
        "async": f"<script async {source}></script>",
        "defer": f"<script defer {source}></script>",
        "nonce": f'<script nonce="{NONCE}" {source}></script>',
        "late": "",
        **printed,
        **peers(),
    }
    text = text.replace("<head>", "<head>" + tags.get(how, tag), 1)
    return text.replace("</body>", f"{tag}</body>") if how == "late" else text


@cache
def _template(name: str) -> Any:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True).get_template(f"{name}.html")


def _third_party(options: dict[str, str]) -> Any:
    def of(vector: str) -> str:
        if options.get("known") and vector in KNOWN_HOSTS:
            return f"https://{KNOWN_HOSTS[vector]}"
        return f"https://{vector}.stranger.example"

    return of
