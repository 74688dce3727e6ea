"""`make bench-dashboard`: what a first view costs the server and the wire, and what that grows with. One run.

python -m tests.bench.dashboard [--rows 1200000] [--sites 1]
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import tempfile
import time
from datetime import date
from pathlib import Path

from argon2 import PasswordHasher
from flask.testing import FlaskClient

from cookiegate.config import Config
from cookiegate.core.sealing import DaySeal, Row
from cookiegate.core.sealing.periods import day_of
from cookiegate.dashboard.accounts import Accounts
from cookiegate.dashboard.app import build, warm
from cookiegate.stores.sqlite import SqliteStore

from .counts import line, median_ms
from .many_sites import copied

SITE = "www.site.test"
FIRST = day_of(date(2025, 11, 24))
DAYS = 365
ORIGIN = "https://stats.test"
PASSWORD = "a rather long password"
COUNTRIES = (
    "GB",
    "DE",
    "US",
    "FR",
    "NL",
    "IE",
    "CA",
    "AU",
    "NZ",
    "ES",
    "IT",
    "PL",
    "SE",
    "NO",
    "JP",
    "IN",
    "BR",
    "ZA",
)
LABELS = {
    "hour": [f"{n:02d}" for n in range(24)],
    "region": [f"{country}-{part}" for country in COUNTRIES for part in ("A", "B", "C", "D")],
    "device": ["desktop", "mobile", "tablet", "other"],
    "channel": ["search", "direct", "social", "ai", "email", "other"],
    "state": ["undecided", "denied", "granted", "signal"],
    "browser": [f"Browser {n}" for n in range(12)],
    "system": [f"System {n}" for n in range(9)],
    "language": ["en", "de", "fr", "nl", "es", "it", "pl", "sv", "no", "ja"],
    "bot": ["seo", "ai-crawler", "search-engine", "monitoring"],
    "utm_campaign": [f"campaign-{n}" for n in range(6)],
    "held:service": ["google-analytics", "meta-pixel", "hotjar"],
} | {f"prompt:{event}:{side}": labels for event in ("shown", "accept", "reject", "custom", "withdrawn")
     for side, labels in (("region", ["GB-A", "DE-A", "US-A"]), ("device", ["desktop", "mobile"]),
                          ("language", ["en", "de"]), ("banner", ["v1"]))}  # fmt: skip


def day_rows(rng: random.Random, pages: int, factor: int) -> list[Row]:
    """One sealed day. `factor` times the traffic, in the same cells."""
    labels = LABELS | {
        "page": [f"/section-{n % 40}/page-{n}" for n in range(pages)],
        "referrer": [f"site-{n}.example" for n in range(pages // 20)],
    }
    rows = [
        Row(panel, "", label, factor * (v := 10 + int(1000 / (n + 1)) + rng.randrange(9)), factor * (v + 5))
        for panel, names in labels.items()
        for n, label in enumerate(names)
    ]
    total = sum(row.visits for row in rows if row.panel == "page")
    return [*rows, Row("total", "", "", total, 2 * total)]


def fill(store: SqliteStore, pages: int, factor: int = 1) -> int:
    rng, rows = random.Random(1), 0
    for day in range(FIRST, FIRST + DAYS):
        found = day_rows(rng, pages, factor)
        store.close_day(SITE, day, lambda _, found=found: DaySeal(found, []))
        rows += len(found)
        if (day - FIRST) % 122 == 121:
            print(f"  … {rows:,} rows", flush=True)
    return rows


def opened(folder: Path, store: SqliteStore) -> FlaskClient:
    """A client that is signed in."""
    accounts = Accounts(folder / "accounts.sqlite", hasher=PasswordHasher(1, 64, 1))
    accounts.add("anna", PASSWORD, "admin")
    config = Config(state_dir=folder, site={"public_url": f"https://{SITE}"})
    now = (FIRST + DAYS) * 86400.0 + 6 * 3600
    app = build(config, store=store, accounts=accounts, clock=lambda: now)
    warm(app)
    client = app.test_client()
    page = client.get("/sign-in", base_url=ORIGIN).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    data = {"csrf_token": token[1], "name": "anna", "password": PASSWORD}
    assert client.post("/sign-in", base_url=ORIGIN, data=data).status_code == 303
    return client


def bench(pages: int, factor: int = 1, sites: int = 1) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = SqliteStore(folder / "counts.sqlite")
        rows = fill(store, pages, factor)
        for number in copied(store, SITE, sites - 1):
            if number % 10 == 0:
                print(f"  … {rows * number:,} rows", flush=True)
        client = opened(folder, store)

        def view(query: str) -> bytes:
            answer = client.get(
                f"/sites/{SITE}/{query}", base_url=ORIGIN, headers={"Accept-Encoding": "gzip"}
            )
            assert answer.status_code == 200
            return answer.data

        among = f"one of {sites} sites, {rows * sites:,} rows in all" if sites > 1 else ""
        much = f"{factor} times the traffic" if factor > 1 else "as much traffic"
        print(f"a year of {rows:,} rows, {among or much}")
        start = time.perf_counter()
        page = view("")
        line("the very first view: 28 days, compared", f"{(time.perf_counter() - start) * 1000:.0f} ms")
        line("that view again", f"{median_ms(lambda: view('')):.0f} ms")
        line("filtered by a country", f"{median_ms(lambda: view('?region=GB')):.0f} ms")
        line("12 months", f"{median_ms(lambda: view('?period=12m'), 3):.0f} ms")
        sent = [client.get(path, base_url=ORIGIN).data for path in
                re.findall(r'(?:href|src)="(/_gate/static/[^"]+)"', gzip.decompress(page).decode())]  # fmt: skip
        line("its bytes, gzip: page", f"{len(page) / 1000:.1f} kB")
        line(
            "and with style and script",
            f"{(len(page) + sum(len(gzip.compress(s)) for s in sent)) / 1000:.1f} kB",
        )
        store.close()


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_200_000)
    options.add_argument("--sites", type=int, default=1, help="as many such sites, and nothing else")
    chosen = options.parse_args()
    rows = chosen.rows
    if chosen.sites > 1:
        bench(max(40, rows // DAYS), sites=chosen.sites)
        return
    for part in (20, 4, 1):
        bench(max(40, rows // DAYS // part))
    bench(max(40, rows // DAYS // 4), factor=100)


if __name__ == "__main__":
    main()
