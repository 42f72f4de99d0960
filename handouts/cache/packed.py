"""Hold what is large in little memory, as a thousand guides at a time are.

In: anything that can be pickled. Out: its bytes, a third of its size or less; or a Packed, which returns it again.
The bytes are our own, from this process, its workers or the project's own cache.
"""

from __future__ import annotations

import pickle
import zlib
from functools import lru_cache
from hashlib import sha256
from typing import Any

AT_HAND = 8
"""Things kept as they were unpacked: one is asked for several times in a row, by the templates of its pages."""


class Packed:
    """A packed thing. Two that are equal hold the same; two made apart of the same may differ, and cost a second look."""

    __slots__ = ("_bytes",)

    def __init__(self, thing: object) -> None:
        """Pack a thing, which is not held as it is."""
        self._bytes = pack(thing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Packed) and other._bytes == self._bytes

    def __hash__(self) -> int:
        return hash(self._bytes)

    def __repr__(self) -> str:
        return f"Packed({sha256(self._bytes).hexdigest()})"  # short, and equal when they are

    def open(self) -> Any:
        """Return the thing: an equal one, not the same."""
        return _at_hand(self._bytes)


def pack(thing: object) -> bytes:
    """Return a thing pickled and compressed."""
    return zlib.compress(pickle.dumps(thing, pickle.HIGHEST_PROTOCOL), level=1)


def unpack(packed: bytes) -> Any:
    """Return what was packed."""
    return pickle.loads(zlib.decompress(packed))


_at_hand = lru_cache(maxsize=AT_HAND)(unpack)
