"""Keep printed PDFs on disk, from where they are copied into the site.

In: a key and a printed PDF. Out: the same PDF, in this build or a later one.
"""

from __future__ import annotations

import os
import pickle
import shutil
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from ..cache.disk import Cache
from ..errors import MachineError
from .manifest import Printed


class Results:
    """The printed PDFs of this build and of earlier ones, in the cache.

    If the cache cannot be written (read-only, disk full), they are kept in a temporary folder as long as this object lives.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._folder = tempfile.mkdtemp(prefix="sheet-results-")
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._spare = Cache(Path(self._folder))

    def keep(self, key: str, printed: Printed) -> None:
        content = pickle.dumps(printed, pickle.HIGHEST_PROTOCOL)
        if not (self._cache.put(key, content) or self._spare.put(key, content)):
            raise MachineError(
                f"{self._folder} cannot take a printed PDF. Free some space in it and build again."
            )

    def load(self, key: str) -> Printed | None:
        """Return what was stored; None if there is nothing."""
        content = self._cache.get(key) or self._spare.get(key)
        return pickle.loads(content) if content else None  # written by this program


class CompiledTemplates(FileSystemBytecodeCache):
    """Jinja's cache of compiled templates. If its folder cannot take one, that one is compiled again."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store a template, if there is room and the folder is still there."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def compiled_templates(folder: Path) -> CompiledTemplates | None:
    """Return the cache of compiled templates; None if its folder cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return CompiledTemplates(str(folder)) if os.access(folder, os.W_OK) else None
