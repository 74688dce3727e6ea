"""Where the demo keeps its secrets and the gate's records."""

from __future__ import annotations

import os
from pathlib import Path


def default_state() -> Path:
    """`cookiegate-demo` in the state folder of the XDG base directory specification."""
    base = os.environ.get("XDG_STATE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".local" / "state") / "cookiegate-demo"
