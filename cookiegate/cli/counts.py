"""`cookiegate counts`: sealed figures as a table, JSON or CSV."""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click

from ..core.counts import OTHER
from ..core.sealing.day import read_group
from ..core.sealing.known import CUBE, VISITS
from ..core.sealing.periods import date_of, day_of
from ..counting.calendar import Calendar
from ..counting.opening import store_of
from ..geo import open_regions
from ..stores import Store, Sum
from .settings_option import read_settings, settings_options
from .site_option import known_site

EXAMPLES = """\b
Examples:
  cookiegate counts                               visits by page of the last 28 days
  cookiegate counts region --days 91              by region
  cookiegate counts state --by-day --format csv   consent by day, as CSV
  cookiegate counts page --block GB/mobile        where the site is large enough: mobile visitors in GB
"""
PANELS = {
    "total",
    *VISITS,
    *CUBE,
    *("bot", "goal", "goal:channel", "goal:campaign", "held:category", "held:service"),
    *(f"utm_{field}" for field in ("source", "medium", "campaign", "term", "content")),
    *(f"unique:{length}" for length in ("day", "week", "month")),
    *(
        f"prompt:{event}:{side}"
        for event in ("shown", "accept", "reject", "custom", "withdrawn", "signal")
        for side in ("region", "device", "banner", "language")
    ),
}
COLUMNS = ("day", "block", "label", "visits", "views")


@click.command(epilog=EXAMPLES)
@settings_options
@click.argument("panel", default="page")
@click.option("--days", type=click.IntRange(1, 3660), default=28, show_default=True, help="Up to yesterday.")
@click.option("--from", "first", metavar="YYYY-MM-DD", help="From this day on, instead of --days.")
@click.option("--to", "last", metavar="YYYY-MM-DD", help="Up to this day.  [default: yesterday]")
@click.option("--block", help="Only this block: COUNTRY, COUNTRY/DEVICE or COUNTRY/DEVICE/CHANNEL.")
@click.option("--by-day", is_flag=True, help="One line a day and label, and one for what a week added.")
@click.option("--site", help="A site of the store.  [default: the one that the settings name]")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True
)
def counts(
    config: Path,
    app: str | None,
    panel: str,
    days: int,
    first: str | None,
    last: str | None,
    block: str | None,
    by_day: bool,
    site: str | None,
    form: str,
) -> None:
    """Show sealed figures of a PANEL: total, hour, page, referrer, region, device, channel, state, browser, system,
    language, utm_source (_medium, _campaign, _term, _content), bot, goal, held:category, held:service, unique:day,
    unique:week and unique:month (each period by itself), goal:channel, goal:campaign,
    or prompt:EVENT:SIDE with shown, accept, reject, custom, withdrawn or signal by region, device, banner or language.

    A day is there once it is sealed, some hours after its end. What is hidden stands under (other).
    """
    if panel not in PANELS:
        raise click.BadParameter(
            f"{panel} is no panel: cookiegate counts --help names them", param_hint="PANEL"
        )
    settings = read_settings(config, app)
    end = _day(last) if last else Calendar(settings.counts.timezone, time.time).today() - 1
    start = _day(first) if first else end - days + 1
    store = store_of(settings)
    try:
        name = known_site(settings, store, site)
        if panel.startswith("unique:"):
            by_day, dated = True, _uniques(store, name, panel, start, end)
        elif by_day:
            entries = store.rows(name, panel, start, end) + store.week_rows(name, panel, start, end)
            dated = [
                (day, _named(Sum(row.block, row.label, row.visits, row.views), panel))
                for day, row in sorted(entries)
            ]
        else:
            sums = [_named(found, panel) for found in store.sums(name, panel, start, end)]
            whole = block is None and not panel.startswith("goal:")
            dated = [(start, found) for found in _order(sums, whole=whole)]
    finally:
        store.close()
    rows: list[tuple[object, ...]] = [
        (date_of(day).isoformat(), *found) for day, found in dated if block in (None, found.block)
    ]
    credit = open_regions(settings.geo, settings.state_dir).credit if rows and "region" in panel else ""
    if credit:
        click.echo(credit, err=True)  # not among the figures: they may be read by a program
    _print(rows if by_day else [row[1:] for row in rows], COLUMNS if by_day else COLUMNS[1:], form)


def _uniques(store: Store, site: str, panel: str, first: int, last: int) -> list[tuple[int, Sum]]:
    """Each day, week or month by itself: whoever came in two of them would be in their sum twice."""
    rows = {"unique:week": store.week_rows, "unique:month": store.month_rows}.get(panel, store.rows)
    return [(day, Sum("", row.label, row.visits, row.views)) for day, row in rows(site, panel, first, last)]


def _named(found: Sum, panel: str) -> Sum:
    """Goals are populations of their own, each a block: in their panel its name is what they are called."""
    return found._replace(block="", label=found.block) if panel == "goal" else found


def _day(text: str) -> int:
    try:
        return day_of(date.fromisoformat(text))
    except ValueError:
        raise click.BadParameter(f"{text} is no day: write YYYY-MM-DD") from None


def _order(sums: Iterable[Sum], *, whole: bool) -> list[Sum]:
    """Large figures first. Over all blocks, one line a label."""
    if whole:
        added: dict[str, tuple[int, int]] = {}
        for found in sums:
            visits, views = added.get(found.label, (0, 0))
            added[found.label] = (visits + found.visits, views + found.views)
        sums = [Sum("", label, *count) for label, count in added.items()]
    return sorted(sums, key=lambda found: (-found.visits, -found.views, found.block, found.label))


def _print(rows: list[tuple[object, ...]], columns: tuple[str, ...], form: str) -> None:
    if form == "json":
        click.echo(
            json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=1)
        )
    elif form == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(columns)
        writer.writerows([_plain(cell) for cell in row] for row in rows)
    elif not rows:
        click.echo("No sealed figures in these days.")
    else:
        lines = [columns, *([_plain(cell) for cell in row] for row in rows)]
        widths = [max(len(str(line[place])) for line in lines) for place in range(len(columns))]
        for line in lines:
            click.echo(
                "  ".join(_aligned(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip()
            )


def _plain(cell: object) -> str | int:
    """A label as people read it; a spreadsheet must not take one for a formula."""
    if not isinstance(cell, str):
        return int(str(cell))
    if cell.startswith(OTHER):
        group = read_group(cell)
        where, leads = group if group is not None else ("", ())
        text = " and ".join([*leads, OTHER])
        return f"{where}: {text}" if where else text
    text = cell.replace("\x1f", " ") or "–"
    return f"'{text}" if text[0] in "=+-@\t" else text


def _aligned(cell: object, width: int) -> str:
    return str(cell).rjust(width) if isinstance(cell, int) else str(cell).ljust(width)
