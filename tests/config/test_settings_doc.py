"""docs/settings.md and the schema say the same: every setting, its default, and examples that load."""

import contextlib
import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from cookiegate.config import (
    Config,
    Controller,
    CookieEntry,
    Counts,
    Dashboard,
    Embed,
    FullAddress,
    Goal,
    Mail,
    Proxy,
    ServiceEntry,
    Site,
    load_toml,
)
from cookiegate.config.refusal import Refusal
from cookiegate.config.table import rules_of

DOC = Path(__file__).parents[2].joinpath("docs/settings.md").read_text("utf-8")
DOCUMENTED = dict(re.findall(r"^### `(.+)`\n.*(Required|Default: (?:none|`.*`))\.$", DOC, re.MULTILINE))
EXAMPLES = re.findall(r"```toml\n(.*?)```", DOC, re.DOTALL)
TABLES = {
    "site": ("site.", Site),
    "proxy": ("proxy.", Proxy),
    "controller": ("controller.", Controller),
    "service": ("service.<id>.", ServiceEntry),
    "cookie": ("cookie[].", CookieEntry),
    "full_address": ("full_address[].", FullAddress),
    "counts": ("counts.", Counts),
    "dashboard": ("dashboard.", Dashboard),
    "mail": ("mail.", Mail),
    "goal": ("goal[].", Goal),
    "embed": ('embed."<host>".', Embed),
}


def settings():
    """Documented name -> what its line says, of every setting of the schema."""
    for name in rules_of(Config):
        prefix, kind = TABLES.get(name, ("", None))
        if kind is None:
            yield name, "Default: " + as_toml(getattr(Config(), name))
        else:
            yield from (
                (prefix + field.name, line(field)) for field in dataclasses.fields(kind) if field.metadata
            )


def line(field):
    """A setting whose default breaks its own rule must be given."""
    default = field.default if field.default is not dataclasses.MISSING else field.default_factory()
    with contextlib.suppress(Refusal):
        return "Default: " + as_toml(field.metadata["rule"](default))
    return "Required"


def as_toml(value):
    match value:
        case None:
            return "none"
        case bool():
            return f"`{str(value).lower()}`"
        case int():
            return f"`{value}`"
        case tuple():
            return "`[" + ", ".join(f'"{item}"' for item in value) + "]`"
        case Mapping():
            return "`{}`"
    return f'`"{value}"`'


def test_every_setting_is_documented_with_its_default():
    assert dict(settings()) == DOCUMENTED


def test_every_heading_has_its_default_line():
    assert len(re.findall(r"^### ", DOC, re.MULTILINE)) == len(DOCUMENTED)


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_load(tmp_path, example):
    file = tmp_path / "cookiegate.toml"
    file.write_text(example)
    assert load_toml(file) != Config(source=str(file), folder=tmp_path)


def test_the_schema_says_what_each_field_means():
    source = Path(__file__).parents[2].joinpath("cookiegate/config/schema.py").read_text("utf-8")
    undocumented = re.findall(r"^    (\w+): [^\n]*setting\([^\n]*\n(?!    \"\"\")", source, re.MULTILINE)
    tables = set(TABLES)
    assert set(undocumented) <= tables
    assert dataclasses.is_dataclass(Config)
