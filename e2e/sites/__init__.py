"""Whole sites behind `cookiegate proxy`: six of our own, and real saved pages where they lie (`make test-proxy`).

Each is visited three times in Chromium: gated before any decision of its operator, gated after the decisions in
`own.toml` or `saved.toml`, and as it is. Every host but the site's own leads to a stand-in that answers for both.
"""
