"""Find one's way in the objects of a PDF that is being written (ISO 32000-1, 7.3).

In: a pydyf PDF and a reference such as `12 0 R`. Out: the object it names; or the same PDF without it.
"""

from __future__ import annotations

import pydyf


def at(pdf: pydyf.PDF, reference: bytes) -> pydyf.Object:
    """Return the object that a reference names."""
    return pdf.objects[number_of(reference)]


def number_of(reference: bytes) -> int:
    """Return the number of the object that a reference names."""
    return int(reference.split()[0])


def is_reference(value: object) -> bool:
    """Tell whether a value names an object."""
    return isinstance(value, bytes) and value.endswith(b" R")


def forget(pdf: pydyf.PDF, reference: bytes) -> None:
    """Leave out an object that nothing refers to any more; the others keep their numbers."""
    pdf.objects[number_of(reference)] = _Free()


class _Free(pydyf.Object):
    """A free entry of the cross-reference table (ISO 32000-1, 7.5.4)."""

    compressible = False

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.generation = 65535
        self.free = "f"
