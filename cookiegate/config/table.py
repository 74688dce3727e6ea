"""A frozen, keyword-only table of settings, each checked by its rule however the table was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from .refusal import Refusal, nearest, refuse_legitimate_interest
from .rules import Rule, under

T = TypeVar("T")


def setting(default: T, rule: Rule[T], *, hidden: bool = False) -> T:
    """A dataclass field with its default and the rule that its value must follow; `hidden` from its repr."""
    if isinstance(default, Mapping):
        return field(default_factory=lambda: default, repr=not hidden, metadata={"rule": rule})
    return field(default=default, repr=not hidden, metadata={"rule": rule})


@dataclass(frozen=True, kw_only=True)
class Table:
    """Raises `Refusal` where a value breaks the rule of its field."""

    def __post_init__(self) -> None:
        for name, rule in rules_of(type(self)).items():
            object.__setattr__(self, name, under(name, rule, getattr(self, name)))


def rules_of(kind: type[Table]) -> dict[str, Rule[Any]]:
    """The settings of a table by name, in the order of its definition."""
    return {f.name: f.metadata["rule"] for f in fields(kind) if "rule" in f.metadata}


def refuse_unknown(kind: type[Table], raw: Mapping[str, Any]) -> None:
    known = rules_of(kind)
    for key, value in raw.items():
        if key not in known:
            refuse_legitimate_interest(str(key), value, str(key))
            raise Refusal(f"there is no such setting{nearest(key, known)}", value, str(key))


K = TypeVar("K", bound=Table)


def table(kind: type[K]) -> Rule[K]:
    """The rule of a setting that is itself a table of settings."""

    def read(value: Any) -> K:
        if isinstance(value, kind):
            return value
        if not isinstance(value, Mapping):
            raise Refusal("write a table", value)
        refuse_unknown(kind, value)
        return kind(**value)

    return read
