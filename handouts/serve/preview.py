"""Run the preview: a process that builds at every save, and a server.

In: the content, a port. Out: the site on 127.0.0.1, until Ctrl+C.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from itertools import islice
from pathlib import Path

from ..content.files import require_folder
from .rebuild import saves
from .server import HOST, Hub, open_server

CRASHED = "The process that builds crashed; the terminal shows why. Save a file to start it again."


def serve(*, root: Path, content: Path, port: int) -> None:
    """Build and show the site until Ctrl+C."""
    require_folder(content)
    hub = Hub()
    with tempfile.TemporaryDirectory(prefix="serve-") as folder:
        site = Path(folder) / "site"
        with open_server(port, site, hub) as server:
            threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
            try:
                print(f"http://{HOST}:{server.server_port}/ (Ctrl+C ends it)", flush=True)
                while True:
                    if _build_until_code_changes(root, content, site, hub):
                        hub.publish({"problems": [CRASHED]})
                        next(islice(saves(root, content), 1, None), None)  # the first comes at once
            except KeyboardInterrupt:
                print("Stopped.")
            finally:
                hub.end()
                server.shutdown()


def _build_until_code_changes(root: Path, content: Path, site: Path, hub: Hub) -> int:
    """Run the process that builds, and pass on its answers; return its exit code."""
    process = subprocess.Popen(
        [sys.executable, "-m", "handouts.serve.rebuild", *map(str, (root, content, site))],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])},
        stdout=subprocess.PIPE,
        start_new_session=True,  # it gets no Ctrl+C from the terminal
    )
    with process:
        try:
            for line in process.stdout or ():
                answer = json.loads(line)
                problems = answer["problems"]
                if not problems:
                    print(answer["made"], flush=True)
                elif problems != hub.state["problems"]:
                    print("\n".join(problems), file=sys.stderr, flush=True)
                hub.publish(answer)
            return process.wait()
        except BaseException:
            process.kill()  # it writes only to the preview's own folder and, whole files at a time, to the cache
            raise
