"""HTML, byte exact: scanner, rewriter and the held forms."""

from .inserts import Inserts, PageFacts
from .judge import VerdictsLike
from .rewriter import HtmlRewriter
from .tag_memo import TagMemo

__all__ = ["HtmlRewriter", "Inserts", "PageFacts", "TagMemo", "VerdictsLike"]
