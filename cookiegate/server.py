"""gunicorn, started by our own commands with settings that fit a small machine and leak no address."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from .metrics import forget_worker

IN_MEMORY = "/dev/shm"  # noqa: S108 - the file has no name there and is its maker's alone


def sensible_workers() -> int:
    """One worker process a core, two at least (a slow request must not block the site), eight at most."""
    return max(2, min(8, len(os.sched_getaffinity(0))))


def _folder_in_memory() -> str | None:
    """For the file by which a worker shows that it lives: on a full disk no new worker could make one."""
    return IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None


def _settle(_worker: object) -> None:
    """The catalogue and the code stay for good: the garbage collector need not look at them with every page."""
    gc.collect()
    gc.freeze()


def _forget(_server: object, worker: Any) -> None:
    forget_worker(worker.pid)


class Server(BaseApplication):  # type: ignore[misc]
    """`make_app` is called once in each worker and makes what its class serves (WSGI, or ASGI for the proxy's);
    `settings` are gunicorn's own names."""

    def __init__(self, make_app: Callable[[], Any], **settings: Any) -> None:
        self._make_app = make_app
        self._settings = {
            "worker_class": "gthread",
            "workers": sensible_workers(),
            "threads": 4,
            "keepalive": 5,
            "logger_class": "cookiegate.gunicorn_logger.GateLogger",
            "control_socket_disable": True,
            "worker_tmp_dir": _folder_in_memory(),
            "post_worker_init": _settle,
            "child_exit": _forget,
        } | settings
        super().__init__()

    def load_config(self) -> None:
        assert self.cfg is not None
        for name, value in self._settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        return self._make_app()
