"""The service for sites with one script tag, as `cookiegate serve` runs it, and static pages that carry the tag.

Pages lie on other origins than the service: `shop.test`, `second.test`, `marks.test`; `www.shared.test` has the
service on a subdomain, `gate.shared.test`.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import http.client
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .certificate import Certificate, client_context
from .configuration import SECRET, SERVICES
from .embed_pages import page
from .servers import ROOT, free_port, process

SERVICE = "gate.test"
SHARED_SERVICE = "gate.shared.test"
PAGES = ("shop.test", "second.test", "marks.test", "shared.test", "moved.test", "strict.test")

CONFIGURATION = f"""
secret_keys = ["{SECRET}"]
services = ["google-analytics", "google-tag-manager", "meta-pixel", "hotjar", "tiktok-pixel", "pinterest-tag"]
privacy_url = "/privacy"

[site]
public_url = "https://{SERVICE}"

[controller]
name = "Lab Shop Ltd"
contact = "privacy@shop.test"
{SERVICES}
[service.ownstats]
name = "Own Stats"
hosts = ["stats.shop.test"]
category = "analytics"
purpose = "Counts visits on a host of the shop's own."

[embed."shop.test"]
origins = ["https://shop.test", "https://www.shop.test"]

[embed."second.test"]
site = {{ name = "Second", languages = ["en", "de"] }}

[embed."marks.test"]
policy = "marks"
marks = {{ "statistics-tool" = "analytics" }}

[embed."shared.test"]
origins = ["https://www.shared.test"]
cookie_domain = "shared.test"

[embed."strict.test"]

[embed."moved.test"]
take_over = ["vanilla", "klaro", "cookiebot", "onetrust", "orejime", "cookieyes", "tarteaucitron"]
"""


@dataclass(frozen=True)
class Embedding:
    """Ports on loopback: of the service, and of the pages."""

    folder: Path
    service_port: int
    pages_port: int

    @property
    def rules(self) -> list[str]:
        service, pages = f"127.0.0.1:{self.service_port}", f"127.0.0.1:{self.pages_port}"
        rules = [f"MAP {name} {service}" for name in (SERVICE, SHARED_SERVICE)]
        for name in PAGES:
            rules += [f"MAP {name} {pages}", f"MAP *.{name} {pages}"]
        return rules


@contextlib.contextmanager
def running_embedding(folder: Path, certificate: Certificate) -> Iterator[Embedding]:
    home = folder / "service"
    home.mkdir()
    (home / "cookiegate.toml").write_text(CONFIGURATION)
    port = free_port()
    command = [
        sys.executable, "-m", "cookiegate", "serve", "--config", str(home / "cookiegate.toml"),
        "--bind", f"127.0.0.1:{port}", "--tls", str(certificate.cert), str(certificate.key),
        "--workers", "1", "--threads", "12",
    ]  # fmt: skip
    with contextlib.ExitStack() as stack:
        tags = {how: _printed(home, how) for how in ("pinned", "inline")}
        tags["moved"] = _printed(home, "pinned", "moved.test")
        tags["older"] = _of_an_older_release(home, tags["pinned"])
        tags["kept"] = _kept_by_a_browser(tags["inline"])
        tags["outdated"] = re.sub(r"(question&#34;:&#34;)[0-9a-f]+", r"\g<1>0123456789ab", tags["pinned"])
        pages = stack.enter_context(_running_pages(certificate, tags))
        stack.enter_context(process(command, ready=lambda: _ready(port), log=folder / "service.log"))
        yield Embedding(home, port, pages)


def _printed(home: Path, how: str, site: str = "shop.test") -> str:
    """The tag in one of its other forms, as the command prints it."""
    config = home / "cookiegate.toml"
    return subprocess.run(
        [sys.executable, "-m", "cookiegate", "embed", site, f"--{how}", "--config", config],
        capture_output=True,
        text=True,
        check=True,
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ).stdout


def _older(name: str) -> str:
    """A script of version 1 as it was in November 2026, before frames had placeholders."""
    return gzip.decompress(Path(__file__).with_name("older").joinpath(f"{name}.js.gz").read_bytes()).decode()


def _of_an_older_release(home: Path, tag: str) -> str:
    """A tag whose script is an earlier one; the state folder has kept it, as it does of each."""
    (now,) = (home / ".cookiegate" / "embed" / "pinned").glob("pinned.*.js")
    then = _older("pinned")
    name = f"pinned.{hashlib.sha256(then.encode()).hexdigest()[:8]}.js"
    now.with_name(name).write_text(then)
    integrity = "sha384-" + base64.b64encode(hashlib.sha384(then.encode()).digest()).decode()
    return re.sub(r'integrity="[^"]+"', f'integrity="{integrity}"', tag).replace(now.name, name)


def _kept_by_a_browser(inline: str) -> str:
    """An earlier loader with the settings of today: what it fetches later is of today's release."""
    (settings,) = re.findall(r"\((\{version:1.*?\})\);", inline)
    settings = re.sub(r"files:\{[^}]*\}", 'files:{more:"01234567",signals:"01234567"}', settings)
    return "<script>" + _older("loader").replace("(SETTINGS,BANNER)", f"({settings})") + "</script>"


def _ready(port: int) -> bool:
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=client_context(), timeout=5)
    with contextlib.closing(connection):
        connection.request("GET", "/_gate/health")
        return connection.getresponse().status == 200


@contextlib.contextmanager
def _running_pages(certificate: Certificate, tags: Mapping[str, str]) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    server.tags = tags  # type: ignore[attr-defined]
    server.daemon_threads, server.block_on_close = True, False
    server.socket = certificate.server_context().wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()


class _Pages(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        host = self.headers.get("Host", "").split(":")[0]
        status, headers, body = page(host, url.path, url.query, self.server.tags)  # type: ignore[attr-defined]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """The same page: what a form gets that does not lead elsewhere."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is asked of these pages but to be there."""
