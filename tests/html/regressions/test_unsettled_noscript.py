"""What a `<noscript>` leaves open without script, or an end tag in a drawing, changes how the rest is read."""

from __future__ import annotations

import pytest

from cookiegate.core.html.restore import restore

from ..table import gate

CASES = [
    b"<noscript><template></noscript><col><style></template>%s</style>",
    b"<svg></p><style>%s</style>",
    b"<svg><g></br><title>%s</title>",
]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    "tag", [b'<meta http-equiv=refresh content="0;url=http://t.test/">', b"<img src=http://t.test/>"]
)
def test_what_may_be_markup_then_is_gated_as_markup(case: bytes, tag: bytes) -> None:
    page = case % tag
    gated = gate(page)
    assert b"<gate-" in gated
    assert restore(gated) == page


def test_a_settled_one_leaves_the_rest_as_text() -> None:
    page = b"<noscript><template><p></template></noscript><style>a::after{content:'<meta http-equiv=refresh content=0;//t.test>'}</style>"
    assert gate(page) == page
