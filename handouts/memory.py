"""Remember what functions returned, in a process that builds again and again.

In: a function without side effects, and what names its input. Out: the same function; while `remembering` lasts, it
answers from memory when its input was seen before. Outside of it, as in every build of a fresh process, nothing is
kept. Each function says for itself, where it is defined, that it may be remembered, and by what.
"""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

KEPT = 2000
"""Results kept of each function; the one not asked for longest goes first."""

Function = TypeVar("Function", bound=Callable)
_kept: dict[str, OrderedDict[Hashable, Any]] | None = None
"""Results by the name of the function and of the input; None while nothing is remembered."""


def remembered(key: Callable[..., Hashable], kept: int = KEPT) -> Callable[[Function], Function]:
    """Let a function be remembered; `key` takes its arguments and names its input. `kept` as above."""

    def decorate(function: Function) -> Function:
        place = f"{function.__module__}.{function.__qualname__}"

        @functools.wraps(function)
        def answer(*args: Any, **options: Any) -> Any:
            if _kept is None:
                return function(*args, **options)
            results, name = _kept.setdefault(place, OrderedDict()), key(*args, **options)
            if name in results:
                results.move_to_end(name)
                return results[name]
            result = results[name] = function(*args, **options)
            if len(results) > kept:
                results.popitem(last=False)
            return result

        return answer

    return decorate


class Same:
    """A thing that equals only itself, as part of a key; held here, so that no other takes its place."""

    def __init__(self, thing: object) -> None:
        self._thing = thing

    def __hash__(self) -> int:
        return id(self._thing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other._thing is self._thing


@contextmanager
def remembering() -> Iterator[None]:
    """While this lasts, functions that may be remembered are."""
    global _kept  # noqa: PLW0603  # one memory per process, as there is one build at a time
    before, _kept = _kept, {}
    try:
        yield
    finally:
        _kept = before
