"""Build at every save, for the preview: `python -m handouts.serve.rebuild ROOT CONTENT OUTPUT`.

In: the files of the project. Out: a line of JSON for each build, with what was made or what is wrong, until the code changes.
The libraries stay loaded, and functions are memoized (cache/memoize.py), so that only what depends on a saved file is
computed again.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from watchfiles import DefaultFilter, watch

from ..cache.memoize import remembering
from ..commands.build import build, failed_at
from ..errors import BuildError
from ..paths import MANIFEST
from ..sheets.jobs import STAGES
from ..sheets.printer import PreviewState

SETTLED = 20
"""Milliseconds without another change after which a save is complete: editors write, rename and touch."""
LOOK_AGAIN = 200
"""Milliseconds between two checks of what the watcher misses."""


def main(root: Path, content: Path, output: Path) -> None:
    """Build now and after every save; saves during a build cause one more build."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # so that the output of libraries is not mistaken for an answer
    last = PreviewState()
    with remembering():
        for code_changed in saves(root, content):
            if code_changed:
                return
            for last.stage in STAGES:
                result = answer(root, content, output, last)
                print(json.dumps(result), file=answers, flush=True)
                if result["problems"] or not last.old:
                    break


def saves(root: Path, content: Path) -> Iterator[bool]:
    """Yield at once, then at every save; True when the code was changed. End when the parent process does.

    The watcher does not see that a folder or a single file was replaced by another. So the settings file and the identities
    of the folders are compared several times a second; a new folder gets a new watcher.
    """
    usual, parent = DefaultFilter(), os.getppid()
    folders, code = (content, root / "theme", root / "handouts"), (root / "handouts").resolve()
    settings, before, replaced = root / "pelicanconf.py", None, False
    while os.getppid() == parent:
        watched = [_identity(folder) for folder in folders]
        for changes in watch(
            *filter(Path.is_dir, folders),
            watch_filter=lambda change, path: usual(change, path) and not Path(path).name.startswith("."),
            step=SETTLED,
            debounce=400,
            rust_timeout=LOOK_AGAIN,
            yield_on_timeout=True,
        ):
            if os.getppid() != parent:
                break
            if watched != [_identity(folder) for folder in folders]:
                replaced = True
                break
            if changes or replaced or before != _identity(settings):
                before = _identity(settings)
                yield replaced or any(Path(path).is_relative_to(code) for _, path in changes)
                replaced = False


def _identity(path: Path) -> tuple[int, ...]:
    """Return values that change when a file or folder is replaced, or a file is written."""
    try:
        stat = path.stat()
    except OSError:
        return ()
    return (stat.st_ino,) if path.is_dir() else (stat.st_ino, stat.st_mtime_ns, stat.st_size)


def answer(root: Path, content: Path, output: Path, last: PreviewState) -> dict[str, Any]:
    """Build; return what was made, or what is wrong, for the hub."""
    start = time.perf_counter()
    try:
        report = build(root=root, content=content, output=output, last=last)
    except BuildError as error:
        return {"problems": str(error).split("\n")}
    except Exception as error:  # a mistake in a template or in pelicanconf.py must not end the preview
        return {"problems": [f"{failed_at(error)}: {type(error).__name__}: {error}"]}
    return {
        "problems": [],
        "sheets": report.sheets,
        "pages": report.pages,
        "seconds": round(time.perf_counter() - start, 3),
        "files": _digests(output),
    }


def _digests(output: Path) -> dict[str, str]:
    """Return a digest of each file; those of the PDFs, nine tenths of all bytes, come from the manifest."""
    listed = json.loads((output / MANIFEST).read_bytes())
    digests = {path: entry["sha256"][:16] for path, entry in listed.items()}
    for path in (path for path in output.rglob("*") if path.is_file()):
        name = path.relative_to(output).as_posix()
        if name not in digests:
            digests[name] = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return digests


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
