"""The standalone service: the gate for sites that can only paste one script tag."""

from .service import open_service

__all__ = ["open_service"]
