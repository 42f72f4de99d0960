"""Build again and again in one process, for the preview: `python -m handouts.serve.rebuild ROOT CONTENT OUTPUT`.

In: a byte on standard input for each build. Out: a line of JSON for each build, with what was made or what is wrong. The
libraries stay loaded, and functions are memoized (cache/memoize.py), so that only what depends on a saved file is computed
again.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from ..cache.memoize import remembering
from ..commands.build import build, failed_at
from ..errors import BuildError
from ..paths import MANIFEST
from ..sheets.jobs import STAGES
from ..sheets.printer import PreviewState


def main(root: Path, folder: Path, output: Path) -> None:
    """Build for every byte on standard input; those that arrive during a build cause one more build."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # so that the output of libraries is not mistaken for an answer
    last = PreviewState()
    with remembering():
        while os.read(0, 4096):
            for last.stage in STAGES:
                result = answer(root, folder, output, last)
                print(json.dumps(result), file=answers, flush=True)
                if result["problems"] or not last.old:
                    break


def answer(root: Path, folder: Path, output: Path, last: PreviewState) -> dict[str, Any]:
    """Build; return what was made, or what is wrong, for the hub."""
    start = time.perf_counter()
    try:
        report = build(root=root, content=folder, output=output, last=last)
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
