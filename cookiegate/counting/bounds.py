"""How many labels a panel has on a day, and what becomes of the rest of them."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.counts import UNKNOWN, Cell, label_of, parts_of
from ..core.counts.labels import REST
from ..core.sealing import Count

LABELS = {"page": 5_000, "referrer": 2_000, "cube": 30_000, "region": 5_000}
OTHER_LABELS = 500
"""Labels of a panel and day: pages, referrers, combinations, anything else."""


def most_labels(panel: str) -> int:
    """Prompts by region have room for every region there is: what is sealed beside all visits must fit them."""
    return LABELS.get(panel.removeprefix("prompt:").rpartition(":")[2], OTHER_LABELS)


def rest_of(panel: str, label: str) -> str:
    if panel == "cube":
        return label_of(UNKNOWN, *parts_of(label)[1:])
    return label_of(parts_of(label)[0], REST) if panel.startswith(("goal", "held:service")) else REST


def bounded(cells: Mapping[Cell, Count]) -> Mapping[Cell, Count]:
    """A day's cells with the largest of each panel, and the others under `(rest)`: each process had its own fill, and
    a worker that began anew began to fill anew."""
    panels: dict[str, list[Cell]] = {}
    for cell in cells:
        panels.setdefault(cell[0], []).append(cell)
    if all(len(found) <= most_labels(panel) for panel, found in panels.items()):
        return cells
    kept: dict[Cell, Count] = {}
    for panel, found in panels.items():
        found.sort(key=lambda cell: (-cells[cell].visits, -cells[cell].views, cell[1]))
        most = most_labels(panel)
        for cell in found[:most]:
            kept[cell] = kept.get(cell, Count()).plus(cells[cell])
        for cell in found[most:]:
            rest = panel, rest_of(panel, cell[1])
            kept[rest] = kept.get(rest, Count()).plus(cells[cell])
    return kept
