"""Know the last good version of the site and the problems since, and tell everybody who waits.

In: the builder's answers. Out: the state of the preview, as a page is told it.
"""

from __future__ import annotations

import json
import threading
import time
from typing import Any


class Hub:
    """The state of the preview, and those who wait for its next change."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._run = f"{time.time_ns():x}"
        """Names this start of the server: a page of an earlier one reloads."""
        self._version = 0
        self._digests: dict[str, str] = {}
        self._changed: dict[str, int] = {}
        self._problems: list[str] = []
        self._ended = False

    def publish(self, answer: dict[str, Any]) -> None:
        """Take the builder's answer, and wake those who wait."""
        with self._news:
            self._problems = answer["problems"]
            if not self._problems:
                self._version += 1
                files = answer["files"]
                for name in files.keys() | self._digests.keys():
                    if files.get(name) != self._digests.get(name):
                        self._changed[name if name.endswith(".html") else _shared(name)] = self._version
                self._digests = files
            self._news.notify_all()

    def end(self) -> None:
        """Let everybody who waits go."""
        with self._news:
            self._ended = True
            self._news.notify_all()

    def state(self) -> dict[str, Any]:
        """Return what a page is told."""
        with self._news:
            return self._state()

    def _state(self) -> dict[str, Any]:
        return {
            "run": self._run,
            "version": self._version,
            "problems": self._problems,
            "files": self._changed,
        }

    def wait(self, known: dict[str, Any] | None, seconds: float) -> dict[str, Any] | None:
        """Return the state as soon as it differs from the known one; None when it does not in this time."""

        def new() -> bool:
            return self._ended or known is None or self._differs(known)

        with self._news:
            if not self._news.wait_for(new, seconds) or self._ended:
                return None
            return json.loads(json.dumps(self._state()))

    def _differs(self, known: dict[str, Any]) -> bool:
        return (known["version"], known["problems"]) != (self._version, self._problems)

    @property
    def ended(self) -> bool:
        """Tell whether the preview is over."""
        return self._ended


def _shared(name: str) -> str:
    """Return "" for what pages show, the name itself for what they only link to, as to the picture of a sheet."""
    return "" if name.startswith(("theme/", "images/")) else name
