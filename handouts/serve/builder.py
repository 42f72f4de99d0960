"""Run the process that builds (rebuild.py).

In: the folders; a call for each save. Out: the result of each build, to the hub and as a line to the terminal.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from .hub import Hub


class Builder:
    """The process that builds; started again after its code changed or it crashed."""

    def __init__(self, root: Path, content: Path, output: Path, hub: Hub) -> None:
        self._command = [sys.executable, "-m", "handouts.serve.rebuild", *map(str, (root, content, output))]
        path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
        self._env = {**os.environ, "PYTHONPATH": path}
        self._hub = hub
        self._process: subprocess.Popen[str] | None = None

    def build(self) -> None:
        """Ask for a build; its answer goes to the hub."""
        for _ in range(2):
            if self._process is None or self._process.poll() is not None:
                self._process = self._start()
            try:
                if self._process.stdin:
                    self._process.stdin.write("b")
                    self._process.stdin.flush()
            except OSError:
                self._process = None  # it ended after poll()
                continue
            return

    def _start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            self._command,
            env=self._env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # it gets no Ctrl+C from the terminal; stop() ends it
        )
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()
        return process

    def _listen(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            answer = json.loads(line)
            if not answer["problems"] or answer["problems"] != self._hub.state()["problems"]:
                _tell(answer)
            self._hub.publish(answer)
        if process is self._process and not self._hub.ended:
            crash = "The process that builds crashed; the terminal shows why. Save a file to start it again."
            self._hub.publish({"problems": [crash]})

    def stop(self) -> None:
        """End the process at once: it writes only to the preview's own folder and, whole files at a time, to the cache."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        with contextlib.suppress(OSError):
            if process.stdin:
                process.stdin.close()


def _tell(answer: dict[str, Any]) -> None:
    """Print the result of a build to the terminal."""
    if answer["problems"]:
        print("\n".join(answer["problems"]), file=sys.stderr, flush=True)
    else:
        made = f"{answer['pages']} pages and {answer['sheets']} sheets"
        print(f"{made} in {answer['seconds']:.2f} s", flush=True)
