from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.fetch import fetched

SHARED = Path(__file__).resolve().parents[3] / "shared" / "pages"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """html5lib's parser tests; fails with what to do where they cannot be had."""
    return fetched()


def shared_pages() -> list[Path]:
    """Saved real pages, where they lie beside the checkout."""
    return sorted(SHARED.glob("*.html"))
