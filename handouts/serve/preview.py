"""Run the preview: build, serve, watch for saved files, build again.

In: the content, a port. Out: the site on 127.0.0.1, until Ctrl+C.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from ..content.files import require_folder
from .builder import Builder
from .hub import Hub
from .server import HOST, open_server

SETTLED = 20
"""Milliseconds without another change after which a save is complete: editors write, rename and touch."""
LOOK_AGAIN = 500
"""Milliseconds between two checks of what the watcher misses."""


def serve(*, root: Path, content: Path, port: int) -> None:
    """Build and show the site until Ctrl+C."""
    require_folder(content)
    hub = Hub()
    with tempfile.TemporaryDirectory(prefix="serve-") as folder:
        site = Path(folder) / "site"
        with open_server(port, site, hub) as server:
            builder = Builder(root, content, site, hub)
            threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
            try:
                builder.build()
                print(f"http://{HOST}:{server.server_port}/ (Ctrl+C ends it)", flush=True)
                for code in _saves(root, content):
                    if code:
                        builder.stop()
                    builder.build()
            except KeyboardInterrupt:
                print("Stopped.")
            finally:
                hub.end()
                builder.stop()
                server.shutdown()


def _saves(root: Path, content: Path) -> Iterator[bool]:
    """Yield at every save; True when the code was changed.

    The watcher does not see that a folder or a single file was replaced by another. So the settings file and the identities
    of the folders are compared every half second; a new folder gets a new watcher.
    """
    from watchfiles import DefaultFilter, watch

    usual, code = DefaultFilter(), (root / "handouts").resolve()
    settings = root / "pelicanconf.py"
    before = _state(settings)
    while True:
        folders = {folder: _state(folder)[:1] for folder in (content, root / "theme", code)}
        for changes in watch(
            *filter(Path.is_dir, folders),
            watch_filter=lambda change, path: usual(change, path) and not Path(path).name.startswith("."),
            step=SETTLED,
            debounce=400,
            rust_timeout=LOOK_AGAIN,
            yield_on_timeout=True,
        ):
            replaced = any(_state(folder)[:1] != state for folder, state in folders.items())
            if changes or replaced or _state(settings) != before:
                before = _state(settings)
                yield replaced or any(Path(path).is_relative_to(code) for _, path in changes)
            if replaced:
                break


def _state(path: Path) -> tuple[int, ...]:
    """Return values that change when a file or folder is replaced, or a file is written."""
    try:
        stat = path.stat()
    except OSError:
        return ()
    return stat.st_ino, stat.st_mtime_ns, stat.st_size
