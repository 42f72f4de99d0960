"""Do pieces of work in several processes, and say how far they are.

In: functions and what they work on. Out: their results, asked for in any order. The processes are forked, so that
each starts with the libraries, fonts and templates already loaded; one is enough for a few pieces, and where there
is no fork. Ctrl+C ends all of them at once.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

from .progress import Progress

WORTH_A_POOL = 4
"""Pieces of work from which on a second process pays for its start."""
PR_SET_PDEATHSIG = 1
"""Of prctl(2), Linux."""

_tools: tuple = ()
"""What every worker has at hand: set before it is forked, because it cannot be sent to it."""


class Crew:
    """The processes of one build; used in a `with` statement."""

    def __init__(self, pieces: int, tools: tuple) -> None:
        """Prepare for a number of pieces; `tools` are the first arguments of every function."""
        self._tools = tools
        self._progress = Progress(pieces)
        self._many = pieces >= WORTH_A_POOL
        forks = self._many and sys.platform == "linux"
        self.size = min(os.cpu_count() or 1, pieces) if forks else 1
        """How many work at the same time."""
        self._pool = None
        if self.size > 1:
            self._pool = ProcessPoolExecutor(
                self.size,
                mp_context=multiprocessing.get_context("fork"),
                initializer=_follow,
                initargs=(os.getpid(),),
            )

    def __enter__(self) -> Crew:
        global _tools  # noqa: PLW0603  # a forked process inherits what stands here, and nothing else
        _tools = self._tools
        if self._many:
            # What is loaded stays: the collector need not look at it after every sheet, in no process.
            gc.collect()
            gc.freeze()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._many:
            gc.unfreeze()
        self._progress.end()
        if self._pool:
            if kind:
                for worker in multiprocessing.active_children():
                    worker.kill()
            self._pool.shutdown(wait=True, cancel_futures=True)

    def hand(self, name: str, work: Callable, *args: object) -> Future:
        """Give a piece of work to the next free process; its result may be asked for later."""
        if self._pool:
            future = self._pool.submit(_do, work, *args)
        else:
            future = Future()
            future.set_result(_do(work, *args))
        future.add_done_callback(lambda _: self._progress.step(name))
        return future


def _do(work: Callable, *args: object) -> Any:
    """Do a piece of work with the tools at hand."""
    return work(*_tools, *args)


def _follow(parent: int) -> None:
    """Leave Ctrl+C to the process that waits for the workers; end when that one is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was killed before the line above
        os._exit(1)
