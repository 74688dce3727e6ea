"""The gate's own pages: the consent address, settings, placeholders, receipts and static files."""

from .app import build

__all__ = ["build"]
