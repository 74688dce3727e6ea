"""HTML, byte exact: scanner, rewriter and the held forms."""

from .inserts import Inserts, PageFacts
from .judge import VerdictsLike
from .rewriter import HtmlRewriter
from .site_memory import SiteMemory

__all__ = ["HtmlRewriter", "Inserts", "PageFacts", "SiteMemory", "VerdictsLike"]
