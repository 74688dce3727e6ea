"""A gate that follows its settings and its question: `allow`, `classify` and `cookiegate publish` take effect
without a restart.

The files are looked at once a second at most, when a request comes; the new gate is opened beside the old one,
which answers until then and stays where the new settings cannot be used.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .config import Config
from .errors import ConfigError
from .gate import Gate
from .opening import open_gate, read_config

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

log = logging.getLogger("cookiegate")
SECONDS = 1.0
Mark = tuple[int, int, int] | None
Settings = Config | Path | str | Callable[[], Config] | None
"""A configuration, a file, a function that reads one, or None for the default search."""
Pair = tuple[Gate, "WSGIApplication"]


def standing(settings: Settings, gate: Gate | None, pages: WSGIApplication | None) -> Callable[[], Pair]:
    """What an edge asks with each request: the given gate and pages, or those of the settings, followed."""
    if gate is not None and pages is not None:
        pair = gate, pages
        return lambda: pair
    return LiveGate(settings if callable(settings) else partial(read_config, settings)).current


class LiveGate:
    """`read` gives the settings, now and after each change of the file that they name as their source. Raises
    ConfigError where the first ones cannot be used."""

    def __init__(self, read: Callable[[], Config]) -> None:
        self._read = read
        config = read()
        self._files = [Path(config.source), config.question_path]
        marks = self._look()
        self._pair = open_gate(config)
        # What was published meanwhile is a change; a file that the first start has just made is none.
        self._marks = [before or now for before, now in zip(marks, self._look(), strict=True)]
        self._next = time.monotonic() + SECONDS
        self._lock = threading.Lock()

    def current(self) -> tuple[Gate, WSGIApplication]:
        """The gate and its pages. Never waits: a change is taken up by a thread of its own."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + SECONDS
            marks = self._look()
            if marks != self._marks:
                self._marks = marks
                threading.Thread(target=self.reopen, name="cookiegate-settings", daemon=True).start()
        return self._pair

    def reopen(self) -> bool:
        """Whether the settings of now are in force."""
        with self._lock:
            before = self._pair[0]
            try:
                config = self._read()
                same = config.ledger_path == before.config.ledger_path
                kept = before.config.cookie_days == config.cookie_days
                ledger = before.ledger if same and kept else None
                self._pair = open_gate(config, ledger=ledger, tally=before.tally if same else None)
            except ConfigError as error:
                log.error("The settings cannot be used, so the ones of before stay: %s", error)
                return False
        log.info("The settings have changed and are in force.")
        return True

    def _look(self) -> list[Mark]:
        return [_mark(file) for file in self._files]


def _mark(file: Path) -> Mark:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
