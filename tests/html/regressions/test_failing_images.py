"""A held image fails: what its page does about a failing one would run, and complain of what is held too."""

from __future__ import annotations

import pytest

from cookiegate.core.html.restore import restore

from ..table import rewriter

IMAGES = [
    '<img src="https://a.test/a.png" alt="" onerror="tracker.failed(this)">',
    "<img alt='' onError=tracker.failed(this) src='https://a.test/a.png'/>",
    '<img ONERROR="tracker.failed(this)" srcset="https://a.test/a.png 2x" style="color: red">',
    '<noscript><img src="https://a.test/a.png" onerror="tracker.failed(this)"></noscript>',
]


@pytest.mark.parametrize("image", IMAGES)
def test_handler_of_a_held_image_is_put_aside_and_comes_back(image: str) -> None:
    gated = rewriter().whole(image.encode())
    assert b"data-gate-onerror=" in gated.lower()
    assert restore(gated) == image.encode()


def test_handler_of_an_image_that_passes_stays() -> None:
    image = b'<img src="/a.png" onerror="retry(this)"><img src="https://ok.test/a.png" onerror="retry(this)">'
    assert rewriter().whole(image) == image
