"""The report by e-mail: last week's or month's figures, as text and as HTML, of the page's own lines."""

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
from .headline import headline
from .panel_view import PanelView, panel_view
from .panels import BY_ID
from .period import Days, iso
from .words import days_text

PERIODS = ("week", "month")
TABLES = ("regions", "pages", "sources", "channels", "devices")
LINES = 8
AT_LEAST = "≥: at least; on some days it was too small to be told, or stood among what is told together."


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
    if period == "month":
        # The days before are as many; a reader of a month's figures means the month before.
        then = last_days(period, days.first - 1)
        args |= {"compare": "custom", "cfrom": iso(then.first), "cto": iso(then.last)}
    reader = desk.reader(site)
    question = desk.question(site, args, reader.since())
    url = desk.config.dashboard.url
    totals = [
        (figure.title, figure.value or "–", figure.change or "", figure.about)
        for figure in headline(reader, question)
    ]
    tables = [_table(panel_view(BY_ID[name], reader, question, LINES)) for name in TABLES]
    written = [figure for _, figure, *_ in totals] + [figure for _, lines in tables for _, figure, _ in lines]
    shown = {
        "site": site,
        "days": days_text(days.first, days.last),
        "compared": question.against and days_text(question.against.first, question.against.last),
        "totals": totals,
        "tables": tables,
        "partial": AT_LEAST if any(figure.startswith("≥") for figure in written) else "",
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


def _table(view: PanelView) -> tuple[str, list[tuple[str, str, str]]]:
    """(title, largest lines as (name, figure, share)), as the page writes them."""
    place = [measure for _, measure in view.panel.columns].index(view.panel.measure)
    return view.panel.title, [(line.name, line.figures[place], line.share) for line in view.lines]


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
