"""Labels as an attacker would have them counted, and a day on which every panel is told of one.

Most can never be counted: `clean_label` and `page_key` stand before the store (tests/counts). What is asked here is
that the dashboard does not lean on that.
"""

from __future__ import annotations

from cookiegate.core.counts import VIEW, VISIT, label_of
from cookiegate.dashboard.panels import PANELS

PLAIN = "plain"

LABELS = {
    "script": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)" x="',
    "single quotes": "' autofocus onfocus='alert(1)",
    "end of a title": "</title></svg><img src=x onerror=alert(1)>",
    "entity": "&lt;script&gt;&#60;b&#62;&quot;",
    "comment": "--><!--<script>",
    "template": "{{7*7}}{% raw %}${7*7}#{7*7}<%= 7*7 %>",
    "address": "javascript:alert(1)//data:text/html,x",
    "formula": "=cmd|' /C calc'!A0",
    "plus": "+1+1",
    "minus": "-1+1",
    "at": "@SUM(1+1)",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "lines": "a\r\nBcc: x@evil.test\n\n=1+1",
    "wide formula": "＝1+1",
    "spaced formula": "  =1+1",
    "formula after a semicolon": 'a;=HYPERLINK("//evil.test");"b',
    "formula after a bar": "a|=1+1",
    "right to left": "\u202egnp.exe\u202c \u2066x",
    "nothing": "a\x00b\x1b[31mred\x07\x9b",
    "invisible": "a\u200bb\ufeff\u2028c",
    "half a pair": "a\ud800b\udfffc",
    "ten kilobytes": "x=" * 5000,
    "percent": "%3Cscript%3E%00%0d%0a%s%n",
    "arabic": "/منتجات/123",
}
"""Name -> label."""


def day_of_labels(label: str) -> dict[tuple[str, str], int]:
    """60 visits: two thirds of each panel under the label, the rest under a plain one."""
    cells = {("hour", "09"): 60 * VISIT + 20 * VIEW}
    for panel in PANELS:
        if panel.source not in ("hour", "region", "device", "channel", "state"):
            cells[panel.source, label] = 40 * VISIT + 20 * VIEW
            cells[panel.source, PLAIN] = 20 * VISIT
    cells["cube", label_of(label, label, label, label)] = 40 * VISIT + 20 * VIEW
    cells["cube", label_of(PLAIN, PLAIN, PLAIN, PLAIN)] = 20 * VISIT
    for event, count in (("shown", 40), ("accept", 20), ("reject", 12)):
        for side in ("banner", "device", "region", "language"):
            cells[f"prompt:{event}:{side}", label] = count * VISIT
    return cells
