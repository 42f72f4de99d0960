"""Hold the state of the preview and notify connected pages.

In: the builder's answers. Out: the state as pages receive it: the version of the last good build, and the problems since.
"""

from __future__ import annotations

import threading
import time
from typing import Any


class Hub:
    """The state of the preview; threads can wait for its next change."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._run = f"{time.time_ns():x}"
        """Identifies this server: a page of an earlier server reloads."""
        self._version = 0
        self._digests: dict[str, str] = {}
        self._changed: dict[str, int] = {}
        """The version in which each file last changed; "" stands for all that pages share."""
        self._problems: list[str] = []
        self.ended = False

    def publish(self, answer: dict[str, Any]) -> None:
        """Take an answer of the builder and notify waiting threads."""
        with self._news:
            self._problems = answer["problems"]
            if not self._problems:
                self._version += 1
                files = answer["files"]
                for name in files.keys() | self._digests.keys():
                    if files.get(name) != self._digests.get(name):
                        of_all_pages = name.startswith(("theme/", "images/"))
                        self._changed["" if of_all_pages else name] = self._version
                self._digests = files
            self._news.notify_all()

    def end(self) -> None:
        """Wake all waiting threads for the last time."""
        with self._news:
            self.ended = True
            self._news.notify_all()

    def state(self) -> dict[str, Any]:
        """Return the state as a page receives it."""
        with self._news:
            files = dict(self._changed)  # a copy: the page reads it outside the lock
            return {"run": self._run, "version": self._version, "problems": self._problems, "files": files}

    def wait(self, known: dict[str, Any] | None, seconds: float) -> dict[str, Any] | None:
        """Wait until the state differs from `known` and return it; None after so many seconds, or at the end."""

        def changed() -> bool:
            state = (self._version, self._problems)
            return self.ended or known is None or (known["version"], known["problems"]) != state

        with self._news:
            if not self._news.wait_for(changed, seconds) or self.ended:
                return None
            return self.state()
