"""A Django site on plain WSGI or on ASGI, with its own sign-in: sessions, CSRF, users in SQLite."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from cookiegate.asgi.protocol import App

FORM = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Django</title>
<script src="https://www.googletagmanager.com/gtag/js?id=G-DJANGO"></script></head>
<body><h1>Django</h1>
<form method="post">{% csrf_token %}{{ form.as_p }}<button>Sign in</button></form></body></html>"""


def profile(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        f"<!doctype html><html lang=en><title>Profile</title><p id=who>{request.user.get_username()}</p>"
    )


def _urls() -> tuple[URLPattern, ...]:
    """Django's own views can be imported only once the settings are there."""
    from django.contrib.auth.decorators import login_required
    from django.contrib.auth.views import LoginView

    return (
        path("accounts/login/", LoginView.as_view(template_name="login.html")),
        path("profile/", login_required(profile)),
    )


def make_app(folder: Path) -> WSGIApplication:
    _set_up(folder)
    return get_wsgi_application()


def make_asgi_app(folder: Path) -> App:
    _set_up(folder)
    return get_asgi_application()


def _set_up(folder: Path) -> None:
    settings.configure(
        SECRET_KEY="a key for tests alone, of no use elsewhere",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=None,
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "django.sqlite"}},
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [("django.template.loaders.locmem.Loader", {"login.html": FORM})],
                    "context_processors": ["django.template.context_processors.request"],
                },
            }
        ],
        SESSION_COOKIE_SECURE=True,
        CSRF_COOKIE_SECURE=True,
        LOGIN_REDIRECT_URL="/profile/",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=True,
    )
    django.setup()
    settings.ROOT_URLCONF = _urls()
    call_command("migrate", verbosity=0)
    from django.contrib.auth.models import User

    User.objects.create_user("ada", password="correct horse")
