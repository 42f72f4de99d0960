"""Say how far a long build is: what, how many of how many, how long left.

In: a step that ended. Out: on a terminal one line on standard error, written anew and wiped at the end; elsewhere a
plain line for every tenth of the work, so that a log stays short. That goes to standard output: standard error then
holds the messages about the content, one a line, and nothing else. A line that nobody can read is left out.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import threading
import time
from collections.abc import Callable
from typing import TextIO

WORTH_SAYING = 4
"""Pieces from which on the wait is long enough to be told about."""
WIPE = "\r\x1b[K"
"""Back to the start of the line, and clear it (ECMA-48, EL)."""


class Progress:
    """Counts the pieces of work that are done."""

    def __init__(
        self, pieces: int, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pieces, self._done = pieces, 0
        if stream is None:  # __stdout__: Pelican's own summary is kept from sys.stdout
            stream = sys.stderr if sys.stderr and sys.stderr.isatty() else sys.__stdout__
        self._stream, self._clock = stream, clock
        self._start = clock()
        self._lock = threading.Lock()  # results arrive in a thread of their own
        self._terminal = bool(stream) and stream.isatty()

    def step(self, name: str) -> None:
        """Note that a piece is done."""
        with self._lock:
            self._done += 1
            if self._pieces < WORTH_SAYING:
                return
            if self._terminal:
                width = shutil.get_terminal_size().columns - 1
                self._say(WIPE + f"{self._text()}: {name}"[:width], "")
            elif self._done * 10 // self._pieces > (self._done - 1) * 10 // self._pieces:
                self._say(self._text(), "\n")

    def end(self) -> None:
        """Leave the terminal as it was."""
        with self._lock:
            if self._terminal and self._done and self._pieces >= WORTH_SAYING:
                self._say(WIPE, "")

    def _text(self) -> str:
        """Return where we are; how long is left once it can be told."""
        passed = self._clock() - self._start
        left = round(passed / self._done * (self._pieces - self._done))
        rest = f", about {left} s left" if left else ""
        return f"Printed {self._done} of {self._pieces}{rest}"

    def _say(self, text: str, end: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # a full disk, a closed stream
            print(text, end=end, file=self._stream, flush=True)
