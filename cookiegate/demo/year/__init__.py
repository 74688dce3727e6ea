"""A year of generated traffic for the dashboard: the same each time, counted and sealed by the real counting path.

Nothing of it was measured anywhere. What people visit, from where and how they choose is written in `year.toml`.
"""
