"""Hostile pages from a seeded grammar, gated, in a real browser: `python -m e2e.hostile --help`."""
