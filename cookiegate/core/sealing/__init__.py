"""Sealing: what of a day's counts is published, for good, so that nobody can be found by subtraction.

docs/counting.md tells it to a reader; here are the pieces, each with its own reasons:

* `table`   one panel of one population: cells of k visits and more, the rest in one `(other)`;
* `regions` the same for countries and their subdivisions, two levels of one partition;
* `blocks`  a population cut into disjoint blocks, so that filters work and no two panels overlap;
* `split`   a panel whose labels fall into a published part and a rest;
* `asked`   those asked, and signals: parts of all visits;
* `rests`   totals that lie within one another: a goal and its sides, visits and the fields of campaigns;
* `day`     all panels of one site and day;
* `week`    what the days hid, released once when a week closes, and then forgotten;
* `week_rests` what of it would tell what is left between two totals;
* `uniques` of weeks and months;
* `again`   published rows under a higher threshold, for whoever shall see less.
"""

from .day import DaySeal, Piece, Row, pieces_of, seal_day
from .rule import Rule
from .table import Count, Group, Table, seal_table
from .week import seal_week

__all__ = [
    "Count",
    "DaySeal",
    "Group",
    "Piece",
    "Row",
    "Rule",
    "Table",
    "pieces_of",
    "seal_day",
    "seal_table",
    "seal_week",
]
