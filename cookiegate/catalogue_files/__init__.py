"""The catalogue as it is shipped: `cookiegate/data/`, read once and without the network."""

from __future__ import annotations

from .load import load_catalogue, load_delivery, operator_catalogue, registrable_domain

__all__ = ["load_catalogue", "load_delivery", "operator_catalogue", "registrable_domain"]
