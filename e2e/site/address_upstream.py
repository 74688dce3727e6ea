"""The same site without a gate, behind the proxy."""

from __future__ import annotations

import os
from pathlib import Path

from .app import Seen, make_app

application = Seen(make_app(), Path(os.environ["LAB_DIR"]) / "seen-site.test.jsonl")
