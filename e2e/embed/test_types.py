"""The sources hold what their types promise, and what is sent is made from them (`make scripts`)."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from ..lab.servers import ROOT

pytestmark = pytest.mark.node


def test_scripts_are_typed_and_built_from_their_sources() -> None:
    node = shutil.which("node")
    assert node, "Node is needed: run `make test-node`"
    done = subprocess.run(
        [node, "build-embed.js", "--check"], cwd=ROOT / "e2e" / "node", capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
