"""Reverse proxies before one static nginx, turn about in one run: `python -m tests.bench.proxies`."""
