"""The scripts that tags name by their hash: once a tag is pasted somewhere, its script must never go away."""

from __future__ import annotations

from pathlib import Path

from ..config import Config
from ..config.secrets import write_new
from ..errors import ConfigError
from .scripts import Scripts


def keep_pinned(config: Config, scripts: Scripts) -> Path:
    """Write down the present one, for the day when another release serves it. Raises ConfigError."""
    path = _folder(config) / scripts.pinned_name
    try:
        for name, text in scripts.kept.items():
            write_new(path.with_name(name), text)
    except OSError as error:
        remedy = (
            f"the pinned script cannot be kept there ({error.strerror or error}); make the folder writable"
        )
        raise ConfigError("state_dir", str(config.state_dir), config.source, remedy) from None
    return path


def pinned_scripts(config: Config, scripts: Scripts) -> dict[str, str]:
    """Name -> text: the present one, and every one that was ever printed."""
    kept = {path.name: path.read_text("utf-8") for path in _folder(config).glob("*.*.js")}
    return kept | scripts.kept


def _folder(config: Config) -> Path:
    return config.state_dir / "embed" / "pinned"
