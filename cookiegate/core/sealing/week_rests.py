"""What a week may not release because of what it would leave between two totals (`rests`, `kin`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from .day import WITHHELD, Piece, Row, read_group
from .kin import PARENT, families
from .known import COMMON
from .rests import GOALS, TAGS, is_safe_rest, may_be_told, wholes_of
from .rule import Rule
from .table import in_order

Key = tuple[str, str]
"""Panel, and the goal or "": of all else a week knows no blocks."""

Pieces = list[tuple[int, Piece]]
"""Each with its day."""

Rows = list[tuple[int, Row]]


def keep_rests(by_panel: dict[Key, Pieces], rule: Rule) -> None:
    """Takes away what no week may release of a side beside a total around it: where both waited for the week, their
    rests may have to stay untold. Of days that are taken away from either there is no rest any more."""
    for panel in (*GOALS, *TAGS):
        for (name, block), found in list(by_panel.items()):
            if name != panel:
                continue
            within, gone = _waiting(found), set[int]()
            for whole in wholes_of(panel):
                around = _waiting(by_panel.get((whole, block), []))
                rests = {day: abs(n - within.get(day, 0)) for day, n in around.items() if day not in gone}
                if not may_be_told(rests, rule):
                    gone |= rests.keys()
            by_panel[name, block] = [
                (day, piece) for day, piece in found if piece.group != WITHHELD or day not in gone
            ]


def _waiting(found: Iterable[tuple[int, Piece]]) -> dict[int, int]:
    """Visits of each day that told none of them."""
    days: dict[int, int] = defaultdict(int)
    for day, piece in found:
        if piece.group == WITHHELD:
            days[day] += piece.visits
    return dict(days)


def telling_labels(
    panel: str,
    days: Collection[int],
    pieces: Mapping[Key, Pieces],
    rows: Mapping[Key, Rows],
    rule: Rule,
) -> set[str]:
    """Labels that would tell, beside the panel of families, what a family has there and not here: of the days that hide
    some of it in either, fewer than k. So would all other families', since their differences add up to nothing.
    `days` are those of which both may be released. Where a lead of the family joined a group, nobody can tell."""
    kin = families(panel, rule)
    if kin is None:
        return set()
    sides = ((1, kin[0], (panel, "")), (-1, kin[1], (PARENT[panel], "")))
    hidden = {(day, family(piece.label)) for _, family, key in sides for day, piece in pieces.get(key, [])}
    hidden -= {
        (day, family(lead))
        for _, family, key in sides
        for day, row in rows.get(key, [])
        for lead in (read_group(row.label) or ("", ()))[1]
    }
    rests: dict[str, int] = defaultdict(int)
    for sign, family, key in sides:
        for day, label, visits in _figures(pieces.get(key, []), rows.get(key, [])):
            if day in days and (day, family(label)) in hidden:
                rests[family(label)] += sign * visits
    barred = {name for name, rest in rests.items() if not is_safe_rest(rest, rule)}
    for name in in_order(rests.keys() - barred, COMMON["channel"]):
        if is_safe_rest(sum(rests[name] for name in barred), rule):
            break
        barred.add(name)
    return {piece.label for _, piece in pieces.get((panel, ""), []) if kin[0](piece.label) in barred}


def _figures(pieces: Pieces, rows: Rows) -> Iterator[tuple[int, str, int]]:
    """Day, label and visits of all that has a label of its own."""
    for day, piece in pieces:
        yield day, piece.label, piece.visits
    for day, row in rows:
        if read_group(row.label) is None:
            yield day, row.label, row.visits
