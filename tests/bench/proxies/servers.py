"""The proxies that are measured, each with one worker process on loopback."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..pages import sized

ROOT = Path(__file__).resolve().parents[3]
NGINX = "/usr/sbin/nginx"
SIZES = (10, 100, 1000)
SETTINGS = """privacy_url = "/privacy"
services = ["google-analytics", "meta-pixel"]
[controller]
name = "Example Ltd"
contact = "privacy@example.com"
"""
CONF = """daemon off; pid {folder}/{name}.pid; error_log {folder}/{name}.log; worker_processes 1; {user}
events {{ worker_connections 512; }}
http {{ access_log off; default_type text/html; keepalive_requests 10000000;
 client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
 uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; client_max_body_size 0;
 upstream up {{ server 127.0.0.1:{upstream}; keepalive 32; keepalive_requests 10000000; }}
 server {{ listen 127.0.0.1:{port}; {server} }} }}
"""
STATIC = "root {folder}/www;"
PASS = 'location / { proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; }'


@dataclass(frozen=True)
class Proxy:
    """`gates`: whether it does the gate's task too. `prefix` of the paths that it passes on."""

    name: str
    port: int
    pid: int
    gates: bool
    prefix: str = ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def started(command: list[str], port: int, log: Path, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | env, stdout=out, stderr=out)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if process.poll() is not None:
                raise RuntimeError(f"{command[0]} ended: {log.read_text()[-2000:]}")
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def nginx(folder: Path, name: str, server: str, upstream: int) -> Iterator[tuple[int, int]]:
    port = free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    file = folder / f"{name}.conf"
    file.write_text(
        CONF.format(folder=folder, name=name, user=user, port=port, upstream=upstream, server=server)
    )
    with started([NGINX, "-c", str(file)], port, folder / f"{name}.out") as process:
        yield port, process.pid


@contextlib.contextmanager
def all_proxies(folder: Path, mitmdump: Path | None) -> Iterator[list[Proxy]]:
    """Everything that is there, before one nginx with a page of each size."""
    (folder / "www").mkdir()
    for size in SIZES:
        (folder / "www" / f"{size}.html").write_bytes(sized(size * 1000).data)
    (folder / "cookiegate.toml").write_text(SETTINGS)
    settings = str(folder / "cookiegate.toml")
    with contextlib.ExitStack() as stack:
        static, _ = stack.enter_context(nginx(folder, "static", STATIC.format(folder=folder), 9))
        origin = f"http://127.0.0.1:{static}"
        port, pid = stack.enter_context(nginx(folder, "front", PASS, static))
        proxies = [Proxy("nginx", port, pid, False)]

        def add(name: str, command: list[str], *, gates: bool, prefix: str = "", **env: str) -> None:
            port = int(command[-1].rpartition(":")[2])
            process = stack.enter_context(started(command, port, folder / f"{len(proxies)}.log", **env))
            proxies.append(Proxy(name, port, process.pid, gates, prefix))

        python = [sys.executable, "-m"]
        add(
            "cookiegate proxy",
            [
                *python,
                "cookiegate",
                "proxy",
                "--config",
                settings,
                "--upstream",
                origin,
                "--workers",
                "1",
                "--bind",
                bind(),
            ],
            gates=True,
        )
        for app, gates in (("plain", False), ("gated", True)):
            add(
                f"Werkzeug's ProxyMiddleware{', gated' if gates else ''}",
                [
                    *python,
                    "gunicorn",
                    "-k",
                    "gthread",
                    "--threads",
                    "8",
                    f"tests.bench.proxies.werkzeug_app:{app}",
                    "-b",
                    bind(),
                ],
                gates=gates,
                prefix="/site",
                PROXY_UPSTREAM=origin,
                **({"PROXY_SETTINGS": settings} if gates else {}),
            )
        if mitmdump is not None:
            script = str(Path(__file__).with_name("mitm_script.py"))
            add(
                "mitmproxy, gated",
                [str(mitmdump), "-q", "--mode", f"reverse:{origin}", "-s", script, "--set", f"confdir={folder}/mitm",
                 "--listen-host", "127.0.0.1", "--listen-port", str(free_port())],
                gates=True,
                MITM_SETTINGS=settings,
            )  # fmt: skip
        yield proxies


def bind() -> str:
    return f"127.0.0.1:{free_port()}"
