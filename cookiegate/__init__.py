"""A cookie consent and tracking gate: until a visitor opts in, no tracker is reached, with or without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["CookieGate", "GateMiddleware", "__version__"]

if TYPE_CHECKING:
    from .flask_extension import CookieGate
    from .wsgi import GateMiddleware


def __getattr__(name: str) -> Any:
    # Imported at first use: the command line's `--help` and `explain` need neither Flask nor the pages.
    if name == "CookieGate":
        from .flask_extension import CookieGate

        return CookieGate
    if name == "GateMiddleware":
        from .wsgi import GateMiddleware

        return GateMiddleware
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
