"""From the buffer to the store, in a thread of its own: by age, by size, at SIGTERM and at exit.

A flush that failed is tried again under its own id, so that it never counts twice. While a store is down the
buffer goes on adding up, within its bound. No request ever waits for any of it.
"""

from __future__ import annotations

import _thread
import atexit
import contextlib
import logging
import os
import secrets
import signal
import threading
import time
import weakref
from collections.abc import Callable

from ..errors import StoreError
from ..stores import Batch, Store
from .buffer import Buffer, Days

log = logging.getLogger("cookiegate")

LARGE = 10_000
"""Cells in the buffer that are flushed before their time."""

LAST_TURN = 2.0
"""Seconds that an end waits for a turn that has begun."""

LONGEST_PAUSE = 60.0
"""Seconds between two tries while the store is down."""

MOMENT = 0.01
"""Seconds after which a signal that came in the middle of something comes again."""


class Flusher:
    """`chores` runs after a flush, at most every `chores_every` seconds: sealing, that is. `each_turn` runs in each
    turn, and never raises.

    The thread starts with the first `wake`, in whatever process that is: a fork's child begins empty, since what
    its parent has counted the parent will flush.
    """

    def __init__(
        self,
        buffer: Buffer,
        store: Store,
        site: str,
        *,
        today: Callable[[], int],
        every: float = 10.0,
        chores: Callable[[], object] | None = None,
        chores_every: float = 600.0,
        each_turn: Callable[[], object] | None = None,
    ) -> None:
        self._buffer = buffer
        self._store = store
        self._site = site
        self._today = today
        self._every = every
        self._chores = chores
        self._chores_every = chores_every
        self._each_turn = each_turn
        self._chores_at = 0.0
        self._pending: Batch | None = None
        self._flushing = threading.Lock()
        self._start_lock = threading.Lock()
        self._awake = threading.Event()
        self._thread: threading.Thread | None = None
        self._refused = False
        self._stopped = False
        self._down = False
        self.flushed_at = time.monotonic()
        self.errors = 0
        self.chore_errors = 0
        self._owner: weakref.ref[object] | None = None
        _remember(self)

    def owned_by(self, owner: object) -> None:
        """Once its owner is gone (a gate that newer settings replaced), flush for the last time and end."""
        awake = self._awake
        self._owner = weakref.ref(owner, lambda _: awake.set())

    @property
    def depth(self) -> int:
        """Cells that no store has yet."""
        pending = self._pending
        return len(self._buffer) + (len(pending) if pending is not None else 0)

    def wake(self) -> None:
        """Called after each hit: starts the thread, and hurries it when the buffer is large. While the store is
        down a large buffer is no reason to ask it more often. Never raises: a visitor waits."""
        if self._thread is None:
            self._start()
        elif len(self._buffer) >= LARGE and not self._down and not self._awake.is_set():
            self._awake.set()

    def _start(self) -> None:
        with self._start_lock:
            if self._thread is not None or self._stopped:
                return
            thread = threading.Thread(target=self._run, name="cookiegate-flush", daemon=True)
            try:
                thread.start()
            except RuntimeError as error:  # the machine's or the container's limit of threads
                if not self._refused:  # once, not with every hit
                    log.error(
                        "Counts wait in memory: no thread could be started for them (%s); the next hit tries again.",
                        type(error).__name__,
                    )
                self._refused = True
                return
            self._thread, self._refused = thread, False

    def _run(self) -> None:
        pause = self._every
        awake = self._awake
        while not self._stopped:
            awake.wait(pause)
            awake.clear()
            orphan = self._owner is not None and self._owner() is None
            fine = self.turn()
            if orphan and fine:
                self.close()
            pause = self._every if fine else min(LONGEST_PAUSE, max(pause, 1.0) * 2)

    def turn(self) -> bool:
        """One turn of the thread: flush, and then the chores. False where the store is down."""
        fine = self.flush()
        if self._each_turn is not None:
            self._each_turn()
        if fine:
            self._do_chores()
        return fine

    def _do_chores(self) -> None:
        now = time.monotonic()
        if self._chores is None or now < self._chores_at:
            return
        self._chores_at = now + self._chores_every
        try:
            self._chores()
        except StoreError as error:
            self.chore_errors += 1
            log.warning("Sealing has to wait: %s", error)
        except Exception as error:
            self.chore_errors += 1
            log.error("Sealing failed (%s).", type(error).__name__)

    @property
    def in_the_middle(self) -> bool:
        """Whether some thread is adding to the buffer or flushing it, this one perhaps."""
        return self._buffer.in_the_middle or self._flushing.locked()

    def flush(self) -> bool:
        """Send what there is. False where the store took it not; it is kept then. Never raises."""
        fine = self._flush()
        self._down = not fine
        return fine

    def _flush(self) -> bool:
        with self._flushing:
            try:
                if self._pending is not None:
                    self._send(self._pending)
                days = self._buffer.take()
                if any(days.values()):
                    self._send(self._batch(days))
            except StoreError as error:
                self.errors += 1
                log.warning("Counts wait in memory, %s of them: %s", self.depth, error)
                return False
            except Exception as error:
                self.errors += 1
                log.error("Counts could not be flushed (%s).", type(error).__name__)
                return False
            self.flushed_at = time.monotonic()
            return True

    def _batch(self, days: Days) -> Batch:
        return Batch(secrets.token_hex(12), self._site, days, self._today())

    def _send(self, batch: Batch) -> None:
        self._pending = batch
        self._store.add(batch)
        self._pending = None

    def close(self) -> None:
        """Flush for the last time, and let the thread and the store go."""
        self._stopped = True
        self._awake.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(LAST_TURN)  # what it has borrowed of the store it gives back
        if self.flush():
            self._store.close()
        _FLUSHERS.discard(self)

    def begin_anew(self) -> None:
        """In the child of a fork: locks, threads and connections are the parent's, and so is what was counted."""
        self._flushing, self._start_lock = threading.Lock(), threading.Lock()
        self._awake = threading.Event()
        self._thread, self._pending = None, None
        self._buffer.begin_anew()
        self._store.begin_anew()


