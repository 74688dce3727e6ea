"""Host patterns as sources of a policy."""

from __future__ import annotations

import pytest

from cookiegate.core.host_sources import host_sources


@pytest.mark.parametrize(
    ("pattern", "sources"),
    [
        ("t.example", ("t.example",)),
        ("*.t.example", ("*.t.example", "t.example")),
        ("t.example/px", ("t.example/px", "t.example/px/")),
        ("t.example/a/b.js", ("t.example/a/b.js",)),
        ("t.example/a/js?*id=1", ("t.example/a/js",)),
        ("t.example/*/sdk.js", ("t.example",)),
        ("t.example/a/*/sdk.js", ("t.example/a/",)),
    ],
)
def test_pattern_becomes_its_narrowest_sources(pattern: str, sources: tuple[str, ...]) -> None:
    assert host_sources([pattern]) == sources


def test_path_is_left_out_where_the_host_passes_whole() -> None:
    assert host_sources(["t.example/px", "t.example"]) == ("t.example",)
