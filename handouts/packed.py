"""Hold what is large in little memory, as a thousand guides at a time are.

In: anything that can be pickled. Out: a Packed, a quarter of its size, which returns it again.
"""

from __future__ import annotations

import pickle
import zlib
from functools import lru_cache
from typing import Any

AT_HAND = 8
"""Things kept as they were unpacked: one is asked for several times in a row, by the templates of its pages."""


class Packed:
    """A thing, pickled and compressed; two are equal when what they hold is."""

    __slots__ = ("_bytes",)

    def __init__(self, thing: object) -> None:
        """Pack a thing, which is not held as it is."""
        self._bytes = zlib.compress(pickle.dumps(thing, pickle.HIGHEST_PROTOCOL))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Packed) and other._bytes == self._bytes

    def __hash__(self) -> int:
        return hash(self._bytes)

    def open(self) -> Any:
        """Return the thing: an equal one, not the same."""
        return _unpacked(self._bytes)


@lru_cache(maxsize=AT_HAND)
def _unpacked(packed: bytes) -> Any:
    """Return what was packed. The bytes are our own and never left this process or its workers."""
    return pickle.loads(zlib.decompress(packed))
