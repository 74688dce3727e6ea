"""The operator's settings, checked, and what is kept beside them: the secret and the published question."""

from .dashboard import Dashboard, Mail
from .embed import Embed, embedded_config, origins_of
from .published import changes, publish, published_question, question_from, read_published
from .schema import Config, Controller, CookieEntry, Counts, FullAddress, Goal, Proxy, ServiceEntry, Site
from .secrets import plain_http_warning, read_or_make_secret, secret_keys_of
from .sources import from_flask, load_toml
from .validation import Known, KnownService, validate

__all__ = [
    "Config",
    "Controller",
    "CookieEntry",
    "Counts",
    "Dashboard",
    "Embed",
    "FullAddress",
    "Goal",
    "Known",
    "KnownService",
    "Mail",
    "Proxy",
    "ServiceEntry",
    "Site",
    "changes",
    "embedded_config",
    "from_flask",
    "load_toml",
    "origins_of",
    "plain_http_warning",
    "publish",
    "published_question",
    "question_from",
    "read_or_make_secret",
    "read_published",
    "secret_keys_of",
    "validate",
]
