"""The error tree. Errors carry data; their text is one sentence that names the thing and the remedy."""

from __future__ import annotations


class CookieGateError(Exception):
    """The root of every error that this package raises on purpose."""


class ConfigError(CookieGateError):
    """A setting that cannot be used. Commands print it as one line and exit with status 2.

    `key` is the dotted name as the operator wrote it, `value` what stood there, `source` the file
    (or `COOKIEGATE_*`), `remedy` the sentence that says what to write instead.
    """

    def __init__(self, key: str, value: object, source: str, remedy: str) -> None:
        self.key = key
        self.value = value
        self.source = source
        self.remedy = remedy
        super().__init__(f"{source}: {key} = {value!r}: {remedy}")


class BadConsentCookie(CookieGateError):
    """A consent cookie that is not ours or no longer valid; the visitor is undecided. `reason` is one word."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"consent cookie refused: {reason}")


class LedgerError(CookieGateError):
    """A choice could not be recorded durably; a grant must not be given, a refusal takes effect."""


class StoreError(CookieGateError):
    """A store of counts did nothing of what it was asked; the caller may ask again."""


class GeoError(CookieGateError):
    """A database of regions that cannot be read; counting goes on with the region unknown."""


class MailError(CookieGateError):
    """A report that could not be sent."""


class AccountError(CookieGateError):
    """An account of the dashboard that cannot be made, found or read."""


class AccountRefusal(AccountError):
    """Something about an account that its own rules do not allow; the sentence is for whoever asked."""

    @property
    def sentence(self) -> str:
        text = str(self)
        return f"{text[:1].upper()}{text[1:]}."


class BadRequest(CookieGateError):
    """A visitor's request that changes nothing; `sentence` is shown to them with `status`."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status = status
        self.sentence = sentence
        super().__init__(sentence)
