"""What visitors see: the banner, the settings page, placeholders, confirmations, signals."""

from .face import Face
from .facts import BannerFacts, HeldFacts, PagePolicy, SettingsFacts

__all__ = ["BannerFacts", "Face", "HeldFacts", "PagePolicy", "SettingsFacts"]
