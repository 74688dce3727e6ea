"""What an admin sees: accounts, and what was done. Accounts are made on the command line, where the machine is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template
from flask_login import login_required  # type: ignore[import-untyped]

from .desk import Desk
from .looking import check_role

LINES = 200


def admin(desk: Desk) -> Blueprint:
    routes = Blueprint("admin", __name__)

    @routes.get("/admin/")
    @login_required  # type: ignore[untyped-decorator]
    def page() -> Any:
        check_role("admin")
        done = [
            (f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}", name, event)
            for at, name, event in desk.accounts.audit(LINES)
        ]
        return render_template("admin.html", accounts=desk.accounts.all(), done=done)

    return routes
