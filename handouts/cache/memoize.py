"""Memoize pure functions, in memory for a process that builds again and again, and on disk for the next build.

In: a function without side effects, and a function that returns a key for its arguments. Out: the same function, memoized
in memory inside `with remembering()`, and on disk inside `with storing(cache)` if it is declared `stored`. Stored results
must be picklable. The `repr` of a stored function's key must be the same in every process and differ for other input.
"""

from __future__ import annotations

import functools
import pickle
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from .disk import Cache, code_digest, key

KEPT = 2000
"""Results kept in memory of each function; the least recently used is dropped first."""

Function = TypeVar("Function", bound=Callable)
_kept: dict[str, OrderedDict[Hashable, Any]] | None = None
"""Results by the name of the function and the key; None outside of `memoizing`."""
_store: Cache | None = None
"""Where results are stored; None outside of `storing`."""


def memoize(
    key_of: Callable[..., Hashable], kept: int = KEPT, *, stored: bool = False
) -> Callable[[Function], Function]:
    """Memoize a function; `key_of` takes its arguments and returns a key for them.

    `kept` as KEPT. `stored` is for results that take longer to compute than to read from a disk.
    """

    def decorate(function: Function) -> Function:
        name = f"{function.__module__}.{function.__qualname__}"

        @functools.wraps(function)
        def memoized(*args: Any, **options: Any) -> Any:
            store = _store if stored else None
            if _kept is None and store is None:
                return function(*args, **options)
            input = key_of(*args, **options)
            results = OrderedDict() if _kept is None else _kept.setdefault(name, OrderedDict())
            if input not in results:
                call = functools.partial(function, *args, **options)
                results[input] = _from_disk(store, key(LOADED, name, repr(input)), call) if store else call()
            results.move_to_end(input)
            result = results[input]
            if len(results) > kept:
                results.popitem(last=False)
            return result

        return cast(Function, memoized)

    return decorate


def _from_disk(store: Cache, entry: str, call: Callable[[], Any]) -> Any:
    """Return the stored result, or make and store it."""
    found = store.get(entry)
    if found is not None:
        return pickle.loads(found)  # safe: only the project's owner can write there
    result = call()
    store.put(entry, pickle.dumps(result, pickle.HIGHEST_PROTOCOL))
    return result


LOADED = code_digest()
"""The digest of the code that this process runs; the code on the disk may change meanwhile."""


@contextmanager
def memoizing() -> Iterator[None]:
    """Memoize in memory as long as the block lasts."""
    global _kept  # noqa: PLW0603  # one for the process: it runs one build at a time
    before, _kept = _kept, {}
    try:
        yield
    finally:
        _kept = before


@contextmanager
def storing(cache: Cache) -> Iterator[None]:
    """Store results in a cache, and take them from there, as long as the block lasts.

    If the code on the disk has changed since it was loaded, nothing is stored or taken.
    """
    global _store  # noqa: PLW0603  # as above
    before, _store = _store, cache if code_digest() == LOADED else None
    try:
        yield
    finally:
        _store = before
