"""The rewriter beside its peers: the same pages, the same verdicts, the same task, in one run.

The task: wherever an attribute makes a browser ask a held third party, put that attribute aside and mark the
element; retype inline scripts of known trackers. Each peer does it in its own idiom: rewriting while it streams
(lol-html) or parse, change, serialise (all others). None of them sees what stands in `<noscript>` as the gate
does, none keeps the rest of the page byte for byte but the binding of lol-html, which cannot retype inline scripts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from importlib import import_module
from statistics import median
from time import process_time
from typing import Any

from cookiegate.catalogue_files import load_catalogue, load_delivery, registrable_domain
from cookiegate.core.consent import consent_of
from cookiegate.core.html import HtmlRewriter, SiteMemory
from cookiegate.core.question import Question
from cookiegate.core.site import Site
from cookiegate.core.verdicts import Verdicts

from .pages import Page, changed, pages
from .report import Figure, Section, progress

MB = 1e6
WATCHED = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "link": ("href", "imagesrcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "input": ("src",),
    "track": ("src",),
    "a": ("ping",),
    "body": ("background",),
    "table": ("background",),
    "td": ("background",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
}
OWN_ADDRESS = re.compile(
    rb"""(?:rel=["']?canonical["']? |property=["']?og:url["']? )[^>]*?https?://([a-zA-Z0-9.-]+)"""
)
STYLED = "[style*='url(']"
SELECTOR = ",".join(
    [*(f"{name}[{a.replace(':', chr(92) + ':')}]" for name, some in WATCHED.items() for a in some), STYLED]
)

Task = Callable[[bytes], object]


class Judge:
    """What every peer asks: the product's own verdicts for an undecided visitor of the page's own site, whose
    operator has allowed the hosts that no catalogue names (mostly the site's second domain)."""

    def __init__(self) -> None:
        self._catalogue = load_catalogue()
        self._registrable = registrable_domain()
        self._delivery = load_delivery()
        self._site_of: dict[bytes, tuple[str, set[str]]] = {}
        self._of_page: dict[bytes, tuple[Verdicts, SiteMemory]] = {}
        self.verdicts = self._verdicts("www.site.test", ())
        self.memo = SiteMemory()

    def turn_to(self, data: bytes, *, anew: bool = False) -> None:
        """Be the judge of the site that this page says it belongs to; `anew`, of one that nobody visited yet."""
        if anew or data not in self._of_page:
            self._of_page[data] = self._verdicts(*self._site(data)), SiteMemory()
        self.verdicts, self.memo = self._of_page[data]

    def _site(self, data: bytes) -> tuple[str, set[str]]:
        """The page's own host, and the hosts on it that no catalogue names."""
        if data not in self._site_of:
            named = OWN_ADDRESS.search(data)
            host = named[1].decode("ascii", "replace") if named else "www.site.test"
            first = HtmlRewriter(self._verdicts(host, ()))
            first.feed(data)
            unnamed = {name for _, category, name in first.held if category == "unclassified" and "." in name}
            self._site_of[data] = host, unnamed
        return self._site_of[data]

    def _verdicts(self, host: str, allow: Iterable[str]) -> Verdicts:
        site = Site(host, registrable=self._registrable)
        undecided = consent_of(None, Question())
        return Verdicts(self._catalogue, site, undecided, allow=allow, delivery=self._delivery)

    def holds(self, value: str) -> str:
        """The category that a URL, or a `srcset`, is held for, else ""."""
        for url in value.split():
            verdict = self.verdicts.url(url.rstrip(","))
            if verdict is not None and verdict.hold:
                return verdict.category
        return ""

    def holds_style(self, value: str) -> str:
        start = value.find("url(")
        while start >= 0:
            end = value.find(")", start)
            if found := self.holds(value[start + 4 : end].strip("\"' ")):
                return found
            start = value.find("url(", start + 4)
        return ""

    def holds_script(self, text: str) -> str:
        verdict = self.verdicts.inline(text.encode("utf-8", "replace"))
        return verdict.category if verdict is not None and verdict.hold else ""


def measure(*, quick: bool) -> list[Section]:
    """Megabytes a second over all pages, and microseconds at the median page."""
    judge = Judge()
    found = pages()
    rounds = 3 if quick else 9
    rows = [
        (name, *_speed(judge, task, found, 1 if name in SLOW else rounds, name))
        for name, task in tasks(judge)
    ]
    best = {name: speed for name, speed, _ in rows}
    peer = best.get("lol-html (python-lolhtml)", 0.0)
    dom = max((best.get(name, 0.0) for name in ("lxml", "selectolax", "turbohtml")), default=0.0)
    targets = {"cookiegate": max(0.6 * peer, dom) or None}
    figures = [
        Figure(
            name=name,
            value=speed,
            unit="MB/s",
            target=targets.get(name),
            at_least=True,
            note=f"{us:,.0f} us at the median page",
        )
        for name, speed, us in rows
    ]
    size = sum(len(page.data) for page in found) / MB
    title = f"The rewriter and its peers ({len(found)} pages, {size:.1f} MB, median {_median(found).kb:.0f} kB; processor time)"
    return [Section(title, tuple(figures))]


ANEW = "cookiegate, its first sight of a page"
"""Nothing is remembered yet of the page's hosts, tags and scripts."""
CHANGED = "cookiegate, a new token every 50 kB"
"""Pages that were seen, but differ each time in one place of every 50 kB, as sites' pages do."""
SLOW = ("BeautifulSoup (html.parser)", "html5lib")


def _median(found: list[Page]) -> Page:
    return found[len(found) // 2]


def _speed(judge: Judge, task: Task, found: list[Page], rounds: int, name: str) -> tuple[float, float]:
    progress(name)
    task(_median(found).data)
    everything = min(_timed(judge, task, found, name) for _ in range(rounds))
    at_median = range(max(3, rounds * 3) if rounds > 1 else 1)
    middle = median(_timed(judge, task, [_median(found)], name) for _ in at_median)
    return sum(len(page.data) for page in found) / everything / MB, middle * 1e6


def _timed(judge: Judge, task: Task, found: list[Page], name: str) -> float:
    spent = 0.0
    for page in found:
        judge.turn_to(page.data, anew=name == ANEW)
        data = changed(page.data) if name == CHANGED else page.data
        start = process_time()
        task(data)
        spent += process_time() - start
    return spent


def tasks(judge: Judge) -> list[tuple[str, Task]]:
    """The gate, a plain copy, and each peer that is installed."""
    own = [
        ("plain copy", bytearray),
        ("cookiegate", lambda data: _gate(judge, data)),
        (CHANGED, lambda data: _gate(judge, data)),
        (ANEW, lambda data: _gate(judge, data)),
    ]
    peers: list[tuple[str, str, Callable[[Any, Judge, bytes], object]]] = [
        ("lol-html (python-lolhtml)", "lolhtml", _lolhtml),
        ("turbohtml", "turbohtml", _turbohtml),
        ("selectolax", "selectolax.lexbor", _selectolax),
        ("lxml", "lxml.html", _lxml),
        ("BeautifulSoup (html.parser)", "bs4", _soup),
        ("html5lib", "html5lib", _html5lib),
    ]
    for name, module, task in peers:
        try:
            library = import_module(module)
        except ImportError:
            progress(f"{name} is not installed")
            continue
        own.append((name, lambda data, library=library, task=task: task(library, judge, data)))
    return own


def _gate(judge: Judge, data: bytes) -> bytes:
    rewriter = HtmlRewriter(judge.verdicts, memo=judge.memo)
    return rewriter.feed(data) + rewriter.close()


class _Handler:
    def __init__(self, judge: Judge) -> None:
        self.judge = judge

    def element(self, element: Any) -> None:
        for name, value in element.attributes:
            held = self.judge.holds_style(value) if name == "style" else ""
            if not held and name in WATCHED.get(element.tag_name, ()):
                held = self.judge.holds(value)
            if held:
                element.set_attribute("data-gate", held)
                element.set_attribute("data-gate-" + name, value)
                element.remove_attribute(name)


def _lolhtml(library: Any, judge: Judge, data: bytes) -> object:
    out: list[bytes] = []
    rewriter = library.HTMLRewriter(out.append)
    rewriter.on(SELECTOR, _Handler(judge))
    rewriter.write(data)
    rewriter.end()
    return b"".join(map(bytes, out))


def _turbohtml(library: Any, judge: Judge, data: bytes) -> object:
    document = library.parse(data)
    for element in document.select(SELECTOR):
        _hold(judge, element.tag, element.attrs)
    for element in document.select("script:not([src])"):
        if held := judge.holds_script(element.text):
            element.attrs["data-gate"], element.attrs["type"] = held, "text/plain"
    return document.encode()


def _selectolax(library: Any, judge: Judge, data: bytes) -> object:
    document = library.LexborHTMLParser(data)
    for element in document.css(SELECTOR):
        _hold(judge, element.tag, element.attrs)
    for element in document.css("script:not([src])"):
        if held := judge.holds_script(element.text() or ""):
            element.attrs["data-gate"], element.attrs["type"] = held, "text/plain"
    return document.html


def _lxml(library: Any, judge: Judge, data: bytes) -> object:
    document = library.document_fromstring(data)
    for element in document.iter(*WATCHED):
        _hold(judge, element.tag, element.attrib)
    for element in document.xpath("//*[contains(@style, 'url(')]"):
        _hold(judge, element.tag, element.attrib)
    for element in document.xpath("//script[not(@src)]"):
        if held := judge.holds_script(element.text or ""):
            element.attrib["data-gate"], element.attrib["type"] = held, "text/plain"
    return library.tostring(document)


def _soup(library: Any, judge: Judge, data: bytes) -> object:
    document = library.BeautifulSoup(data, "html.parser")
    for element in document.find_all(True):
        if element.name in WATCHED or "style" in element.attrs:
            _hold(judge, element.name, element.attrs)
        if (
            element.name == "script"
            and "src" not in element.attrs
            and (held := judge.holds_script(element.get_text()))
        ):
            element["data-gate"], element["type"] = held, "text/plain"
    return document.encode()


def _html5lib(library: Any, judge: Judge, data: bytes) -> object:
    document = library.parse(data, namespaceHTMLElements=False)
    for element in document.iter():
        if element.tag in WATCHED or "style" in element.attrib:
            _hold(judge, element.tag, element.attrib)
        if (
            element.tag == "script"
            and "src" not in element.attrib
            and (held := judge.holds_script(element.text or ""))
        ):
            element.attrib["data-gate"], element.attrib["type"] = held, "text/plain"
    return library.serialize(document, "etree")


def _hold(judge: Judge, tag: str, attributes: Any) -> None:
    for name in (*WATCHED.get(tag, ()), "style"):
        value = attributes.get(name)
        held = value and (judge.holds_style(value) if name == "style" else judge.holds(value))
        if held:
            attributes["data-gate"] = held
            attributes["data-gate-" + name] = value
            del attributes[name]
