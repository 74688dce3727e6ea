"""All that the page of a site shows, worked out before its template is."""

from __future__ import annotations

from typing import Any

from ..core.sealing.periods import month_of, week_of
from .chart import HEIGHT, WIDTH, draw
from .consent import PARTS, Funnel, Share, coverage_by, funnels, side_of, whole_funnel
from .filters import Filter, refusal, without_it
from .headline import headline
from .hidden import STRICTER, missing_days, no_coverage, nothing_yet
from .panel_view import PanelView, panel_view
from .panels import BY_ID, CAMPAIGNS
from .period import iso, over
from .question import Question
from .reading import Reader
from .series import Step, marks, steps
from .sheets import kinds
from .tables import is_table
from .words import change, day_text, days_text, interval, name_of, number, points, span, told
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
        "lengths": _lengths(question),
        "too_early": question.against is None and question.period.wanted is not None,
        "since": since and day_text(since),
        "missing": missing_days(reader, question),
        "grains": _grains(question),
        "chart": chart_view(reader, question),
        "regions": panel_view(BY_ID["regions"], reader, question),
        "map": map_view(reader, question),
        "pairs": _pairs(reader, question),
        "left_out": _left_out(question),
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


def _lengths(question: Question) -> str | None:
    """How many days are compared with how many, where that alone makes a change."""
    now = over(question.days, question.end).length
    then = now if question.against is None else question.against.length
    return None if then == now else f"{then} {'day' if then == 1 else 'days'} beside {now}"


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
    if question.bound:
        views = [view for row in rows for view in row if view.refusal is None]
        rows = [views[at : at + 2] for at in range(0, len(views), 2)]
    return [row for row in rows if row]


def _left_out(question: Question) -> dict[str, str]:
    """What no one who is bound to this filter is shown: the reason, and the panels' titles."""
    found: dict[str, list[str]] = {}
    for panel in (BY_ID[name] for pair in PAIRS for name in pair):
        reason = refusal(panel.source, question.chosen) if question.bound else None
        if reason is not None:
            found.setdefault(without_it(reason), []).append(panel.title)
    return {reason: " · ".join(titles) for reason, titles in found.items()}


# -- over time


def chart_view(reader: Reader, question: Question) -> dict[str, Any]:
    hours = question.grain == "hour"
    reason = refusal("hour", question.chosen) if hours else None
    if reason is not None and question.bound:
        return {"known": False, "withheld": without_it(reason)}
    chosen = Filter() if hours else question.chosen
    now = steps(reader, question.days, question.grain, chosen)
    before = [] if question.against is None else steps(reader, question.against, question.grain, chosen)
    drawn = draw([_visits(step) for step in now], [_visits(step) for step in before])
    placed = {} if hours or question.bound else _marks(marks(reader, question.days), now)
    rows = []
    for place, step in enumerate(now):
        old = before[place] if place < len(before) else None
        rows.append(
            {
                "bar": drawn.bars[place],
                "name": step_name(step, question.grain),
                "visits": _told(step, "visits"),
                "views": "not counted" if chosen.get("channel") else _told(step, "views"),
                "before": None if old is None else _told(old, "visits"),
                "href": _step_link(step, question),
                "mark": placed.get(place),
            }
        )
    return {
        "withheld": None,
        "title": _chart_title(question),
        "width": WIDTH,
        "height": HEIGHT,
        "rows": rows,
        "line": drawn.before,
        "ticks": [(number(tick.value), tick.y) for tick in drawn.ticks],
        "ends": _ends(now, question.grain),
        "hidden": sum(1 for step in now if step.count is None),
        "refusal": reason,
        "known": any(step.count for step in now),
        "partial": any(step.count and not step.whole for step in now),
        "marked": bool(placed),
    }


