"""Dates as the pages write them."""

from __future__ import annotations

import gettext
from datetime import date, timedelta

EPOCH = date(1970, 1, 1)


def _(message: str) -> str:
    """Marks a text for extraction; it is translated where it is shown."""
    return message


MONTHS = (
    _("%(day)d January %(year)d"),
    _("%(day)d February %(year)d"),
    _("%(day)d March %(year)d"),
    _("%(day)d April %(year)d"),
    _("%(day)d May %(year)d"),
    _("%(day)d June %(year)d"),
    _("%(day)d July %(year)d"),
    _("%(day)d August %(year)d"),
    _("%(day)d September %(year)d"),
    _("%(day)d October %(year)d"),
    _("%(day)d November %(year)d"),
    _("%(day)d December %(year)d"),
)


def written(day: int, texts: gettext.NullTranslations) -> str:
    """`day` counts from 1970-01-01: 20780 -> "23 November 2026"."""
    when = EPOCH + timedelta(days=day)
    return texts.gettext(MONTHS[when.month - 1]) % {"day": when.day, "year": when.year}
