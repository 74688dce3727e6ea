"""`Set-Cookie`: read as browsers read it (RFC 6265bis, 5.6), made to last the session, made to expire."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

LIFETIME = ("expires", "max-age")

# What a browser stores: no control character (a whole Set-Cookie with one is ignored), no separator.
_NAME = re.compile(r"[^\x00-\x20\x7f;=]+(?: +[^\x00-\x20\x7f;=]+)*\Z")
_DOMAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?\Z")
_PATH = re.compile(r"/[^\x00-\x20\x7f-\uffff;]*\Z")
# The dates that servers write: `Thu, 01 Jan 1970 00:00:00 GMT`, `Thu, 01-Jan-70 00:00:00 GMT`, and asctime's.
_TIME = r"(?P<time>[0-9]{1,2}:[0-9]{2}:[0-9]{2})"
_DAY = r"(?P<day>[0-9]{1,2})"
_MONTH = r"(?P<month>[A-Za-z]{3})"
_DATES = (
    re.compile(
        rf"(?:[A-Za-z]{{3,9}},? )?{_DAY}[ -]{_MONTH}[ -](?P<year>19[0-9]{{2}}|[789][0-9]) {_TIME}(?: GMT| UTC)?"
    ),
    re.compile(rf"(?:[A-Za-z]{{3}} )?{_MONTH}  ?{_DAY} {_TIME} (?P<year>19[0-9]{{2}})"),
)


class SetCookie(NamedTuple):
    """One parsed header value. Attribute names are in lower case; the last of equal names counts."""

    name: str
    value: str
    attributes: dict[str, str]

    @property
    def httponly(self) -> bool:
        return "httponly" in self.attributes

    @property
    def is_session(self) -> bool:
        return "max-age" not in self.attributes and "expires" not in self.attributes

    @property
    def deletes(self) -> bool:
        """Whether it only takes a cookie away: a lifetime of zero or less, or an end in the last century.

        Where a browser might read it otherwise, it does not.
        """
        age = self.attributes.get("max-age")
        if age is not None:
            return re.fullmatch(r"-[0-9]+|0+", age) is not None
        return _in_last_century(self.attributes.get("expires", ""))


def parse_set_cookie(value: str) -> SetCookie:
    """Never raises. A value without `=` before its first semicolon has the name "", as in a browser."""
    pair, *rest = value.split(";")
    name, equals, content = pair.partition("=")
    if not equals:
        name, content = "", pair
    attributes: dict[str, str] = {}
    for part in rest:
        key, _, text = part.partition("=")
        attributes[key.strip(" \t").lower()] = text.strip(" \t")
    return SetCookie(name.strip(" \t"), content.strip(" \t"), attributes)


def _in_last_century(date: str) -> bool:
    for pattern in _DATES:
        if match := pattern.fullmatch(date):
            year = match["year"][-2:]
            try:
                datetime.strptime(
                    f"{match['day']} {match['month']} 19{year} {match['time']}", "%d %b %Y %H:%M:%S"
                )
            except ValueError:
                return False
            return True
    return False


def as_session(value: str) -> str:
    """The same cookie without a lifetime, every other byte as it came."""
    return _without(value, LIFETIME)


def without_domain(value: str) -> str:
    """The same cookie for the host that sets it alone, every other byte as it came."""
    return _without(value, ("domain",))


def _without(value: str, attributes: tuple[str, ...]) -> str:
    pair, *rest = value.split(";")
    kept = [part for part in rest if part.partition("=")[0].strip(" \t").lower() not in attributes]
    return ";".join([pair, *kept])


def expire(
    name: str,
    *,
    domains: Iterable[str] = (),
    paths: Iterable[str] = ("/",),
    partitioned: bool = False,
) -> list[str]:
    """`Set-Cookie` values that take the cookie away: host-only first, then under each parent domain.

    `partitioned` does it again for the partitioned jar, another jar in the same browser. A name's prefix
    decides what a browser would accept: `__Host-` has no domain and no other path, `__Secure-` is secure.
    A name, domain or path that could not be a cookie's own yields nothing: it may come from a visitor.
    """
    if not _NAME.match(name):
        return []
    lowered = name.lower()
    secure = "; Secure" if lowered.startswith(("__host-", "__secure-", "__http-", "__host-http-")) else ""
    scopes = [""]
    if lowered.startswith("__host-"):
        places = ["; Path=/"]
    else:
        places = [f"; Path={path}" for path in paths if _PATH.match(path)]
        scopes += [f"; Domain={domain}" for domain in domains if _DOMAIN.match(domain)]
    hidden = "; HttpOnly" if lowered.startswith(("__http-", "__host-http-")) else ""
    jars = [secure, "; Secure; Partitioned"] if partitioned else [secure]
    return [
        f"{name}=; Max-Age=0{place}{scope}{jar}{hidden}"
        for jar in jars
        for scope in scopes
        for place in places
    ]


def expire_all(
    names: Iterable[str], *, domains: Iterable[str] = (), partitioned: bool = False, budget: int = 1500
) -> list[str]:
    """`expire` for several cookies, as many whole cookies as fit into `budget` bytes of header values.

    A browser goes on sending what is left, so the next response takes away the next ones.
    """
    domains = tuple(domains)
    lines: list[str] = []
    for name in names:
        more = expire(name, domains=domains, partitioned=partitioned)
        size = sum(len(line) + len("Set-Cookie: \r\n") for line in more)
        if size > budget and lines:
            break
        budget -= size
        lines += more
    return lines
