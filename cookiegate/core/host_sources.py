"""Host patterns as source expressions of a Content-Security-Policy (CSP Level 3, section 2.3.1)."""

from __future__ import annotations

from collections.abc import Iterable


def host_sources(patterns: Iterable[str]) -> tuple[str, ...]:
    """Sorted sources that cover `patterns`; a path is kept where CSP can say it, its query never."""
    plain: set[str] = set()
    with_path: set[str] = set()
    for pattern in patterns:
        host, slash, path = pattern.partition("/")
        names = [name + _port(name) for name in ([host[2:], host] if host.startswith("*.") else [host])]
        if not slash:
            plain.update(names)
        else:
            with_path.update(name + form for name in names for form in path_forms("/" + path))
    whole = {source for source in with_path if source.partition("/")[0] not in plain}
    return tuple(sorted(plain | {_without_root(source) for source in whole}))


def _port(host: str) -> str:
    """A source without a port means the usual one alone, which nothing under `.localhost` listens on."""
    return ":*" if host.endswith(".localhost") else ""


def path_forms(path: str) -> tuple[str, ...]:
    """In CSP `/tr` is that file alone and `/tr/` everything below it; a beginning may need both."""
    path, mark, _ = path.partition("?")
    before, star, _ = path.partition("*")
    if star:
        return (before[: before.rfind("/") + 1],)
    if mark or path.endswith("/") or "." in path[path.rfind("/") :]:
        return (path,)
    return (path, path + "/")


def _without_root(source: str) -> str:
    return source[:-1] if source.count("/") == 1 and source.endswith("/") else source
