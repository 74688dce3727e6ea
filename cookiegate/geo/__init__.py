"""Regions of truncated addresses."""

from .regions import Installed, Regions, open_regions

__all__ = ["Installed", "Regions", "open_regions"]
