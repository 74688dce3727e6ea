"""Changes to a `cookiegate.toml` that keep its comments, its order and its layout.

The new text is read and checked as a start would before it replaces the old one, whole or not at all.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from ..errors import ConfigError
from .refusal import Refusal
from .rules import optional_category
from .schema import Config
from .sources import load_toml
from .web_rules import host, host_pattern

Check = Callable[[Config], None]


def allow_host(path: Path, pattern: str, check: Check) -> bool:
    """Put `pattern` into `allow`; False where it is there already. Raises ConfigError, with nothing changed."""
    name = _valid("allow", pattern, host_pattern)
    document = _read(path)
    listed = document.setdefault("allow", tomlkit.array())
    if not isinstance(listed, list):
        raise ConfigError("allow", str(listed), str(path), "write a list in square brackets")
    if name in listed:
        return False
    listed.append(name)
    _replace(path, tomlkit.dumps(document), check)
    return True


def classify_host(path: Path, name: str, category: str, check: Check) -> bool:
    """Give `name` its category in `[classify]`; False where it has it already. Raises ConfigError."""
    name = _valid("classify", name, host)
    category = _valid(f"classify.{name}", category, optional_category)
    document = _read(path)
    table = document.setdefault("classify", tomlkit.table())
    if not hasattr(table, "setdefault"):
        raise ConfigError("classify", str(table), str(path), "write a table: host = category")
    if table.get(name) == category:
        return False
    table[name] = category
    _replace(path, tomlkit.dumps(document), check)
    return True


def _valid(key: str, value: str, rule: Callable[[str], str]) -> str:
    try:
        return rule(value)
    except Refusal as refusal:
        raise ConfigError(key, value, "command line", refusal.remedy) from None


def _read(path: Path) -> tomlkit.TOMLDocument:
    """Raises ConfigError where the file, if there is one, cannot be used as it stands."""
    if not path.exists():
        return tomlkit.document()
    load_toml(path)
    try:
        return tomlkit.parse(path.read_text("utf-8-sig"))
    except TOMLKitError as error:
        raise ConfigError("file", path.name, str(path), f"cannot be edited here: {error}") from None


def _replace(path: Path, text: str, check: Check) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}-")
    try:
        with open(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        check(load_toml(name))
        if path.exists():
            found = path.stat()
            os.chmod(name, found.st_mode)
            if os.geteuid() == 0:
                os.chown(name, found.st_uid, found.st_gid)
        else:
            os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
