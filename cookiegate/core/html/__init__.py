"""HTML, byte exact: scanner, rewriter and the held forms."""

from .inserts import Inserts, PageFacts
from .rewriter import HtmlRewriter, VerdictsLike

__all__ = ["HtmlRewriter", "Inserts", "PageFacts", "VerdictsLike"]
