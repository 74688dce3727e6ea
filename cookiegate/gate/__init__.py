"""`Gate` is one site's configuration at work; `Exchange` is one request and its response."""

from .cookies import CookieNames
from .exchange import Exchange, Reply
from .gate import Gate

__all__ = ["CookieNames", "Exchange", "Gate", "Reply"]
