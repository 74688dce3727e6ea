"""What a first visit loads, compressed as it is sent: the loader with its settings, the main script with the banner."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Service, make_config

QUIET = ("hotjar", "youtube", "matomo", "vimeo", "google-maps")
VENDORS = ("google-analytics", "google-tag-manager", "meta-pixel", "hotjar", "youtube", "microsoft-ads")


def sizes(service: Service) -> list[int]:
    headers = {"Accept-Encoding": "gzip"}
    base = "/_gate/embed/www.shop.test"
    loader = service.client.get(base + ".js", headers=headers).data
    return [len(loader), len(service.client.get(f"{base}/asking.js?lang=en&signal=", headers=headers).data)]


@pytest.mark.parametrize(
    ("services", "most"),
    [(QUIET, 6_000), (VENDORS, 7_000)],
    ids=["without consent signals", "with consent signals"],
)
def test_first_visit_loads_little(tmp_path: Path, services: tuple[str, ...], most: int) -> None:
    found = sizes(Service(make_config(tmp_path, services=services, privacy_url="/privacy")))
    assert sum(found) <= most, found
