from __future__ import annotations

from cookiegate.core.early_hints import gated_hints
from cookiegate.core.verdicts import Verdict


def url(url: str, base: str) -> Verdict | None:
    return Verdict(True, "marketing", "ads", "ads.test") if "ads.test" in url else None


def test_only_links_that_pass_are_hinted() -> None:
    sent: list[tuple[str, str]] = []
    hint = gated_hints(sent.extend, url)
    hint([("Link", "</a.css>; rel=preload, <https://ads.test/>; rel=preconnect"), ("X-Other", "1")])
    hint([("link", "<https://ads.test/>; rel=preconnect")])
    assert sent == [("Link", "</a.css>; rel=preload")]
