"""A load generator: a few connections that are kept, each asking again as soon as it is answered.

Runs in a process of its own, bounded in time: `python -m tests.bench.load PORT PATH SECONDS CONNECTIONS`,
with the request's headers as JSON on stdin. Prints JSON: `seconds`, and the latencies in microseconds.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from .browser import lines

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Load:
    """What one round of load met with. `answers` counts the first of each connection too."""

    seconds: float
    latencies: tuple[float, ...]
    answers: int

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, rank: int) -> float:
        """Microseconds."""
        return quantiles(self.latencies, n=100, method="inclusive")[rank - 1]


def drive(port: int, path: str, headers: dict[str, str], *, seconds: float, connections: int) -> Load:
    """Load a server for a while. Raises CalledProcessError where an answer was not as it should be."""
    command = [sys.executable, "-m", "tests.bench.load", str(port), path, str(seconds), str(connections)]
    ran = subprocess.run(
        command,
        input=json.dumps(headers),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        timeout=60 + seconds,
    )
    if ran.returncode:
        raise RuntimeError(f"the load on {path} failed: {ran.stderr.strip().splitlines()[-1:]}")
    found = json.loads(ran.stdout)
    return Load(found["seconds"], tuple(found["latencies"]), len(found["latencies"]) + connections)


async def _visit(port: int, request: bytes, seconds: float, latencies: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    await _answer(reader, writer, request)
    end = perf_counter() + seconds
    while (start := perf_counter()) < end:
        await _answer(reader, writer, request)
        latencies.append(round((perf_counter() - start) * 1e6, 1))
    writer.close()
    await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
    """One whole answer, which must be a 200 of a known length."""
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
    if b" 200 " not in head[:16] or not length:
        raise SystemExit(f"not a plain answer: {head[:200]!r}")
    await reader.readexactly(int(length))


async def _visits(port: int, request: bytes, seconds: float, connections: int) -> tuple[float, list[float]]:
    latencies: list[float] = []
    start = perf_counter()
    await asyncio.gather(*(_visit(port, request, seconds, latencies) for _ in range(connections)))
    return perf_counter() - start, latencies


def main() -> None:
    port, path, seconds, connections = sys.argv[1:]
    request = lines(path, json.load(sys.stdin))
    took, latencies = asyncio.run(_visits(int(port), request, float(seconds), int(connections)))
    json.dump({"seconds": took, "latencies": latencies}, sys.stdout)


if __name__ == "__main__":
    main()
