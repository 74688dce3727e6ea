"""One running lab: the sites, the recorder, and the two ways to visit them: a browser, or plain HTTPS."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .certificate import Certificate, client_context, make_certificate
from .configuration import write_configurations
from .echo_socket import EchoServer
from .embedding import Embedding, running_embedding
from .recorder import Recorder
from .servers import ROOT, free_port, gunicorn

GATED = "site.test"
OPEN = "open.test"
SAME = "same.test"
SAVED_PAGES = Path(os.environ.get("COOKIEGATE_SAVED_PAGES", ROOT.parent / "shared" / "pages"))
NODE_DIST = ROOT / "e2e" / "node" / "dist"
HTTP_TIMEOUT = 20
ASGI = ("e2e.site.asgi:application", "cookiegate.proxy.worker.ProxyWorker")
EDGES = {"wsgi": ("e2e.site.wsgi:application", "gthread"), "asgi": ASGI, "proxy": ASGI}
"""`LAB_EDGE` -> what gunicorn serves and by which of its workers."""

BROWSER_ITSELF = (
    "accounts.google.com",
    "android.clients.google.com",
    "clients*.google.com",
    "content-autofill.googleapis.com",
    "optimizationguide-pa.googleapis.com",
    "safebrowsing.googleapis.com",
    "update.googleapis.com",
    "*.gvt1.com",
)
"""What Chromium calls of its own accord, whatever page is open: no page of the lab does."""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def header(self, name: str) -> str:
        return ", ".join(self.all(name))

    @property
    def text(self) -> str:
        body = self.body
        if self.header("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        elif self.header("Content-Encoding") == "deflate":
            body = zlib.decompress(body)
        return body.decode("utf-8", "replace")


@dataclass(frozen=True)
class Lab:
    folder: Path
    certificate: Certificate
    recorder: Recorder
    site_port: int
    socket_port: int
    demo_port: int
    embedding: Embedding

    @property
    def resolver_rules(self) -> str:
        """The site's names to gunicorn, its sockets to the echo server, the world to the recorder."""
        site, sockets, world = (
            f"127.0.0.1:{port}" for port in (self.site_port, self.socket_port, self.recorder.port)
        )
        rules = [f"MAP metrics.{name} {world}" for name in (GATED, OPEN)]
        for name in (GATED, OPEN, SAME, "django.test", "down.test", "broken.test"):
            rules += [f"MAP live.{name} {sockets}", f"MAP {name}:8443 {sockets}"]
            rules += [f"MAP {name} {site}", f"MAP *.{name} {site}"]
        rules += [f"MAP {name} ~NOTFOUND" for name in BROWSER_ITSELF]
        rules += self.embedding.rules
        rules += [f"MAP demo.test 127.0.0.1:{self.demo_port}"]
        rules += [f"EXCLUDE {name}" for name in ("127.0.0.1", "localhost", "*.localhost")]
        rules += [f"MAP *:80 127.0.0.1:{self.recorder.plain_port}", f"MAP * {world}"]
        return ", ".join(rules)

    def fetch(
        self,
        path: str,
        *,
        host: str = GATED,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Reply:
        """One HTTPS request by a client that does as it is told: no redirects, no cookie jar."""
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.site_port, context=client_context(), timeout=HTTP_TIMEOUT
        )
        with contextlib.closing(connection):
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in {"Host": host, **(headers or {})}.items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return Reply(response.status, response.getheaders(), response.read())

    def seen(self, host: str = GATED) -> list[dict[str, str]]:
        """The environ of each request that reached the site's own code, oldest first."""
        path = self.folder / f"seen-{host}.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]


@contextlib.contextmanager
def running_lab(folder: Path, *, gate: bool = True) -> Iterator[Lab]:
    certificate = make_certificate(folder)
    write_configurations(folder)
    env = {
        "LAB_DIR": str(folder),
        "LAB_GATE": "on" if gate else "off",
        "LAB_EDGE": os.environ.get("LAB_EDGE", "wsgi") if gate else "wsgi",
        "LAB_SAVED_PAGES": str(SAVED_PAGES),
        "LAB_NODE_DIST": str(NODE_DIST),
    }
    port = free_port()
    tls = ["--certfile", str(certificate.cert), "--keyfile", str(certificate.key)]
    with contextlib.ExitStack() as stack:
        recorder = stack.enter_context(Recorder(certificate).running())
        sockets = stack.enter_context(EchoServer(certificate).running())
        embedding = stack.enter_context(running_embedding(folder, certificate))
        lab = Lab(folder, certificate, recorder, port, sockets.port, free_port(), embedding)
        if env["LAB_EDGE"] == "proxy":
            env["LAB_UPSTREAM"] = stack.enter_context(_upstream(folder, env))
        stack.enter_context(
            gunicorn(
                *EDGES[env["LAB_EDGE"]],
                port=port,
                ready=lambda: lab.fetch("/empty", host=OPEN).status == 204,
                log=folder / "gunicorn.log",
                env=env,
                options=tls,
            )
        )
        yield lab


@contextlib.contextmanager
def _upstream(folder: Path, env: Mapping[str, str]) -> Iterator[str]:
    """The sites without a gate, in a process of their own: what the proxy stands in front of."""
    port = free_port()

    def ready() -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HTTP_TIMEOUT)
        with contextlib.closing(connection):
            connection.request("GET", "/empty", headers={"Host": OPEN})
            return connection.getresponse().status == 204

    alone = {**env, "LAB_GATE": "off", "LAB_EDGE": "wsgi"}
    log = folder / "upstream.log"
    with gunicorn("e2e.site.wsgi:application", port=port, ready=ready, log=log, env=alone):
        yield f"http://127.0.0.1:{port}"