def _ends(now: list[Step], grain: str) -> tuple[str, str, str]:
    """What stands below the chart: where it begins, its middle, where it ends."""
    first, middle, last = now[0], now[len(now) // 2], now[-1]
    if grain in ("hour", "month"):
        names = [step_name(step, grain).partition(",")[0] for step in (first, middle, last)]
        return names[0], names[1], names[2]
    found = (first.days.first, middle.days.first, last.days.last)
    begins, among, ends = (day_text(day, year=False) for day in found)
    return begins, among, ends


def _chart_title(question: Question) -> str:
    if question.grain != "hour":
        return "Visits over time"
    length = question.days.length
    return "Visits by hour" if length == 1 else f"Visits by hour of the day, {length} days added up"


def _told(step: Step, measure: str) -> str | None:
    return None if step.count is None else told(getattr(step.count, measure), exact=step.whole)


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
    """A week or a month of which the period has a part says which."""
    first, last = step.days.first, step.days.last
    if grain == "hour":
        return f"{step.hour:02d}:00"
    if grain == "day":
        return day_text(first, year=False)
    if grain == "month":
        name = day_text(first).partition(" ")[2]
        begun, ended = first == month_of(first), month_of(last + 1) == last + 1
    else:
        name = f"week from {day_text(week_of(first), year=False)}"
        begun, ended = first == week_of(first), week_of(last + 1) == last + 1
    if begun and ended:
        return name
    if first == last:
        return f"{name}, {day_text(first, year=False)} alone"
    part = [] if begun else [f"from {day_text(first, year=False)}"]
    part += [] if ended else [f"to {day_text(last, year=False)}"]
    return f"{name}, {' '.join(part)}"


def _step_link(step: Step, question: Question) -> str | None:
    if question.grain == "hour" or step.count is None:
        return None
    dates = {"from": iso(step.days.first), "to": iso(step.days.last)}
    return question.query(period="custom", **dates)


# -- consent


LINES = (
    ("Accepted all", "accept"),
    ("Refused all", "reject"),
    ("Chose a part", "custom"),
    ("Gave no answer", "ignored"),
)
ASIDE = (("Took a consent back", "withdrawn"), ("Not asked: an opt-out signal", "signal"))


def funnel_view(reader: Reader, question: Question) -> dict[str, Any]:
    chosen = question.chosen
    reason = refusal(f"prompt:shown:{side_of(chosen)}", chosen)
    apart = refusal("prompt", chosen)
    if reason is not None and question.bound:
        return {"withheld": without_it(reason), "refusal": None, "apart": None, "tables": []}
    whole = whole_funnel(reader, question.days, chosen)
    then = None if question.against is None else whole_funnel(reader, question.against, chosen)
    answers = _answers(whole, then)
    return {
        "withheld": None,
        "shown": whole.shown,
        "lines": answers,
        "hidden": any(times == "hidden" for _, times, *_ in answers),
        "compared": then is not None,
        "left": whole.left,
        "partial": not all(bounds.exact for bounds in whole.parts.values()),
        "refusal": reason,
        "apart": STRICTER["prompt"] if apart is None and question.stricter else _bound(apart, question),
        "tables": []
        if apart is not None and question.bound
        else [(title, _by_side(reader, question, kind)) for title, kind in FUNNELS],
    }


def _bound(apart: str | None, question: Question) -> str | None:
    return apart if apart is None or not question.bound else without_it(apart)


def _answers(now: Funnel, then: Funnel | None) -> list[tuple[str, str, str, str, float]]:
    """(name, times, share, change, width of the bar)."""
    counted = then is not None and not now.left and not then.left
    asked = change(now.shown, then.shown) if then is not None and counted else None
    lines = [("Asked", told(now.shown, exact=not now.left), "", asked or "", 100.0 if now.shown else 0.0)]
    for name, event in LINES:
        share = now.share(event)
        if share is not None:
            width = round(100 * share.least, 2)
            times = span(*now.parts[event], now.shown)
            lines.append((name, times, interval(share.least, share.most), _points(share, then, event), width))
    return lines + [(name, span(*now.beside[event]), "", "", 0.0) for name, event in ASIDE]


def _points(now: Share | None, then: Funnel | None, event: str) -> str:
    before = None if then is None else then.share(event)
    both = now is not None and before is not None and now.exact and before.exact
    return points(now.least, before.least) if both and now is not None and before is not None else ""


def _by_side(reader: Reader, question: Question, side: str) -> list[dict[str, Any]]:
    before = (
        {}
        if question.against is None
        else {row.label: row for row in funnels(reader, question.against, side)}
    )
    return [
        _funnel_row(side, row, before.get(row.label))
        for row in funnels(reader, question.days, side)[:MOST_FUNNELS]
    ]


def _funnel_row(side: str, row: Funnel, then: Funnel | None) -> dict[str, Any]:
    name = name_of(f"prompt:shown:{side}", row.label)
    shares = {event: row.share(event) for event in PARTS}
    return {
        "name": name[:10] if side == "banner" else name,
        "shown": told(row.shown, exact=not row.left),
        "shares": [
            (heading, interval(share.least, share.most) if share else "–")
            for heading, share in zip(("Accepted", "Refused", "Part", "None"), shares.values(), strict=True)
        ],
        "beside": [
            (heading, span(*row.beside[event]))
            for heading, event in (("Taken back", "withdrawn"), ("Signal", "signal"))
        ],
        "change": _points(shares["accept"], then, "accept"),
    }


def coverage_view(reader: Reader, question: Question) -> dict[str, Any]:
    state = panel_view(BY_ID["consent"], reader, question, None)
    parts = (("By country", "region", 0), ("By channel", "channel", 2))
    return {
        "state": state,
        "tables": []
        if state.refusal is not None and question.bound
        else [(title, _covered(reader, question, panel, depth)) for title, panel, depth in parts],
        "lacking": {title: no_coverage(title[3:], question) for title, *_ in parts},
    }


def _covered(
    reader: Reader, question: Question, panel: str, depth: int
) -> list[tuple[str, str, str, str, float]]:
    """(name, visits, share, change, width of the bar)."""
    before: dict[str, Share | None] = {}
    if question.against is not None:
        found = coverage_by(reader, question.against, depth, question.chosen)
        before = {row.label: row.share for row in found}
    rows = []
    for row in coverage_by(reader, question.days, depth, question.chosen)[:MOST_FUNNELS]:
        share, old = row.share, before.get(row.label)
        both = share is not None and old is not None and share.exact and old.exact
        rows.append(
            (
                name_of(panel, row.label),
                number(row.visits.least),
                interval(share.least, share.most) if share else "–",
                points(share.least, old.least) if both and share and old else "",
                round(100 * share.least, 2) if share else 0.0,
            )
        )
    return rows
