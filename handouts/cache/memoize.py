"""Memoize pure functions, in memory while a process builds again and again, and on disk for the next build.

In: a function without side effects, and a function that names its input. Out: the same function, which answers from
memory while `remembering` lasts, and from the cache while `storing` lasts if it says so. What is stored must be
picklable; the `repr` of the input's name must be the same in every process and differ whenever the input does.
"""

from __future__ import annotations

import functools
import hashlib
import pickle
import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from .disk import Cache, key

KEPT = 2000
"""Results kept of each function; the one not asked for longest goes first."""

Function = TypeVar("Function", bound=Callable)
_kept: dict[str, OrderedDict[Hashable, Any]] | None = None
"""Results by the name of the function and of the input; None while nothing is remembered."""
_store: Cache | None = None
"""Where results are stored; None while none are."""


def remembered(
    name: Callable[..., Hashable], kept: int = KEPT, *, stored: bool = False
) -> Callable[[Function], Function]:
    """Let a function be remembered; `name` takes its arguments and names its input.

    `kept` as above; `stored` for what takes longer to work out than to read from a disk.
    """

    def decorate(function: Function) -> Function:
        place = f"{function.__module__}.{function.__qualname__}"

        def work(input: Hashable, args: tuple, options: dict[str, Any]) -> Any:
            if not stored or _store is None:
                return function(*args, **options)
            entry = key(LOADED, place, repr(input))
            found = _store.get(entry)
            if found is not None:
                return pickle.loads(found)  # our own: nobody but the owner of the project writes there
            result = function(*args, **options)
            _store.put(entry, pickle.dumps(result, pickle.HIGHEST_PROTOCOL))
            return result

        @functools.wraps(function)
        def answer(*args: Any, **options: Any) -> Any:
            if _kept is None and not (stored and _store):
                return function(*args, **options)
            input = name(*args, **options)
            if _kept is None:
                return work(input, args, options)
            results = _kept.setdefault(place, OrderedDict())
            if input in results:
                results.move_to_end(input)
                return results[input]
            result = results[input] = work(input, args, options)
            if len(results) > kept:
                results.popitem(last=False)
            return result

        return answer

    return decorate


def _program() -> bytes:
    """Return what names this program as it lies on the disk: a result may hang on any line of it, and on Python."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(Path(__file__).parent.parent.rglob("*.py")):
        if not path.name.startswith("."):  # an editor's
            digest.update(path.read_bytes())
    return digest.digest()


LOADED = _program()
"""What names the program that this process runs; on the disk it may change meanwhile."""


@contextmanager
def remembering() -> Iterator[None]:
    """While this lasts, functions that may be remembered are."""
    global _kept  # noqa: PLW0603  # one memory per process, as there is one build at a time
    before, _kept = _kept, {}
    try:
        yield
    finally:
        _kept = before


@contextmanager
def storing(cache: Cache) -> Iterator[None]:
    """While this lasts, results that may be stored are, and are taken from there.

    Not if the program was changed since it was loaded: half of it may be the old one, half the new.
    """
    global _store  # noqa: PLW0603  # as above
    before, _store = _store, cache if _program() == LOADED else None
    try:
        yield
    finally:
        _store = before
