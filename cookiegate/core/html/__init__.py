"""HTML, byte exact: scanner, rewriter and the held forms."""

from .inserts import Inserts, PageFacts
from .judge import VerdictsLike
from .rewriter import HtmlRewriter

__all__ = ["HtmlRewriter", "Inserts", "PageFacts", "VerdictsLike"]
