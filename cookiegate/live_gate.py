"""A gate that follows its settings and its question: `allow`, `classify` and `cookiegate publish` take effect
without a restart.

The files are looked at once a second at most, when a request comes; the new gate is opened beside the old one,
which answers until then and stays where the new settings cannot be used. What failed is tried again: a full disk,
or a folder that could not be written, passes.
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
RETRY = 5.0
"""Seconds between two tries of settings that could not be used."""
Mark = tuple[int, int, int] | None
Settings = Config | Path | str | Callable[[], Config] | None
"""A configuration, a file, a function that reads one, or None for the default search."""
Pair = tuple[Gate, "WSGIApplication"]


def standing(settings: Settings, gate: Gate | None, pages: WSGIApplication | None) -> Callable[[], Pair]:
    """What an edge asks with each request: those of the settings, followed, or the given gate and pages. With both,
    the given ones answer where the settings cannot be used, and until they can."""
    given = (gate, pages) if gate is not None and pages is not None else None
    if given is not None and settings is None:
        return lambda: given
    return LiveGate(settings if callable(settings) else partial(read_config, settings), given).current


class LiveGate:
    """`read` gives the settings, now and after each change of the file that they name as their source. `before`
    answers where the first ones cannot be used; without it that raises ConfigError."""

    def __init__(self, read: Callable[[], Config], before: Pair | None = None) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._next = time.monotonic() + SECONDS
        self._trouble = ""
        self._retry = 0.0
        try:
            config = read()
            marks = self._watch(config)
            self._pair = open_gate(config)
        except ConfigError as error:
            if before is None:
                raise
            self._pair = before
            marks = self._watch(before[0].config)
            self._complain(error)
        # What was published meanwhile is a change; a file that the first start has just made is none.
        self._marks = [mark or now for mark, now in zip(marks, self._look(), strict=True)]

    def current(self) -> tuple[Gate, WSGIApplication]:
        """The gate and its pages. Never waits: a change is taken up by a thread of its own."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + SECONDS
            marks = self._look()
            changed = marks != self._marks
            if changed or self._must_retry():
                self._trouble = "" if changed else self._trouble
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
                self._complain(error)
                return False
            self._trouble = ""
        log.info("The settings have changed and are in force.")
        return True

    def _must_retry(self) -> bool:
        return bool(self._trouble) and time.monotonic() >= self._retry

    def _complain(self, error: ConfigError) -> None:
        """Once for each change of the files, however often it is tried again."""
        self._retry = time.monotonic() + RETRY
        if str(error) != self._trouble:
            self._trouble = str(error)
            log.error("The settings cannot be used, so the ones of before stay: %s", error)

    def _watch(self, config: Config) -> list[Mark]:
        self._files = [Path(config.source), config.question_path]
        return self._look()

    def _look(self) -> list[Mark]:
        return [mark_of(file) for file in self._files]


def mark_of(file: Path) -> Mark:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
