"""A small verdict table: `site.test` is the site, hosts that begin with `ok.` pass, all others are held."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from cookiegate.core.html import HtmlRewriter, Inserts
from cookiegate.core.html.judge import Held
from cookiegate.core.verdicts import Verdict

SITE = "https://www.site.test/page"


class Table:
    """Reads URLs as browsers do, as far as the tests' spellings go."""

    def url(self, url: str, base: str = "") -> Verdict | None:
        text = re.sub(r"[\t\n\r]", "", url.strip("".join(map(chr, range(33))))).replace("\\", "/")
        text = re.sub(r"^(https?):/*", r"\1://", text, flags=re.IGNORECASE)
        try:
            parts = urlsplit(urljoin(base or SITE, re.sub(r"^/{2,}", "//", text)))
            host = parts.hostname or ""
        except ValueError:
            return Verdict(True, "analytics", None, "invalid")
        if parts.scheme not in ("http", "https") or not host or f".{host}".endswith(".site.test"):
            return None
        return Verdict(
            not host.startswith("ok."), "analytics", None, host, "google" if host == "ok.test" else ""
        )

    def inline(self, text: bytes) -> Verdict | None:
        if b"tracker(" in text:
            return Verdict(True, "marketing", "tracker", "")
        return Verdict(False, "analytics", "tag", "", "google") if b"released(" in text else None


def placeholder(service: str | None, host: str, category: str) -> str:
    return f"/_gate/held?host={host}&category={category}"


def rewriter(inserts: Inserts | None = None) -> HtmlRewriter:
    return HtmlRewriter(Table(), inserts, placeholder=placeholder)


def gate(page: bytes, inserts: Inserts | None = None) -> bytes:
    one = rewriter(inserts)
    return one.feed(page) + one.close()


def gate_in(pieces: list[bytes], inserts: Inserts | None = None) -> bytes:
    one = rewriter(inserts)
    return b"".join([one.feed(piece) for piece in pieces]) + one.close()


def held_in(page: bytes) -> Held:
    one = rewriter()
    one.feed(page)
    one.close()
    return one.held
