"""The sites under test: an ordinary Flask shop with every way to reach a tracker, and a Django one."""
