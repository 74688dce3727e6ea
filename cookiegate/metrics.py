"""What the operator's monitoring may know: numbers of the gate, nothing of a visitor, for all workers in one answer.

prometheus_client does the counting; its multi-process mode keeps a worker's figures in a small mapped file, so that
any worker answers for all of them, those that have died included. Whoever has a figure to add makes it here, with
`Metrics.counter` or, for a state that is read now and then, `Metrics.watch`: a name beginning with `cookiegate_`,
labels from a short fixed list, never a path, a host that came in a request, or anything of a visitor.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from .errors import ConfigError

if TYPE_CHECKING:
    from prometheus_client import Counter, Gauge

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own name; it looks once, when it is first imported."""
READ_SECONDS = 5.0
STEP = 100
"""Held elements that the figure goes up by at a time."""
IN_MEMORY = "/dev/shm"  # noqa: S108 - a mapped file on a full disk would end its process
COMBINED: dict[str, Callable[..., float]] = {"livesum": sum, "livemin": min, "livemax": max}
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def share_figures() -> None:
    """For a command that starts workers: give them one folder, gone when the command ends."""
    if FOLDER in os.environ or importlib.util.find_spec("prometheus_client") is None:
        return
    place = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None
    folder = os.environ[FOLDER] = tempfile.mkdtemp(prefix="cookiegate-metrics-", dir=place)
    starter = os.getpid()
    atexit.register(lambda: shutil.rmtree(folder, ignore_errors=True) if os.getpid() == starter else None)


def forget_worker(pid: int) -> None:
    """A worker has ended: its counters stay in the sums, its states do not."""
    if FOLDER in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


@cache
def open_metrics() -> Metrics:
    """This process's figures. Raises ConfigError where the library is missing."""
    return Metrics()


class _Watched(NamedTuple):
    help: str
    over_workers: str
    reads: dict[str, Callable[[], float]]


class Metrics:
    """The gate's own figures, and what others add."""

    def __init__(self) -> None:
        if importlib.util.find_spec("prometheus_client") is None:
            remedy = "install the library with: pip install 'cookiegate[metrics]'"
            raise ConfigError("metrics_token", "(set)", "this installation", remedy)
        from prometheus_client import CollectorRegistry

        self._registry = CollectorRegistry()
        self._watched: dict[str, _Watched] = {}
        self._gauges: dict[str, Gauge] = {}
        self._reader: threading.Thread | None = None
        self._lock = threading.Lock()
        self._pid = 0
        # Never by consent, category or action: exact, live and one at a time they would tell what a visitor chose.
        self.requests = self.counter("requests", "Requests of the site.")
        self.held = self.counter("held", f"Elements held in pages, in steps of {STEP} a worker.")
        self.choices = self.counter("choices", "Choices that were recorded.")
        self._held_since = 0
        self.refused = self.counter("choices_refused", "Choices that could not be recorded.")
        self.reports = self.counter("reports", "What browsers reported as held by the policy.")
        self.upstream = self.counter(
            "upstream_troubles", "Answers that the site did not give, by status.", "status"
        )

    def counter(self, name: str, help: str, *labels: str) -> Counter:
        """`cookiegate_<name>_total`; made once."""
        from prometheus_client import Counter

        return Counter(f"cookiegate_{name}", help, labels, registry=self._registry)

    def watch(
        self,
        name: str,
        help: str,
        read: Callable[[], float],
        *,
        site: str = "",
        over_workers: Literal["livesum", "livemin", "livemax"] = "livesum",
    ) -> None:
        """`cookiegate_<name>`: `read` is called every few seconds in each worker; the values of all workers, and of
        all sites in a process, are summed (`livesum`) or compared. The same name and site again replace `read`."""
        with self._lock:
            watched = self._watched.setdefault(f"cookiegate_{name}", _Watched(help, over_workers, {}))
            watched.reads[site] = read

    def held_some(self, elements: int) -> None:
        """One page had so many elements held. Exact and beside the requests it would tell those that had none,
        the few visitors who granted everything."""
        with self._lock:
            steps, self._held_since = divmod(self._held_since + elements, STEP)
        if steps:
            self.held.inc(steps * STEP)

    def opened(self, *, counts: bool) -> None:
        """One request has come; the worker's reader begins with its first. `counts`: its visitor is counted."""
        if counts:
            self.requests.inc()
        if self._pid != os.getpid():
            self._begin_reading()

    def text(self) -> bytes:
        """All figures of all workers, in Prometheus' text format."""
        from prometheus_client import CollectorRegistry, generate_latest, multiprocess

        self._read()
        if FOLDER not in os.environ:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)

    def _begin_reading(self) -> None:
        with self._lock:
            if self._pid != os.getpid():
                self._pid = os.getpid()
                self._reader = threading.Thread(
                    target=self._keep_reading, name="cookiegate-metrics", daemon=True
                )
                self._reader.start()

    def _keep_reading(self) -> None:
        pause = threading.Event()
        while not pause.wait(READ_SECONDS):
            self._read()

    def _read(self) -> None:
        """A gauge is made here and not before: until it is set it says 0, and in the parent of workers for good."""
        from prometheus_client import Gauge

        with self._lock:
            for name, (help, mode, reads) in self._watched.items():
                gauge = self._gauges.get(name)
                if gauge is None:
                    options: Any = {"multiprocess_mode": mode}
                    gauge = self._gauges[name] = Gauge(name, help, registry=self._registry, **options)
                gauge.set(COMBINED[mode](read() for read in reads.values()))
