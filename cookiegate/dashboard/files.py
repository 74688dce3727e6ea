"""Sheets as files: CSV that a spreadsheet opens without running anything, JSON, and one archive of all."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable
from typing import Any

from .period import iso
from .question import Question
from .sheet import Sheet, Value

FORMULA = tuple("=+-@\t\r\n|%＝＋－＠")
"""What a cell that a spreadsheet may run begins with (OWASP, CSV Injection; the wide forms count in some)."""
_BEGINS = re.compile(rf"(?:\A|[;\t|]) *(?=[{re.escape(''.join(FORMULA))}])")
"""Where a cell may begin: a spreadsheet that parts at semicolons (much of Europe) looks through the quotes of any
cell but the first, since they are not the first thing after a semicolon."""
MARK = "\ufeff"
"""Begins a CSV: without it Excel reads UTF-8 as the code page of the machine, and “Île-de-France” is garbled."""
OF_REGIONS = ("regions", "answers-by-region", "coverage-by-country")
"""Sheets that name regions: whoever has one alone must find in it whose data these are."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Of archives: the same figures are the same bytes."""


def csv_text(sheet: Sheet, question: Question, credit: str) -> str:
    """RFC 4180, with a line of names, and a byte order mark. The column `scope` says what the figures are of: a filter
    that a sheet cannot honour must not go unseen in a file either. Where regions are named, `credit` says by whose
    data."""
    out = io.StringIO()
    out.write(MARK)
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    names = [column.name for column in sheet.columns]
    more = {} if "scope" in names else {"scope": scope_of(sheet, question)}
    if credit and sheet.id in OF_REGIONS:
        more["credit"] = credit
    writer.writerow([*names, *more])
    writer.writerows([*map(_cell, row), *more.values()] for row in sheet.rows)
    return out.getvalue()


def scope_of(sheet: Sheet, question: Question) -> str:
    return "filter" if question.chosen and sheet.refusal is None else "whole site"


def _cell(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    return _BEGINS.sub(r"\g<0>'", value)


def sheet_json(sheet: Sheet, question: Question) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "scope": scope_of(sheet, question),
        "refusal": sheet.refusal,
        "notes": list(sheet.notes),
        "rows": sheet.records(),
    }


def question_json(question: Question) -> dict[str, Any]:
    against = question.against
    return {
        "site": question.site,
        "from": iso(question.days.first),
        "to": iso(question.days.last),
        "compared_from": None if against is None else iso(against.first),
        "compared_to": None if against is None else iso(against.last),
        "filter": dict(question.chosen.values),
        "step": question.grain,
        "threshold": question.k,
    }


def archive(sheets: Iterable[Sheet], question: Question, credit: str) -> bytes:
    """A zip of one CSV for each sheet, and what was asked as JSON."""
    out = io.BytesIO()
    said: dict[str, Any] = {**question_json(question), "credit": credit, "sheets": {}}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for sheet in sheets:
            file.writestr(_entry(f"{sheet.id}.csv"), csv_text(sheet, question, credit))
            whole = sheet_json(sheet, question)
            whole.pop("rows")
            said["sheets"][sheet.id] = whole
        file.writestr(_entry("question.json"), json.dumps(said, ensure_ascii=False, indent=1))
    return out.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def file_name(site: str, question: Question, part: str, ending: str) -> str:
    """Of letters, digits and - . _ alone: it stands in a header."""
    days = f"{iso(question.days.first)}-to-{iso(question.days.last)}"
    name = f"{site}-{part}-{days}"
    return "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "-" for c in name) + ending
