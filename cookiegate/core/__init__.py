"""Pure code: no I/O, no clock, no randomness, no framework. Time, keys and data come in as arguments."""
