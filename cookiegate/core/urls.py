"""Where a URL leads, as a browser reads it (WHATWG URL Standard, sections 4.4 and 3.5), for gating only.

`split_url` never raises. Where a browser might refuse a URL, or read it in two ways, it names a host: a URL
that is held too much is safe, one that is held too little is not.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote_to_bytes

Target = tuple[str, str]
"""Host (lower case, ASCII, no port, IPv6 without brackets) and path with query (from "/" on, no fragment)."""

NETWORK_SCHEMES = frozenset({"http", "https", "ws", "wss", "ftp"})
LONGEST_HOST = 253
LONGEST_LABEL = 63
"""Nothing longer has a name in DNS. What is not looked up costs no more than its length."""
WRAPPING_SCHEMES = frozenset({"view-source", "filesystem"})

# The two common forms. The last label of the host must begin with a letter, so that no IPv4 spelling passes;
# the path must need no normalising.
_PLAIN = re.compile(
    r"(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*)(?:(/[\w!$&'()*+,\-.:;=@~/]*(?:\?[^\s#%\\\x00-\x20]*)?))?",
    re.ASCII,
)
_RELATIVE = re.compile(r"/(?:[^/\\\t\n\r]|\Z)|[.?#]|[\w%~-][\w%.~-]*+(?:[/?#]|\Z)|\Z", re.ASCII)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_AUTHORITY_END = re.compile(r"[/\\?#]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_TRIMMED = "".join(map(chr, range(0x21)))
_REMOVED = str.maketrans("", "", "\t\n\r")
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...", "\u00ad\u034f\u200b\u200c\u200d\u2060\ufeff")
_FORBIDDEN = re.compile(r"[\x00-\x20#/:<>?@\[\\\]^|%\x7f-\U0010ffff]")
_PATH_SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


def split_url(url: str, base: str = "") -> Target | None:
    """The host and path that a browser would ask, or None where no host but the page's own is reached.

    `base` is the page's `<base href>`, when it leads elsewhere: relative URLs then reach its host.
    """
    plain = _PLAIN.fullmatch(url)
    if plain is not None and plain.end(1) - plain.start(1) <= LONGEST_HOST:
        path = plain[2]
        if path is None:
            return plain[1], "/"
        if "/." not in path:
            return plain[1], path
    if not base and _RELATIVE.match(url):
        return None
    return _split(url.strip(_TRIMMED).translate(_REMOVED), base)


def _split(url: str, base: str, depth: int = 0) -> Target | None:
    scheme = _SCHEME.match(url)
    if scheme is None:
        return _relative(url, base)
    name = scheme[1].lower()
    rest = url[scheme.end() :]
    if name in NETWORK_SCHEMES:
        return _absolute(rest)
    if name in WRAPPING_SCHEMES and depth < 4:
        return _split(rest, base, depth + 1)
    return None


def _relative(url: str, base: str) -> Target | None:
    lead = url[:2].replace("\\", "/")
    if lead == "//":
        return _absolute(url)
    if not base:
        return None
    start = split_url(base)
    if start is None:
        return None
    host, base_path = start
    path = url.partition("#")[0]
    if not path:
        return host, base_path
    if lead[0] == "/":
        return host, _normal_path(path)
    folder = base_path.partition("?")[0]
    if path[0] == "?":
        return host, folder + path
    return host, _normal_path(folder[: folder.rfind("/") + 1] + path)


def _absolute(rest: str) -> Target:
    """`rest` follows the scheme; any number of slashes and backslashes may come before the authority."""
    rest = rest.lstrip("/\\")
    end = _AUTHORITY_END.search(rest)
    cut = end.start() if end else len(rest)
    return host_of(rest[:cut].rpartition("@")[2]), _normal_path(rest[cut:].partition("#")[0])


def host_of(authority: str) -> str:
    """The host of `host[:port]`, as it is looked up: lower case, ASCII, IPv4 in dotted decimals, no final
    dot.

    Empty where it is too long or holds a character that no host may hold: browsers go nowhere then.
    """
    if authority.startswith("["):
        address = authority[1:].partition("]")[0].lower()
        return "" if _FORBIDDEN.search(address.replace(":", "")) else address
    host = authority.partition(":")[0]
    if "%" in host:
        host = unquote_to_bytes(host).decode("utf-8", "replace")
    if len(host) > LONGEST_HOST:
        return ""
    if not host.isascii():
        host = _ascii(host)
    host = host.lower().rstrip(".")
    if len(host) > LONGEST_HOST or _FORBIDDEN.search(host):
        return ""
    return _ipv4(host) or host


def _ascii(host: str) -> str:
    """UTS 46 mapping as far as lookups need it: compatibility forms, ignorable characters, Punycode."""
    mapped = unicodedata.normalize("NFKC", host.translate(_DOTS)).lower()
    return ".".join(_label(label) for label in mapped.translate(_DOTS).split("."))


def _label(label: str) -> str:
    if label.isascii() or len(label) > LONGEST_LABEL:
        return label
    try:
        return "xn--" + label.encode("punycode").decode("ascii")
    except UnicodeError:
        return label


def _ipv4(host: str) -> str | None:
    """Dotted decimals for every spelling a browser takes for an IPv4 address: 0x7f.1, 017700000001,
    2130706433."""
    parts = host.split(".")
    if len(parts) > 4 or not parts[-1][:1].isdigit():
        return None
    numbers = [_number(part) for part in parts]
    *leading, last = [-1 if number is None else number for number in numbers]
    if any(not 0 <= number < 256 for number in leading) or not 0 <= last < 256 ** (5 - len(parts)):
        return None
    value = last + sum(number << (24 - 8 * place) for place, number in enumerate(leading))
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


def _number(text: str) -> int | None:
    try:
        if len(text) > 16:
            return None
        if text.startswith("0x"):
            return int(text[2:] or "0", 16)
        return int(text, 8 if text.startswith("0") and len(text) > 1 else 10)
    except ValueError:
        return None


def _normal_path(path: str) -> str:
    """Backslashes turned, dot segments resolved, escapes of harmless characters undone; the query as it
    is."""
    path, mark, query = path.partition("?")
    path = _ESCAPE.sub(_unescape, path.replace("\\", "/"))
    if not path.startswith("/"):
        path = "/" + path
    if "/." in path:
        path = _without_dots(path)
    return path + mark + query


def _unescape(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _PATH_SAFE else escape[0]


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)
