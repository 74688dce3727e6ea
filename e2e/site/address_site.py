"""The Flask site alone behind the gate, for requests that carry addresses."""

from __future__ import annotations

import os
from pathlib import Path

from cookiegate.wsgi import GateMiddleware

from .app import Seen, make_app

LAB = Path(os.environ["LAB_DIR"])

application = GateMiddleware(
    Seen(make_app(), LAB / "seen-site.test.jsonl"), LAB / "site.test" / "cookiegate.toml"
)
