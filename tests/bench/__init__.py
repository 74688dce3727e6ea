"""What CookieGate costs, measured: `make bench`, or `python -m tests.bench --help`."""
