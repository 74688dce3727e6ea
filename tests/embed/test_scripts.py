"""The scripts that are sent are the ones whose sources lie beside them, and they stay small."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re

import pytest

from cookiegate.embed.scripts import APART, LATER, Scripts
from cookiegate.face.folders import packaged_folder

SOURCES = packaged_folder("static") / "js" / "embed"


def test_built_scripts_come_from_these_sources() -> None:
    """Remedy: `make scripts`."""
    found = hashlib.sha256()
    for path in sorted(SOURCES.glob("*.js"), key=lambda path: path.stem):
        found.update(f"{path.stem}\n{path.read_text('utf-8')}".encode())
    assert (SOURCES / "built" / "sources.sha256").read_text().strip() == found.hexdigest()


@pytest.mark.parametrize(
    "name", ["loader", "marking", "own", "ownmore", "pinnedloader", "pinnedmore", *LATER]
)
def test_no_script_evaluates_text_or_writes_markup(name: str) -> None:
    text = (SOURCES / "built" / f"{name}.js").read_text()
    assert not re.search(
        r"\beval\b|new Function|innerHTML|insertAdjacentHTML|\.style\b|setTimeout\(['\"]", text
    )


def test_settings_cannot_end_the_script_element() -> None:
    text = Scripts().loader({"vendors": [], "link": {"": ["</script><script>alert(1)"]}})
    assert "</script" not in text.partition("SETTINGS")[0].rpartition('{"vendors"')[2]


def test_pinned_form_holds_no_site() -> None:
    scripts = Scripts()
    assert scripts.pinned.count("JSON.parse(document.currentScript.dataset.settings)") == 1
    assert len(gzip.compress(scripts.pinned.encode(), 9)) < 9_000


@pytest.mark.parametrize("name", APART)
def test_pinned_form_names_what_it_leaves_out_by_its_hash(name: str) -> None:
    scripts = Scripts()
    file = scripts.files[name]
    text = scripts.kept[file]
    digest = base64.b64encode(hashlib.sha384(text.encode()).digest()).decode()
    assert f'"/{file}","sha384-{digest}"' in scripts.pinned
    assert text not in scripts.pinned
