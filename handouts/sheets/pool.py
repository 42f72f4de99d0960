"""Run work in several processes, with progress on the terminal.

In: a function and its items. Out: each item with its result. The processes are forked, so each starts with the
libraries, fonts and templates loaded. Ctrl+C ends all of them at once.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain
from typing import Any

from rich.console import Console
from rich.progress import Progress, TextColumn, TimeRemainingColumn

from ..errors import MachineError

WORTH_A_POOL = 4
"""Number of items from which several processes are faster, including their start."""
BATCH = 400
"""Items after which the processes are replaced: Pango leaves 0.3 MB of each set of fonts behind (docs/upstream.md)."""
GC_THRESHOLD = 20_000
"""Allocations, less deallocations, before a worker looks for garbage: a page that is laid out is many objects."""
PR_SET_PDEATHSIG = 1
"""Of prctl(2), Linux."""

_task: tuple[Callable[[Any], Any], Sequence[Any]] | None = None
"""The function and the items of the workers, inherited through fork: fonts and templates cannot be pickled."""


def run(work: Callable[[Any], Any], items: Sequence) -> Iterator[tuple[Any, Any]]:
    """Yield (item, result) in the order of the items."""
    global _task  # noqa: PLW0603  # forked processes inherit it
    _task = work, items
    size = workers(len(items))
    gc.freeze()  # no process looks for garbage in what is loaded
    try:
        batches = (range(len(items))[start : start + BATCH] for start in range(0, len(items), BATCH))
        results = (
            chain.from_iterable(_in_processes(size, batch) for batch in batches)
            if size > 1
            else map(work, items)
        )
        with _progress(len(items)) as progress:
            bar = progress.add_task("", total=len(items))
            for item, result in zip(items, results, strict=True):
                progress.advance(bar)
                yield item, result
    finally:
        gc.unfreeze()
        _task = None


def workers(items: int) -> int:
    """Return how many processes work on so many items."""
    if items < WORTH_A_POOL or sys.platform != "linux":
        return 1
    return min(len(os.sched_getaffinity(0)), items)  # the processors that this process may use


def _in_processes(size: int, batch: range) -> Iterator[Any]:
    """Yield the result of each item of a batch from several processes."""
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(size, mp_context=context, initializer=_follow, initargs=(os.getpid(),))
    try:
        yield from pool.map(_do, batch)
    except BrokenProcessPool as error:
        raise MachineError(
            "The system ended a process that was printing, probably because memory ran out. Close other programs and "
            "build again."
        ) from error
    except BaseException:
        for worker in multiprocessing.active_children():
            worker.kill()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _do(at: int) -> Any:
    assert _task, "set before the workers are forked"
    work, items = _task
    return work(items[at])


def _follow(parent: int) -> None:
    """In a worker: leave Ctrl+C to the parent process, and end when the parent is killed."""
    gc.set_threshold(GC_THRESHOLD)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was killed before the line above
        os._exit(1)


def _progress(count: int) -> Progress:
    """Return a progress line, which is hidden where there is no terminal."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("Printed {task.completed:.0f} of {task.total:.0f}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=count < WORTH_A_POOL or not console.is_terminal,
    )
