"""Alembic's scripts for stores on a server; `cookiegate migrate` runs them."""
