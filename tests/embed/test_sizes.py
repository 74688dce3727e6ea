"""What a first visit loads, compressed as it is sent: one script, with the site's settings and the banner in it."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from .conftest import Service, make_config

QUIET = ("hotjar", "youtube", "matomo", "vimeo", "google-maps")
VENDORS = ("google-analytics", "google-tag-manager", "meta-pixel", "hotjar", "youtube", "microsoft-ads")
SIGNALS = (*VENDORS, "microsoft-clarity", "tiktok-pixel", "pinterest-tag")


def first_visit(service: Service) -> int:
    answer = service.client.get("/_gate/embed/www.shop.test.js", headers={"Accept-Encoding": "gzip"})
    assert b"Accept all cookies" in gzip.decompress(answer.data)
    return len(answer.data)


@pytest.mark.parametrize(
    "services", [QUIET, VENDORS, SIGNALS], ids=["no consent signals", "some vendors", "every vendor"]
)
def test_first_visit_loads_under_6_kb(tmp_path: Path, services: tuple[str, ...]) -> None:
    service = Service(make_config(tmp_path, services=services, privacy_url="/privacy"))
    assert first_visit(service) < 6_000


def test_first_visit_without_a_policy_loads_under_6_kb_too(tmp_path: Path) -> None:
    """With every vendor's signals: tags that nobody holds must find everything denied."""
    embed = {"www.shop.test": {"policy": "marks"}}
    service = Service(make_config(tmp_path, services=SIGNALS, privacy_url="/privacy", embed=embed))
    assert b"tiktok" in service.client.get("/_gate/embed/www.shop.test.js").data
    assert first_visit(service) < 6_000


def test_returning_visitor_is_answered_without_a_body(service: Service) -> None:
    """Both what the tag loads and what it loads later stand under names or tags that a browser keeps."""
    loader = service.client.get("/_gate/embed/www.shop.test.js")
    again = {"If-None-Match": loader.headers["ETag"]}
    answer = service.client.get("/_gate/embed/www.shop.test.js", headers=again)
    assert (answer.status_code, answer.data) == (304, b"")
    found = re.findall(r'\b(more|signals):"([^"]+)"', loader.text)
    assert len(found) == 2
    for name, digest in found:
        kept = service.client.get(f"/_gate/embed/www.shop.test/{name}.{digest}.js").headers["Cache-Control"]
        assert "immutable" in kept
