"""The gate around any ASGI application: FastAPI, Starlette, Django, and our own proxy.

    from cookiegate.asgi import GateMiddleware
    app = GateMiddleware(app)                       # reads cookiegate.toml beside the working directory

The same `Gate` and `Exchange` as behind WSGI. The server's own scope is edited in place, so that its access
log, which reads it later, sees nothing more than the application did.
"""

from .middleware import GateMiddleware, consent

__all__ = ["GateMiddleware", "consent"]
