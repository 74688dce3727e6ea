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


def negotiate(wanted: Iterable[str], offered: tuple[str, ...]) -> str:
    """The first offered language that fits a wanted one, if only by its first part; else the first one."""
    for tag in wanted:
        short = tag.lower().partition("-")[0]
        for language in offered:
            if language.lower() == tag.lower() or language.lower().partition("-")[0] == short:
                return language
    return offered[0]


def direction(language: str) -> str:
    return "rtl" if language.lower().partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def how_long(days: int, texts: gettext.NullTranslations) -> str:
    """184 -> "6 months"; shorter than two months in days."""
    if days < 2 * DAYS_A_MONTH:
        return texts.ngettext("%(num)d day", "%(num)d days", days) % {"num": days}
    months = int(days / DAYS_A_MONTH)
    return texts.ngettext("%(num)d month", "%(num)d months", months) % {"num": months}
