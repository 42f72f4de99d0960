"""Put finished files away on disk until the site is written.

In: the address a file will have in the site, its bytes. Out: its size and digest; at the end, the file in its place.
So a build of a thousand guides holds no more of them than one of ten, and none is in the site before all are proven.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

NAME = ".printed"
"""The folder inside the output, on the same disk as the site: there, a file is moved without being copied."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What is remembered of a file that was put away."""

    size: int
    """Bytes."""
    sha256: str

    @property
    def kilobytes(self) -> int:
        """Return the size as people read it: 1 KB is 1,000 bytes."""
        return round(self.size / 1000)


class Shelf:
    """A folder with finished files, each at its address; several processes may put files there."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, which is made when something is put there."""
        self._folder = folder

    def put(self, address: str, content: bytes) -> Filed:
        """Put a file away."""
        path = self._folder / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return Filed(len(content), hashlib.sha256(content).hexdigest())

    def read(self, address: str) -> bytes:
        """Return a file as it was put away."""
        return (self._folder / address).read_bytes()

    def move(self, address: str, site: Path) -> None:
        """Move a file to its address in the site; OSError when somebody deleted it."""
        place = site / address
        place.parent.mkdir(parents=True, exist_ok=True)
        (self._folder / address).replace(place)

    def clear(self) -> None:
        """Delete what is there."""
        shutil.rmtree(self._folder, ignore_errors=True)


def pdf_at(name: str) -> str:
    """Return the address of a PDF."""
    return f"handouts/{name}.pdf"


def picture_at(slug: str) -> str:
    """Return the address of the picture of a guide's sheet."""
    return f"{slug}/sheet.png"


def twin_at(slug: str) -> str:
    """Return the address of the web page that looks like a guide's sheet."""
    return f"{slug}/sheet/"
