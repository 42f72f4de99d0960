"""Keep printed PDFs on disk, from where they are copied into the site, and compiled templates.

In: a key and a printed PDF. Out: the same PDF, in this build or a later one.
"""

from __future__ import annotations

import pickle
import shutil
import tempfile
import weakref
from pathlib import Path

from jinja2.bccache import Bucket, BytecodeCache

from ..cache.disk import Cache, key
from ..errors import MachineError
from .manifest import Printed


class Results:
    """The printed PDFs of this build and of earlier ones, in the cache.

    If the cache cannot be written (read-only, disk full), they are kept in a temporary folder as long as this object lives.
    """

    def __init__(self, cache: Cache) -> None:
        self._folder = tempfile.mkdtemp(prefix="sheet-results-")
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._caches = (cache, Cache(Path(self._folder)))

    def keep(self, name: str, printed: Printed) -> None:
        content = pickle.dumps(printed, pickle.HIGHEST_PROTOCOL)
        if not any(cache.put(name, content) for cache in self._caches):
            raise MachineError(
                f"{self._folder} cannot take a printed PDF. Free some space in it and build again."
            )

    def load(self, name: str) -> Printed | None:
        """Return what was stored; None if there is nothing."""
        content = next(filter(None, (cache.get(name) for cache in self._caches)), None)
        return pickle.loads(content) if content else None  # written by this program


class CompiledTemplates(BytecodeCache):
    """Compiled templates, in the cache under a key that our code is part of: Jinja compiles its options into them."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def load_bytecode(self, bucket: Bucket) -> None:
        if found := self._cache.get(key(bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._cache.put(key(bucket.key, bucket.checksum), bucket.bytecode_to_string())