_FLUSHERS: weakref.WeakSet[Flusher] = weakref.WeakSet()


def _remember(flusher: Flusher) -> None:
    if not _FLUSHERS:
        _install()
    _FLUSHERS.add(flusher)


_INSTALLED = threading.Event()


def _install() -> None:
    """Once a process: the last flush at exit, at SIGTERM where nobody else listens, a new start after a fork."""
    if _INSTALLED.is_set():
        return
    _INSTALLED.set()
    atexit.register(flush_all)
    os.register_at_fork(after_in_child=_begin_anew)
    with contextlib.suppress(ValueError):  # not in the main thread: then its owner ends this process
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _terminated)


_PUT_OFF: list[int] = []
"""Signals that came in the middle of something."""


def _terminated(number: int, _frame: object) -> None:
    """Danger: this runs in the middle of whatever the main thread was doing, which may hold the locks that a flush
    takes and would wait for itself for good. Then the signal is put off by a moment, and the main thread goes on."""
    if any(flusher.in_the_middle for flusher in list(_FLUSHERS)):
        if number not in _PUT_OFF:
            _PUT_OFF.append(number)
            _thread.start_new_thread(_again, (number,))  # takes no lock of Python's threading either
        return
    signal.signal(number, signal.SIG_IGN)
    _PUT_OFF.clear()
    flush_all()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _again(number: int) -> None:
    """To the main thread itself, which alone runs handlers, and until it has: a thread that sleeps is not woken by what
    another one receives, nor by what came just before it fell asleep."""
    main = threading.main_thread().ident
    assert main is not None
    while number in _PUT_OFF:
        time.sleep(MOMENT)
        signal.pthread_kill(main, number)


def flush_all() -> None:
    for flusher in list(_FLUSHERS):
        flusher.flush()


def _begin_anew() -> None:
    for flusher in list(_FLUSHERS):
        flusher.begin_anew()
