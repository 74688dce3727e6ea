"""A bounded memory for things that are costly to make and few in kind."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


LONGEST = 512


class Memo(Generic[Key, Value]):
    """Remembers up to `size` values and forgets all of them when one more comes.

    A key of more than `LONGEST` characters is answered and not kept: it is nobody's usual one. Dropping
    everything is safe from many threads without a lock and cheaper than keeping an order; hostile keys (a
    thousand forged cookies) cost at most making a value again.
    """

    def __init__(self, make: Callable[[Key], Value], *, size: int = 4096) -> None:
        self._make = make
        self._size = size
        self._values: dict[Key, Value] = {}

    def __call__(self, key: Key) -> Value:
        values = self._values
        try:
            return values[key]
        except KeyError:
            value = self._make(key)
            if isinstance(key, str) and len(key) > LONGEST:
                return value
            if len(values) >= self._size:
                self._values = values = {}
            values[key] = value
            return value
