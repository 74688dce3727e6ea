"""The pages that are measured: saved real ones where they are there, else made ones, always the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from secrets import token_hex

SAVED = Path(__file__).resolve().parents[3] / "shared" / "pages"
KB = 1000

WORDS = (
    "the museum opens its garden again after a winter of repairs and visitors find new paths between old "
    "trees while a small inn near the gate sells bread, honey and maps of every region that sent a plant"
)

HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>The garden opens again</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="canonical" href="https://www.site.test/garden">
<link rel="stylesheet" href="/static/site.css">
<link rel="preconnect" href="https://fonts.gstatic.com" crossorigin>
<link href="https://fonts.googleapis.com/css2?family=Inter:wght@400;600&amp;display=swap" rel="stylesheet">
<style>body{font:1rem/1.5 Inter,sans-serif;background:url(/static/paper.png)}
.card{border:1px solid #ccc}</style>
<script async src="https://www.googletagmanager.com/gtag/js?id=G-ABCDEF1234"></script>
<script>window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments)}gtag('js',new Date());
gtag('config','G-ABCDEF1234');</script>
<script>!function(f,b,e,v){f.fbq=function(){};var t=b.createElement(e);t.src=v;b.head.appendChild(t)}
(window,document,'script','https://connect.facebook.net/en_US/fbevents.js');fbq('init','123456789');</script>
<script src="/static/site.js" defer></script></head>
<body class="home wide">
<header><a class="logo" href="/"><img src="/static/logo.svg" alt="" width="120"></a></header>
<main>
"""
TAIL = """</main><footer><a href="/about">About</a> <a href="/privacy">Privacy</a></footer>
<noscript><img height="1" width="1" alt="" src="https://www.facebook.com/tr?id=123456789&amp;ev=PageView"></noscript>
</body></html>
"""
SCRIPTS = (
    """<script>document.querySelectorAll('#c{n} .tags').forEach(function(t){{t.classList.add('late')}});
window.stories=window.stories||[];window.stories.push({{id:{n},words:"{text}"}});</script>
""",
    """<script type="application/json" id="data-{n}">{{"id":{n},"url":"https://www.site.test/{n}","text":"{text}"}}</script>
""",
)
EMBED = """<iframe src="https://www.youtube.com/embed/{n}" width="560" height="315" allowfullscreen></iframe>
<script src="https://connect.facebook.net/en_GB/sdk.js#{n}" async></script>
"""


@dataclass(frozen=True)
class Page:
    name: str
    data: bytes

    @property
    def kb(self) -> float:
        return len(self.data) / KB


def pages() -> list[Page]:
    """The saved pages, smallest first; without that folder, nine made ones of 20 to 900 kB."""
    saved = [Page(path.name, path.read_bytes()) for path in SAVED.glob("*.html")]
    found = saved or [made(kb * KB) for kb in (20, 40, 70, 110, 160, 220, 300, 500, 900)]
    return sorted(found, key=lambda page: len(page.data))


def changed(data: bytes) -> bytes:
    """The page with a comment that no page had before at the first tag of every 50 kB."""
    pieces, done = [], 0
    while (at := data.find(b">", done)) >= 0 and (at := data.find(b"<", at)) >= 0:
        pieces += [data[done:at], b"<!-- %s -->" % token_hex(8).encode(), data[at : at + 50 * KB]]
        done = at + 50 * KB
    return b"".join([*pieces, data[done:]])


def sized(size: int) -> Page:
    """The saved page nearest in size, at most half as large again or a third smaller; else a made one."""
    near = min(pages(), key=lambda page: abs(len(page.data) - size))
    return near if size / 1.5 <= len(near.data) <= size * 1.5 else made(size)


def made(size: int) -> Page:
    """A page of `size` bytes as an editor's system makes them, trackers, embeds and all."""
    data = bytearray(HEAD.encode())
    room = size - len(HEAD) - len(TAIL)
    for block in blocks():
        if len(block) > room:
            break
        data += block
        room -= len(block)
    data += (WORDS * (room // len(WORDS) + 1))[:room].encode()
    return Page(f"made-{size // KB}", bytes(data) + TAIL.encode())


def blocks() -> Iterator[bytes]:
    """Parts of a page's body without end.

    Of 100 kB about 930 are `<`, 45 tags name a URL or a style that has to be looked at, 24 of these are held,
    and 17 kB are script: the medians of 25 saved pages.
    """
    random = Random(2)
    for n in range(1, 10**9):
        yield _story(n, random).encode()
        if n % 2 == 0:
            yield _image(n, random).encode()
            yield SCRIPTS[n // 2 % 2].format(n=n, text=_text(random, 320)).encode()
        if n % 3 == 0:
            yield EMBED.format(n=n).encode()


def _story(n: int, random: Random) -> str:
    paragraphs = "".join(
        f'  <p class="story__text">{_text(random, 150)} <em>{part}</em>, <a href="/tag/{part}?from={n}">more</a>.</p>\n'
        for part in range(6)
    )
    return (
        f'<article class="card card--{n % 5}" id="c{n}" data-index="{n}">\n'
        f'  <h2 class="card__title"><a class="card__link" href="/story/{n}">{_text(random, 7)}</a></h2>\n'
        f'{paragraphs}  <ul class="tags"><li>tree</li><li>path</li></ul>\n</article>\n'
    )


def _image(n: int, random: Random) -> str:
    host = random.choice(("", "https://images.elsewhere.example", "https://images.elsewhere.example"))
    source = f"{host}/media/{n}.jpg"
    return f'<img class="card__image" loading="lazy" src="{source}" srcset="{source}?dpr=2 2x" alt="{n}">\n'


def _text(random: Random, most: int) -> str:
    return " ".join(random.choices(WORDS.split(), k=random.randint(most // 2, most)))
