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

from .hub import Hub


class Builder:
    """The process that builds; started again after its code changed or it crashed."""

    def __init__(self, root: Path, content: Path, output: Path, hub: Hub) -> None:
        self._command = [sys.executable, "-m", "handouts.serve.rebuild", *map(str, (root, content, output))]
        path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
        self._env = {**os.environ, "PYTHONPATH": path}
        self._hub = hub
        self._process: subprocess.Popen[bytes] | None = None

    def build(self) -> None:
        """Ask for a build; its answer goes to the hub."""
        process = self._process
        if process is None or process.poll() is not None:
            self._process = process = subprocess.Popen(
                self._command,
                env=self._env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,  # it gets no Ctrl+C from the terminal; stop() ends it
            )
            threading.Thread(target=self._listen, args=(process,), daemon=True).start()
        assert process.stdin
        with contextlib.suppress(BrokenPipeError):  # it has just crashed: _listen says so
            os.write(process.stdin.fileno(), b"b")

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Pass on what a process answers until it ends."""
        for line in process.stdout or ():
            answer = json.loads(line)
            problems = answer["problems"]
            if not problems:
                made = f"{answer['pages']} pages and {answer['sheets']} sheets"
                print(f"{made} in {answer['seconds']:.2f} s", flush=True)
            elif problems != self._hub.state()["problems"]:
                print("\n".join(problems), file=sys.stderr, flush=True)
            self._hub.publish(answer)
        if process is self._process and not self._hub.ended:
            crash = "The process that builds crashed; the terminal shows why. Save a file to start it again."
            self._hub.publish({"problems": [crash]})

    def stop(self) -> None:
        """End the process at once: it writes only to the preview's own folder and, whole files at a time, to the cache."""
        process, self._process = self._process, None
        if process and process.stdin:
            process.kill()
            process.wait()
            process.stdin.close()
