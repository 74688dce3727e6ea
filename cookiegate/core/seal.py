"""The signature of our cookies: HMAC-SHA256 by itsdangerous, keys newest first, one spelling only.

itsdangerous decodes base64 leniently: it skips foreign characters and ignores the two spare bits of the last
one. A cookie has one spelling here, so those are refused before it is asked.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from itsdangerous import BadSignature, Signer

from ..errors import BadConsentCookie

MAX_INPUT = 4096
"""What is longer is refused before it costs a hash. Browsers keep no longer cookies."""
SIGNED = re.compile(r"[!-~]+\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")


class Seal:
    """Signs with the newest of `secret_keys` and opens what any of them signed under the same `purpose`."""

    def __init__(self, secret_keys: Sequence[str], purpose: str) -> None:
        if not secret_keys:
            raise ValueError("signing needs at least one secret key")
        # itsdangerous takes the newest key last.
        keys = list(reversed(secret_keys))
        self._signer = Signer(keys, salt=purpose, key_derivation="hmac", digest_method=hashlib.sha256)

    def close(self, payload: str) -> str:
        """`payload` (printable ASCII) with its signature, 44 bytes longer."""
        return self._signer.sign(payload).decode("ascii")

    def open(self, value: str) -> str:
        """The payload. Raises BadConsentCookie for anything that `close` did not make."""
        if len(value) > MAX_INPUT:
            raise BadConsentCookie("oversized")
        if not value.isascii():
            raise BadConsentCookie("non-ascii")
        if not SIGNED.fullmatch(value):
            raise BadConsentCookie("unsigned")
        try:
            return self._signer.unsign(value).decode("ascii")
        except BadSignature:
            raise BadConsentCookie("signature") from None
