"""All that the page of a site shows, worked out before its template is."""

from __future__ import annotations

from typing import Any

from .chart import HEIGHT, WIDTH, draw
from .consent import coverage_by, funnels, side_of, whole_funnel
from .filters import Filter, refusal
from .headline import headline
from .hidden import missing_days, nothing_yet
from .panel_view import PanelView, panel_view
from .panels import BY_ID, CAMPAIGNS
from .period import iso
from .question import Question
from .reading import Reader
from .series import Step, marks, steps
from .sheets import kinds
from .tables import is_table
from .words import day_text, days_text, name_of, number, percent
from .world_map import map_view

PAIRS = (
    ("pages", "sources"),
    ("channels", "campaigns"),
    ("devices", "browsers"),
    ("systems", "languages"),
    ("held-services", "held-categories"),
    ("robots", "goals"),
)
GRAINS = {"hour": "Hours", "day": "Days", "week": "Weeks", "month": "Months"}
MOST_FUNNELS = 6
FUNNELS = (
    ("By country", "region"),
    ("By device", "device"),
    ("By language", "language"),
    ("By banner", "banner"),
)


def site_view(reader: Reader, question: Question, since: int | None) -> dict[str, Any]:
    """The template's variables."""
    days = question.days
    figures = headline(reader, question)
    return {
        "question": question,
        "empty": nothing_yet(since, question) if figures[0].now is None else None,
        "figures": figures,
        "days_text": days_text(days.first, days.last),
        "against_text": question.against and days_text(question.against.first, question.against.last),
        "too_early": question.against is None and question.period.wanted is not None,
        "since": since and day_text(since),
        "missing": missing_days(reader, question),
        "grains": _grains(question),
        "chart": chart_view(reader, question),
        "regions": panel_view(BY_ID["regions"], reader, question),
        "map": map_view(reader, question),
        "pairs": _pairs(reader, question),
        "has_page": lambda sheet: sheet in BY_ID or is_table(sheet),
        "campaigns": CAMPAIGNS,
        "answers_pages": {title: f"answers-by-{kind}" for title, kind in FUNNELS},
        "coverage_pages": {title: f"coverage-by-{title[3:]}" for title in ("By country", "By channel")},
        "most_funnels": MOST_FUNNELS,
        "funnel": funnel_view(reader, question),
        "coverage": coverage_view(reader, question),
        "sheets": kinds().values(),
        "iso": iso,
    }


def _grains(question: Question) -> list[tuple[str, str, str]]:
    length = question.days.length
    names = [
        name
        for name, least, most in (("hour", 1, 3660), ("day", 2, 400), ("week", 14, 3660), ("month", 62, 3660))
        if least <= length <= most
    ]
    return [(name, GRAINS[name], question.query(by=name)) for name in names] if len(names) > 1 else []


def _kept(views: Any) -> list[PanelView]:
    return [view for view in views if not (view.panel.quiet and view.empty)]


def _pairs(reader: Reader, question: Question) -> list[list[PanelView]]:
    rows = [_kept(panel_view(BY_ID[name], reader, question) for name in pair) for pair in PAIRS]
    return [row for row in rows if row]


# -- over time


