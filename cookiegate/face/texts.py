"""The texts in one language, through gettext: English is the source, other languages are .mo files."""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from functools import cache
from pathlib import Path

DOMAIN = "cookiegate"
LOCALES = Path(__file__).resolve().parent / "locale"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur"})
DAYS_A_MONTH = 365.25 / 12


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of `language`, or the English texts themselves where there is none."""
    return gettext.translation(DOMAIN, LOCALES, [language.replace("-", "_")], fallback=True)


@cache
def by_tag(offered: tuple[str, ...]) -> dict[str, str]:
    """Each offered language by its tag in small letters, and by the first part of it: there the first language that
    begins with it, unless one is called just so."""
    named = {language.lower(): language for language in reversed(offered)}
    for language in offered:
        named.setdefault(first_part(language), language)
    return named


def first_part(tag: str) -> str:
    return tag.lower().partition("-")[0]


def negotiate(wanted: Iterable[str], offered: tuple[str, ...]) -> str:
    """The offered language that fits the first wanted tag that any fits, by the whole of it or by its first part; else
    the first one."""
    named = by_tag(offered)
    found = (named.get(tag.lower()) or named.get(first_part(tag)) for tag in wanted)
    return next(filter(None, found), offered[0])


def direction(language: str) -> str:
    return "rtl" if first_part(language) in RIGHT_TO_LEFT else "ltr"


def how_long(days: int, texts: gettext.NullTranslations) -> str:
    """184 -> "6 months"; shorter than two months in days."""
    if days < 2 * DAYS_A_MONTH:
        return texts.ngettext("%(num)d day", "%(num)d days", days) % {"num": days}
    months = int(days / DAYS_A_MONTH)
    return texts.ngettext("%(num)d month", "%(num)d months", months) % {"num": months}
