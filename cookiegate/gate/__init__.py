"""`Gate` is one site's configuration at work; `Exchange` is one request and its response."""

from .cookies import CookieNames
from .exchange import Exchange
from .gate import Gate
from .reply import Reply

__all__ = ["CookieNames", "Exchange", "Gate", "Reply"]
