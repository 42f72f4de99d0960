"""Measure what a writer waits for in the preview: from a saved file until the page and its sheet show it.

In: the copy of the project. Out: medians of wall time, ./inv serve as a user starts it.
"""

from __future__ import annotations

import http.client
import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .builds import EXPLAINED, GUIDE, PRINTED, swapped
from .cost import median

PATIENCE = 300
"""Seconds to wait for a build at most."""
FOLLOW_UP = 20
"""Seconds after a save in which the preview may set what nobody looks at: the sheets of operators, the volume."""
LOOKING = 1
"""Seconds that a writer looks at what was saved; the preview tidies up meanwhile (_prepare in warm.py)."""
PDF = "one printed word changed, its PDF"
PAGE, SHEET = "/prepaid/", "/prepaid/sheet/"


class Preview:
    """An open page of a running preview."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._news: queue.Queue[dict] = queue.Queue()
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._connection.request("GET", "/-/events")
        threading.Thread(target=self._listen, args=(self._connection.getresponse(),), daemon=True).start()
        self._version = 0

    def _listen(self, events: http.client.HTTPResponse) -> None:
        for line in events:
            if line.startswith(b"data: "):
                self._news.put(json.loads(line[6:]))

    def wait(self, seconds: float = PATIENCE) -> None:
        """Wait for the next good version; queue.Empty when there is none in this time."""
        while True:
            state = self._news.get(timeout=seconds)
            if state["problems"]:
                raise RuntimeError("; ".join(state["problems"]))
            if state["version"] > self._version:
                self._version = state["version"]
                return

    def get(self, path: str) -> str:
        """Return a page as a browser gets it."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        connection.request("GET", path)
        text = connection.getresponse().read().decode()
        connection.close()
        return text


@contextmanager
def preview(project: Path) -> Iterator[Preview]:
    """Start the preview, wait for its first build, end it."""
    command = (sys.executable, "-m", "invoke", "--search-root", str(project), "serve", "--port", "0")
    with subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            page = Preview(int(process.stdout.readline().split("/")[2].split(":")[1]))
            threading.Thread(target=process.stdout.read, daemon=True).start()
            page.wait()
            _settle(page)
            yield page
        finally:
            process.terminate()  # not Ctrl+C: whoever runs in the background of a shell does not hear it


def _settle(page: Preview) -> None:
    """Wait until the preview has nothing more to do."""
    with suppress(queue.Empty):
        page.wait(FOLLOW_UP)


def saves(project: Path, runs: int) -> dict[str, float]:
    """Return the seconds from a save until an open page is told and gets what was written, by what was changed."""
    guide = project / GUIDE
    figures = {}
    printed = []
    with preview(project) as page:
        for name, place, shown in (
            ("one word changed", EXPLAINED, PAGE),
            ("one printed word changed", PRINTED, SHEET),
        ):
            taken = []
            for number in range(runs, 2 * runs):  # the builds before changed the first ones
                before = page.get(shown)
                text = swapped(guide.read_text(encoding="utf-8"), place, number)
                start = time.perf_counter()
                guide.write_text(text, encoding="utf-8")
                page.wait()
                after = page.get(shown)
                taken.append(time.perf_counter() - start)
                assert after != before, f"{shown} does not show what was saved"
                if shown == SHEET:
                    page.wait()
                    printed.append(time.perf_counter() - start)
                    _settle(page)
                time.sleep(LOOKING)
            figures[name] = median(taken)
    figures[PDF] = median(printed)
    return figures
