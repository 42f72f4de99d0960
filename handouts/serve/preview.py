"""Run the preview: build, serve, watch, build again.

In: the content, a port. Out: the site on 127.0.0.1, until Ctrl+C.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from ..errors import CallError
from .builder import Builder
from .hub import Hub
from .server import HOST, open_server

SETTLED = 20
"""Milliseconds without another change after which a save is whole: editors write, rename and touch."""


def serve(*, root: Path, content: Path, port: int, ready: Callable[[str], None] = print) -> None:
    """Build and show the site until Ctrl+C."""
    if not content.is_dir():
        raise CallError(f"{content} is no folder. Give --content the folder that holds guides/ and data/.")
    hub = Hub()
    with tempfile.TemporaryDirectory(prefix="serve-") as folder:
        site = Path(folder) / "site"
        with open_server(port, site, hub) as server:
            builder = Builder(root, content, site, hub)
            threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
            try:
                builder.build()
                ready(f"http://{HOST}:{server.server_port}/ (Ctrl+C ends it)")
                sys.stdout.flush()
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


def _saves(root: Path, content: Path) -> Iterable[bool]:
    """Yield at every save; True when the program itself was changed."""
    from watchfiles import DefaultFilter, watch

    code = root / "handouts"
    watched = [content, root / "theme", root / "pelicanconf.py", code]
    known = DefaultFilter()
    for changes in watch(
        *filter(Path.exists, watched),
        watch_filter=lambda change, path: known(change, path) and not Path(path).name.startswith("."),
        step=SETTLED,
        debounce=400,
        rust_timeout=1000,
    ):
        yield any(Path(path).is_relative_to(code.resolve()) for _, path in changes)
