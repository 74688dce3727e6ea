"""`python -m tests.bench.proxies [--quick]`: requests a second and latencies, a WebSocket's echoes, a long upload.

The load comes from `wrk` (Debian's package), whose own cost does not count against the slower proxies.
`MITMDUMP` names mitmproxy's command where there is one.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median

from ..browser import PAGE
from ..server import Running
from .bulk import echoes, upload
from .servers import NGINX, SIZES, Proxy, all_proxies

CONNECTIONS = 8
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}
LEFT_OUT = {"Host", "Accept-Encoding"}


@dataclass(frozen=True)
class Round:
    """Milliseconds, but for `per_second`; `processor` is what the proxy's processes took for a request."""

    per_second: float
    p50: float
    p99: float
    processor: float


def load(proxy: Proxy, size: int, seconds: float) -> Round:
    headers = [
        part for name, value in PAGE.items() if name not in LEFT_OUT for part in ("-H", f"{name}: {value}")
    ]
    command = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{seconds}",
        "--latency",
        *headers,
        f"http://127.0.0.1:{proxy.port}{proxy.prefix}/{size}.html",
    ]
    server = Running(proxy.port, proxy.pid)
    before = server.processor_seconds()
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise RuntimeError(f"{proxy.name} at {size} kB: {out}")
    found = {
        rank: float(value) * UNITS[unit]
        for rank, value, unit in re.findall(r"(50|99)%\s+([\d.]+)(us|ms|s)", out)
    }
    per_second = re.search(r"Requests/sec:\s+([\d.]+)", out)
    answers = re.search(r"(\d+) requests in", out)
    assert per_second is not None
    assert answers is not None
    processor = (server.processor_seconds() - before) / int(answers[1]) * 1000
    return Round(float(per_second[1]), found["50"], found["99"], processor)


def table(proxies: list[Proxy], rounds: int, seconds: float) -> None:
    print(
        f"One worker each, {CONNECTIONS} connections, medians of {rounds} rounds of {seconds:g} s, turn about"
    )
    print(
        f"{'':36}"
        + "".join(f"{f'{size:,} kB: 1/s':>16}{'p50 ms':>9}{'p99 ms':>9}{'cpu ms':>8}" for size in SIZES)
    )
    found: dict[tuple[str, int], list[Round]] = {}
    for size in SIZES:
        for _ in range(rounds):
            for proxy in proxies:
                print(f"\r{proxy.name}, {size} kB".ljust(60), end="", file=sys.stderr, flush=True)
                found.setdefault((proxy.name, size), []).append(load(proxy, size, seconds))
    print("\r".ljust(61), end="\r", file=sys.stderr)
    for proxy in proxies:
        cells = ""
        for size in SIZES:
            rows = found[proxy.name, size]
            rate, *times = (median(values) for values in zip(*map(astuple, rows), strict=True))
            cells += f"{rate:16,.0f}" + "".join(
                f"{value:{width}.2f}" for value, width in zip(times, (9, 9, 8), strict=True)
            )
        print(f"{proxy.name:36}{cells}")


def main() -> int:
    missing = [name for name in ("wrk", NGINX) if shutil.which(name) is None]
    if missing:
        print(f"{' and '.join(missing)} missing: on Debian and Ubuntu, apt-get install wrk nginx-light")
        return 1
    quick = "--quick" in sys.argv
    mitmdump = os.environ.get("MITMDUMP")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with (
        tempfile.TemporaryDirectory() as folder,
        all_proxies(Path(folder), Path(mitmdump) if mitmdump else None) as proxies,
    ):
        table(proxies, 1 if quick else 3, 1 if quick else 2)
    if mitmdump is None:
        print("mitmproxy is left out: MITMDUMP names no command")
    print(asyncio.run(echoes(2_000 if not quick else 200)))
    print(asyncio.run(upload(100_000_000 if quick else 1_000_000_000)))
    print(f"load average {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
