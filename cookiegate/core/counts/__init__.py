"""From a request to cells: what may be counted of a visit, as labels that hold nothing of the visitor."""

from .campaign import FIELDS, campaign_of
from .cells import VIEW, VISIT, Cell, Increments, label_of, parts_of, split_weight
from .hit import goal_cells, held_cells, prompt_cells, view_cells
from .labels import HIDDEN, OTHER, REST, UNKNOWN, clean_label
from .page_key import page_key
from .referrer import INTERNAL, Referrers
from .uniques import periods_new_to

__all__ = [
    "FIELDS",
    "HIDDEN",
    "INTERNAL",
    "OTHER",
    "REST",
    "UNKNOWN",
    "VIEW",
    "VISIT",
    "Cell",
    "Increments",
    "Referrers",
    "campaign_of",
    "clean_label",
    "goal_cells",
    "held_cells",
    "label_of",
    "page_key",
    "parts_of",
    "periods_new_to",
    "prompt_cells",
    "split_weight",
    "view_cells",
]
