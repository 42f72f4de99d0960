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
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..cache.memoize import memoizing
from ..commands.build import build, failed_at
from ..commands.up_to_date import files_below, states
from ..errors import BuildError
from ..paths import MANIFEST
from ..sheets.jobs import STAGES
from ..sheets.printer import PreviewState

LOOK = 0.1
"""Seconds between two looks at the files. A watcher of the system would lose folders that are replaced by others."""
SETTLED = 0.02
"""Seconds without another change after which a save is complete: editors write, rename and touch."""


def main(root: Path, content: Path, output: Path) -> None:
    """Build now and after every save; saves during a build cause one more build."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # so that the output of libraries is not mistaken for an answer
    last = PreviewState()
    with memoizing():
        for code_changed in saves(root, content):
            if code_changed:
                return
            for stage in STAGES:
                last.stage = stage
                result = answer(root, content, output, last)
                print(json.dumps(result), file=answers, flush=True)
                if result["problems"] or not last.old:
                    break


def saves(root: Path, content: Path) -> Iterator[bool]:
    """Yield at once, then at every save; True when the code was changed. End when the parent process does."""
    parent, code = os.getppid(), str(root / "handouts")
    built: dict[str, str] = {}
    found = built
    while os.getppid() == parent:
        time.sleep(LOOK if found == built else SETTLED)
        before, found = found, states([str(root / "pelicanconf.py")])
        for folder in (content, root / "theme", root / "handouts"):
            with suppress(OSError):  # it is being replaced
                found |= states(map(str, files_below(folder)))
        if found == before != built:
            changed = {path for path, _ in found.items() ^ built.items()}
            yield bool(built) and any(path.startswith(code) for path in changed)
            built = found


def answer(root: Path, content: Path, output: Path, last: PreviewState) -> dict[str, Any]:
    """Build; return what was made, or what is wrong, for the hub."""
    start = time.perf_counter()
    try:
        report = build(root=root, content=content, output=output, last=last)
    except BuildError as error:
        return {"problems": str(error).split("\n")}
    except Exception as error:  # a mistake in a template or in pelicanconf.py must not end the preview
        return {"problems": [f"{failed_at(error)}: {type(error).__name__}: {error}"]}
    made = f"{report.pages} pages and {report.sheets} sheets in {time.perf_counter() - start:.2f} s"
    return {"problems": [], "made": made, "files": _digests(output)}


def _digests(output: Path) -> dict[str, str]:
    """Return a digest of each file; those of the PDFs, nine tenths of all bytes, come from the manifest."""
    listed = json.loads((output / MANIFEST).read_bytes())
    digests = {path: entry["sha256"][:16] for path, entry in listed.items()}
    for path in files_below(output):
        name = path.relative_to(output).as_posix()
        if name not in digests:
            digests[name] = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return digests


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
