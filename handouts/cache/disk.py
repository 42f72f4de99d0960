"""Keep results on disk, each under a key that names all of its inputs.

In: a key and bytes. Out: the same bytes, or nothing. The folder may be deleted at any time; an entry that was cut short
or altered counts as missing; where nothing can be written, nothing is kept.
"""

from __future__ import annotations

import contextlib
import ctypes.util
import hashlib
import os
import tempfile
import time
from functools import cache
from importlib.metadata import version
from pathlib import Path

LIMIT = 200 * 1024 * 1024
"""Bytes kept at most beside what the last build used; what was not used for longest goes first."""

COARSEST = 2
"""Seconds by which the time of a file may lie in the past (FAT)."""

LEAST = 16 * 1024
"""Bytes that even a small entry counts for: it takes time to look at, so their number is bounded too."""

LIBRARIES = (
    "jinja2", "markdown", "markupsafe", "fonttools", "pelican", "pillow", "pydyf", "pypdfium2", "segno", "tinycss2",
    "tinyhtml5", "uharfbuzz", "weasyprint",
)  # fmt: skip
"""Libraries whose version may change a page or a sheet."""

NOT_PRINTED = ("commands", "serve", "site")
"""Packages whose code cannot change a sheet: a change there leaves the printed sheets in the cache valid."""


class Cache:
    """A folder of entries; each file is the digest of its key and content, then the content."""

    def __init__(self, folder: Path) -> None:
        """Take the folder. What any process uses from now on, this cache does not prune."""
        self._folder = folder
        self._start = time.time() - COARSEST

    def get(self, key: str) -> bytes | None:
        """Return what is stored under a key, when it is whole."""
        path = self._folder / key
        try:
            raw = path.read_bytes()
        except OSError:
            return None
        digest, content = raw[:32], raw[32:]
        whole = _seal(key, content) == digest
        with contextlib.suppress(OSError):  # a cache that can only be read still gives what it has
            os.utime(path) if whole else path.unlink()  # used just now, so it stays longest
        return content if whole else None

    def put(self, key: str, content: bytes) -> bool:
        """Store content under a key, whole or not at all; tell whether it is stored."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_seal(key, content) + content)
                Path(name).replace(self._folder / key)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError:
            return False
        return True

    def prune(self, limit: int = LIMIT) -> None:
        """Delete the entries not used for longest until those not used since the start are below the limit together.

        What this build used stays: a site larger than the limit would throw out what its next build needs.
        """
        try:
            found = ((path.stat(), path) for path in self._folder.iterdir())
            files = [(stat, path) for stat, path in found if stat.st_mtime < self._start]
            total = 0
            for stat, path in sorted(files, key=lambda file: -file[0].st_mtime_ns):
                total += max(stat.st_size, LEAST)
                if total > limit:
                    path.unlink(missing_ok=True)
        except OSError:
            return


def _seal(key: str, content: bytes) -> bytes:
    """Return what shows that content is whole and stands under its own key."""
    digest = hashlib.sha256(key.encode())
    digest.update(content)
    return digest.digest()


def key(*parts: str | bytes) -> str:
    """Return a key for these inputs and the program and libraries that work on them."""
    digest = _tools().copy()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()


@cache
def _tools() -> hashlib._Hash:
    """Return a digest of this program and its libraries: their versions, and the bytes of our own."""
    names = [f"{name} {version(name)}" for name in LIBRARIES]
    for library, function in (("pango-1.0", "pango_version_string"), ("harfbuzz", "hb_version_string")):
        found = ctypes.util.find_library(library)
        if found:
            ask = getattr(ctypes.CDLL(found), function)
            ask.restype = ctypes.c_char_p
            names.append(f"{library} {ask().decode()}")
    package = Path(__file__).parent.parent
    own = [
        path
        for path in sorted(package.rglob("[!.]*.py"))
        if path.relative_to(package).parts[0] not in NOT_PRINTED
    ]
    return hashlib.sha256("\n".join(names).encode() + b"".join(path.read_bytes() for path in own))
