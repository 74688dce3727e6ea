"""Speculation rules and import maps where nobody reads their text: held whole."""

from __future__ import annotations

import pytest

from cookiegate.core.html.restore import restore

from ..table import gate, gate_in

KINDS = ["speculationrules", "importmap", "SpeculationRules"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("root", ["svg", "math><annotation-xml><svg"])
def test_rules_in_a_drawing_are_held(kind: str, root: str) -> None:
    page = f'<{root}><script type={kind}>{{"prefetch":[{{"urls":["//t.test/"]}}]}}</script></svg>'.encode()
    gated = gate(page)
    assert b'<script type="text/plain" data-gate="unclassified" data-gate-type=' in gated
    assert restore(gated) == page


def test_rules_too_long_to_read_are_held() -> None:
    text = b'{"prefetch":[{"urls":["//t.test/"]}],"x":"%s"}' % (b"a" * 300_000)
    page = b"<script type=speculationrules>%s</script>" % text
    gated = gate(page)
    assert gated.startswith(b'<script type="text/plain" data-gate="unclassified" data-gate-type=')
    assert restore(gated) == page
    assert gate_in([page[at : at + 50_000] for at in range(0, len(page), 50_000)]) == gated
