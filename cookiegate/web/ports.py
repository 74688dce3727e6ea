"""What the pages need of a gate. `cookiegate.gate.Gate` is one; tests may bring a smaller one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ..config import Config
from ..core.consent import Choice, Consent
from ..core.consent_cookie import ConsentCodec
from ..core.once_cookie import Once, OnceCodec
from ..core.preview import PreviewCodec
from ..core.question import Question
from ..core.services import CookieMatch, Service
from ..core.site import Site
from ..counting import Counter
from ..face import Face
from ..ledger import Ledger
from ..metrics import Metrics
from ..tally import Tally


class CataloguePort(Protocol):
    def service(self, id: str, /) -> Service | None: ...
    def match_cookie(self, name: str, /) -> CookieMatch | None: ...


class CookieNamesPort(Protocol):
    """`find` gives (consent value, one-shot value) of a Cookie header."""

    consent: str
    refused: str
    refused_here: str
    once: str
    preview: str

    def find(self, header: str, /) -> tuple[str | None, str | None]: ...
    def marks(self, header: str, /) -> dict[str, str]: ...


class VariantsPort(Protocol):
    def site(self, request: Mapping[str, Any], /) -> Site: ...


class GatePort(Protocol):
    """Read-only attributes are written as properties, so that a plain attribute fits too."""

    @property
    def config(self) -> Config: ...
    @property
    def catalogue(self) -> CataloguePort: ...
    @property
    def question(self) -> Question: ...
    @property
    def face(self) -> Face: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def tally(self) -> Tally: ...
    @property
    def held_name(self) -> Callable[[str], str]: ...
    @property
    def counter(self) -> Counter | None: ...
    @property
    def metrics(self) -> Metrics | None: ...
    @property
    def codec(self) -> ConsentCodec: ...
    @property
    def once_codec(self) -> OnceCodec: ...
    @property
    def cookie_names(self) -> CookieNamesPort: ...
    @property
    def preview(self) -> PreviewCodec: ...
    @property
    def variants(self) -> VariantsPort: ...
    @property
    def clock(self) -> Callable[[], float]: ...
    @property
    def today(self) -> int: ...

    def consent(self, request: Any, cookie: str | None, once: Once | None = None, /) -> Consent: ...
    def choice(self, cookie: str, /) -> Choice | None: ...
    def once(self, value: str, /) -> Once | None: ...
