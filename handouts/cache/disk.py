"""Keep results on disk, each under a key made of all its inputs.

In: a key and bytes. Out: the same bytes, or None. The folder may be deleted at any time. A damaged entry counts as missing.
Where nothing can be written, nothing is kept.
"""

from __future__ import annotations

import contextlib
import ctypes.util
import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path

LIMIT = 200 * 1024 * 1024
"""Bytes of entries that the last build did not use, at most; the least recently used are deleted first."""

ROUNDING = 2
"""Seconds to which a file system rounds the time of a file at most (FAT)."""

SMALLEST = 16 * 1024
"""Bytes that a smaller entry counts for, so that LIMIT also bounds their number."""

LOCK = Path(__file__).parents[2] / "requirements.lock"
"""The versions of all libraries, which ./inv installs."""

NOT_PRINTED = ("commands", "serve", "site")
"""Packages whose code cannot change a sheet: the cached sheets stay valid when it changes."""


class Cache:
    """A folder of entries. Each is a file: the digest of key and content, then the content."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; `prune` will keep every entry that is used from now on, by any process."""
        self._folder = folder
        self._start = time.time() - ROUNDING

    def get(self, key: str) -> bytes | None:
        """Return the content stored under a key; None if there is none or it is damaged."""
        path = self._folder / key
        try:
            raw = path.read_bytes()
        except OSError:
            return None
        digest, content = raw[:32], raw[32:]
        valid = _digest(key, content) == digest
        with contextlib.suppress(OSError):  # of a read-only cache
            os.utime(path) if valid else path.unlink()  # the time tells `prune` when it was used
        return content if valid else None

    def put(self, key: str, content: bytes) -> bool:
        """Store content under a key, completely or not at all; return whether it is stored."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_digest(key, content) + content)
                Path(name).replace(self._folder / key)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError:
            return False
        return True

    def prune(self, limit: int = LIMIT) -> None:
        """Of the entries not used since the start, delete the least recently used beyond `limit` bytes.

        Entries used since then stay: the next build of a site larger than the limit needs them.
        """
        try:
            found = ((path.stat(), path) for path in self._folder.iterdir())
            files = [(stat, path) for stat, path in found if stat.st_mtime < self._start]
            total = 0
            for stat, path in sorted(files, key=lambda file: -file[0].st_mtime_ns):
                total += max(stat.st_size, SMALLEST)
                if total > limit:
                    path.unlink(missing_ok=True)
        except OSError:
            return


def _digest(key: str, content: bytes) -> bytes:
    return hashlib.sha256(key.encode() + content).digest()


def key(*parts: str | bytes) -> str:
    """Return a key made of these inputs, the code that prints, and the versions of its libraries."""
    digest = PRINTING.copy()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()


def code_digest(left_out: tuple[str, ...] = ()) -> bytes:
    """Return a digest of Python's version and of our files on the disk, without some packages."""
    package = Path(__file__).parent.parent
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(package.rglob("[!.]*")):  # hidden files belong to editors
        if path.suffix in (".py", ".conf") and path.relative_to(package).parts[0] not in left_out:
            digest.update(path.read_bytes())
    return digest.digest()


def _printing() -> hashlib._Hash:
    """Return a digest of the libraries' versions and of the code that prints."""
    names = [LOCK.read_text(encoding="utf-8")]
    for library, function in (("pango-1.0", "pango_version_string"), ("harfbuzz", "hb_version_string")):
        found = ctypes.util.find_library(library)
        if found:
            ask = getattr(ctypes.CDLL(found), function)
            ask.restype = ctypes.c_char_p
            names.append(f"{library} {ask().decode()}")
    return hashlib.sha256("\n".join(names).encode() + code_digest(NOT_PRINTED))


PRINTING = _printing()
"""Taken when this process loads the code: the files on the disk may change meanwhile."""