def chart_view(reader: Reader, question: Question) -> dict[str, Any]:
    chosen = Filter() if question.grain == "hour" else question.chosen
    now = steps(reader, question.days, question.grain, chosen)
    before = [] if question.against is None else steps(reader, question.against, question.grain, chosen)
    drawn = draw([_visits(step) for step in now], [_visits(step) for step in before])
    placed = {} if question.grain == "hour" else _marks(marks(reader, question.days), now)
    rows = []
    for place, step in enumerate(now):
        old = before[place] if place < len(before) else None
        rows.append(
            {
                "bar": drawn.bars[place],
                "name": step_name(step, question.grain),
                "visits": None if step.count is None else number(step.count.visits),
                "views": None if step.count is None else number(step.count.views),
                "before": None if old is None or old.count is None else number(old.count.visits),
                "href": _step_link(step, question),
                "mark": placed.get(place),
            }
        )
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "rows": rows,
        "line": drawn.before,
        "ticks": [(number(tick.value), tick.y) for tick in drawn.ticks],
        "ends": (rows[0]["name"], rows[len(rows) // 2]["name"], rows[-1]["name"]),
        "hidden": sum(1 for step in now if step.count is None),
        "refusal": refusal("hour", question.chosen) if question.grain == "hour" else None,
        "known": any(step.count for step in now),
        "marked": bool(placed),
    }


def _visits(step: Step) -> int | None:
    return None if step.count is None else step.count.visits


def _marks(happened: list[tuple[int, str]], now: list[Step]) -> dict[int, str]:
    """By the place of the step, all that happened in it."""
    found: dict[int, str] = {}
    for day, text in happened:
        for place, step in enumerate(now):
            if step.days.first <= day <= step.days.last:
                said = f"{day_text(day, year=False)}: {text}"
                found[place] = f"{found[place]}; {said}" if place in found else said
    return found


def step_name(step: Step, grain: str) -> str:
    if grain == "hour":
        return f"{step.hour:02d}:00"
    if grain == "day":
        return day_text(step.days.first, year=False)
    if grain == "month":
        return day_text(step.days.first).partition(" ")[2]
    return f"week from {day_text(step.days.first, year=False)}"


def _step_link(step: Step, question: Question) -> str | None:
    if question.grain == "hour" or step.count is None:
        return None
    dates = {"from": iso(step.days.first), "to": iso(step.days.last)}
    return question.query(period="custom", **dates)


# -- consent


def funnel_view(reader: Reader, question: Question) -> dict[str, Any]:
    chosen = question.chosen
    side = side_of(chosen)
    whole = whole_funnel(reader, question.days, chosen, question.k)
    rows = [
        ("Asked", "shown"),
        ("Accepted all", "accept"),
        ("Refused all", "reject"),
        ("Chose a part", "custom"),
    ]
    lines = [_answer(name, whole.counts.get(event), whole.share(event)) for name, event in rows]
    lines.append(_answer("Gave no answer", whole.ignored, whole.share("ignored")))
    return {
        "shown": whole.shown,
        "lines": lines,
        "withdrawn": None if "withdrawn" not in whole.counts else number(whole.counts["withdrawn"]),
        "missing": number(whole.missing) if whole.missing else None,
        "missing_days": whole.days,
        "refusal": refusal(f"prompt:shown:{side}", chosen),
        "tables": [
            (title, [_funnel_row(kind, row) for row in funnels(reader, question.days, kind)[:MOST_FUNNELS]])
            for title, kind in FUNNELS
        ],
    }


def _answer(name: str, count: int | None, share: float) -> tuple[str, str, str, float]:
    if count is None:
        return name, "hidden", "", 0.0
    return name, number(count), percent(share), round(100 * share, 2)


def _funnel_row(side: str, row: Any) -> tuple[str, str, tuple[str, ...]]:
    shares = tuple(
        percent(row.share(event)) if event in row.counts or event == "ignored" else "–"
        for event in ("accept", "reject", "custom", "ignored")
    )
    name = name_of(f"prompt:shown:{side}", row.label)
    return (name[:10] if side == "banner" else name), number(row.shown), shares


def coverage_view(reader: Reader, question: Question) -> dict[str, Any]:
    state = panel_view(BY_ID["consent"], reader, question, None)
    return {
        "state": state,
        "tables": [
            (
                title,
                [
                    (
                        name_of(panel, row.label),
                        number(row.visits),
                        percent(row.share),
                        round(100 * row.share, 2),
                    )
                    for row in coverage_by(reader, question.days, depth, question.chosen)[:MOST_FUNNELS]
                ],
            )
            for title, panel, depth in (("By country", "region", 0), ("By channel", "channel", 2))
        ],
        "block": question.block,
    }
