from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.corpus.fetch import fetched

SHARED = Path(
    os.environ.get("COOKIEGATE_SAVED_PAGES", Path(__file__).resolve().parents[3] / "shared" / "pages")
)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """html5lib's parser tests; fails with what to do where they cannot be had."""
    return fetched()


def shared_pages() -> list[Path]:
    """Saved real pages, where they lie beside the checkout."""
    return sorted(SHARED.glob("*.html"))


on_real_pages = pytest.mark.skipif(not shared_pages(), reason=f"no saved pages: {SHARED} is not there")
