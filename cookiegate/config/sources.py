"""Where settings come from: one TOML file, Flask's `COOKIEGATE_*`, or both without overlap."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import ConfigError
from .refusal import Refusal, nearest
from .schema import Config
from .table import refuse_unknown, rules_of

PREFIX = "COOKIEGATE_"
FILE_KEY = PREFIX + "CONFIG"
FLASK = "app.config"
MAX_FILE = 1_000_000


def load_toml(path: str | os.PathLike[str]) -> Config:
    """Read a `cookiegate.toml`. Raises ConfigError for anything that cannot be used."""
    file = Path(path)
    return _config(_parse(file), file)


def from_flask(settings: Mapping[str, Any]) -> Config:
    """Read `app.config`: the file that `COOKIEGATE_CONFIG` names, and one `COOKIEGATE_<SETTING>` per setting.

    A setting that stands in both is refused, as two equal keys of a file are.
    """
    given = {key: value for key, value in settings.items() if key.startswith(PREFIX)}
    path = given.pop(FILE_KEY, None)
    own = _flask_settings(given)
    if path is None:
        return _named_config(own)
    if not isinstance(path, str | os.PathLike):
        raise ConfigError(FILE_KEY, path, FLASK, "write the path of a cookiegate.toml")
    raw = _parse(Path(path))
    for key in own:
        if key in raw:
            raise ConfigError(PREFIX + key.upper(), own[key], FLASK, f"{path} sets {key} too; keep one")
    _named_config(own)
    return _config({**raw, **own}, Path(path))


def _config(raw: Mapping[str, Any], file: Path) -> Config:
    try:
        refuse_unknown(Config, raw)
    except Refusal as refusal:
        raise ConfigError(refusal.key, refusal.value, str(file), refusal.remedy) from None
    return Config(**raw, source=str(file), folder=file.absolute().parent)


def _named_config(own: Mapping[str, Any]) -> Config:
    """The same, with keys named as they stand in `app.config`."""
    try:
        return Config(**own, source=FLASK)
    except ConfigError as error:
        head, *rest = re.split(r"(?=[.\[])", error.key, maxsplit=1)
        key = "".join([PREFIX + head.upper(), *rest])
        raise ConfigError(key, error.value, error.source, error.remedy) from None


def _flask_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    known = {PREFIX + name.upper(): name for name in rules_of(Config)}
    for key, value in given.items():
        if key not in known:
            try:
                refuse_unknown(Config, {key.removeprefix(PREFIX).lower(): value})
            except Refusal as refusal:
                hint = nearest(key, ()) or refusal.remedy.partition(";")[0]
                near = nearest(key.removeprefix(PREFIX), rules_of(Config))
                remedy = hint + re.sub(r'"(\w+)"', lambda m: f'"{PREFIX}{m[1].upper()}"', near)
                raise ConfigError(key, value, FLASK, remedy) from None
    return {known[key]: value for key, value in given.items()}


def _parse(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > MAX_FILE:
            raise ConfigError("file", file.stat().st_size, str(file), f"keep it under {MAX_FILE:,} bytes")
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        remedy = f"cannot be read: {error.strerror or error}; write one as docs/settings.md shows"
        raise ConfigError("file", file.name, str(file), remedy) from None
    except UnicodeDecodeError as error:
        raise ConfigError("file", file.name, str(file), f"write it in UTF-8 (byte {error.start})") from None
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _toml_error(str(error), text.splitlines(), file) from None


def _toml_error(message: str, lines: list[str], file: Path) -> ConfigError:
    """tomllib names a line and a column; the operator wants the key and the value that stand there."""
    place = re.search(r"\(at line (\d+), column \d+\)", message)
    number = int(place[1]) if place else len(lines)
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    key, _, value = (part.strip() for part in line.partition("="))
    table = re.search(r"[Cc]annot declare \('?(.+?)'?,?\) twice", message)
    if table:
        key, value = table[1].replace("', '", "."), line
    if table or "overwrite" in message or "duplicate" in message.lower():
        remedy = "this key stands twice in the file; keep one"
    else:
        remedy = re.sub(r" \(at .*\)$", "", message).lower() + "; see https://toml.io"
    shown = "(not shown)" if "secret" in key.lower() else value
    return ConfigError(key[:80] or "file", shown[:80], f"{file}, line {number}", remedy)
