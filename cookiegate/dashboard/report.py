"""The report by e-mail: last week's or month's figures, as text and as HTML, made of the same sheets as files are."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ..config.dashboard import Mail
from ..core.sealing.periods import WEEK, month_of, week_of
from ..face.folders import packaged_folder
from .desk import Desk
from .panels import BY_ID
from .period import Days, iso
from .sheets import Sheet, Value, kinds, sheet_of
from .words import change, days_text, number, percent

PERIODS = ("week", "month")
TABLES = ("regions", "pages", "sources", "channels", "devices")
LINES = 8
SHARES = ("accepted", "coverage")


@dataclass(frozen=True, slots=True)
class Report:
    subject: str
    text: str
    html: str


def last_days(period: str, end: int) -> Days:
    """The last week or month that is over by the day `end`, and sealed with it."""
    if period == "week":
        monday = week_of(end + 1) - WEEK
        return Days(monday, monday + WEEK - 1)
    last = month_of(end + 1) - 1
    return Days(month_of(last), last)


def report_of(desk: Desk, site: str, period: str) -> Report:
    """Raises StoreError. `period` is one of PERIODS."""
    days = last_days(period, desk.end())
    args = {"period": "custom", "from": iso(days.first), "to": iso(days.last)}
    reader = desk.reader(site)
    question = desk.question(site, args, reader.since())
    sheets = {name: sheet_of(kinds()[name], reader, question) for name in ("totals", *TABLES)}
    url = desk.config.dashboard.url
    shown = {
        "site": site,
        "days": days_text(days.first, days.last),
        "compared": question.against and days_text(question.against.first, question.against.last),
        "totals": [_total(row) for row in sheets["totals"].rows],
        "tables": [_table(sheets[name]) for name in TABLES],
        "k": question.k,
        "link": f"{url}/sites/{quote(site)}/{question.query()}" if url else "",
        "credit": desk.credit(),
    }
    folder = packaged_folder("templates") / "dashboard"
    texts = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=select_autoescape(["html"]),
    )
    return Report(
        f"{site}: {shown['days']}",
        texts.get_template("report.txt").render(shown),
        texts.get_template("report.html").render(shown),
    )


def _total(row: tuple[Value, ...]) -> tuple[str, str, str, str]:
    """(title, figure, change, what it is of)."""
    figure, title, now, then, about = row
    share = figure in SHARES
    return str(title), _text(now, share), _change(now, then, share), str(about)


def _text(value: Value, share: bool) -> str:
    if value is None:
        return "–"
    return percent(float(value)) if share else number(int(value))


def _change(now: Value, then: Value, share: bool) -> str:
    if now is None or then is None:
        return ""
    if not share:
        return change(int(now), int(then)) or ""
    points = round((float(now) - float(then)) * 100, 1)
    return f"{'+' if points > 0 else '−'}{abs(points):.1f} points" if points else "± 0 points"


def _table(sheet: Sheet) -> tuple[str, list[tuple[str, str, str]]]:
    """(title, largest lines as (name, figure, share))."""
    measure = BY_ID[sheet.id].measure
    lines = [
        (
            str(row["name"]),
            _text(row[measure], False),
            "" if row["share"] is None else percent(float(row["share"])),
        )
        for row in sheet.records()[:LINES]
    ]
    return sheet.title, lines


def message_of(report: Report, mail: Mail) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = report.subject
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.to)
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=mail.sender.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(report.text)
    message.add_alternative(report.html, subtype="html")
    return message
