"""The dashboard: sealed figures on pages of their own, for whoever may sign in.

It reads nothing but `Store.sums` and `Store.rows`, so it can show nothing that was not published.
"""
