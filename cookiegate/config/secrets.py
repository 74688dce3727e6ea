"""The keys of the consent cookie, and what a start needs before it may sign anything with them."""

from __future__ import annotations

import os
import secrets
import stat
import tempfile
from pathlib import Path

from ..errors import ConfigError
from .refusal import Refusal
from .rules import secret
from .schema import Config

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MAX_FILE = 100_000


def secret_keys_of(config: Config) -> tuple[str, ...]:
    """The keys, newest first: `secret_keys`, else the ones in the secret file, which the first start makes.

    Raises ConfigError where no secret is set and none can be kept: a secret that a restart forgets would
    ask every visitor again, and one per worker would refuse every second cookie.
    """
    return config.secret_keys or read_or_make_secret(config.secret_path)


def read_or_make_secret(path: Path) -> tuple[str, ...]:
    """Read the keys of `path`, one a line; where the file is missing, make it with one new key and mode 0600.

    Any number of processes may start at once: a finished file is linked into place, the first one wins, and
    all of them read that one.
    """
    try:
        if not path.exists():
            _make(path)
        return _read(path)
    except OSError as error:
        remedy = (
            f"no secret can be kept there ({error.strerror or error}); make state_dir writable, "
            "or set secret_keys or secret_file"
        )
        raise ConfigError("secret_file", str(path), "secret", remedy) from None


def write_new(path: Path, content: str) -> None:
    """Put a finished, synced file of mode 0600 at `path`, unless one is there already: that one stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}-", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        give_to_owner(file.fileno(), path.parent)
        os.fsync(file.fileno())
        try:
            os.link(file.name, path)
        except FileExistsError:
            return
        sync_folder(path.parent)


def give_to_owner(descriptor: int, folder: Path) -> None:
    """What root writes there, by a command run with sudo, must stay readable for the account of the site."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def sync_folder(folder: Path) -> None:
    """Make a new name in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_exposed(path: Path) -> bool:
    """Whether accounts other than the owner's may read or write the file."""
    return bool(stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO))


def plain_http_warning(config: Config) -> str | None:
    """One sentence where the site is on plain http under a name that browsers do not trust, else None."""
    if not config.site.public_url.startswith("http://") or config.site.host in LOOPBACK:
        return None
    if config.site.host.endswith(".localhost"):
        return None
    consequence = (
        "choices are stored in an unprotected cookie, because insecure_http is on"
        if config.insecure_http
        else "browsers will not store a choice there; serve the site over https, or set insecure_http = true"
    )
    url = config.site.public_url
    return f"{config.source}: site.public_url = {url!r} is plain http off localhost: {consequence}"


def _make(path: Path) -> None:
    write_new(path, secrets.token_urlsafe(32) + "\n")


def _read(path: Path) -> tuple[str, ...]:
    with path.open("rb") as file:
        lines = file.read(MAX_FILE).decode("utf-8", "replace").split("\n")
    keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not keys:
        raise ConfigError(
            "secret_file", str(path), "secret", "the file is empty; delete it and a new one is made"
        )
    try:
        return tuple(secret(key) for key in keys)
    except Refusal as refusal:
        raise ConfigError("secret_file", str(path), "secret", f"{refusal.remedy} on each line") from None
