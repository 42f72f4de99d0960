"""Build again and again in one process, for the preview: `python -m handouts.serve.rebuild ROOT CONTENT OUTPUT`.

In: a byte on standard input for each build. Out: a line of JSON for each build, with what was made or what is wrong. The
libraries stay loaded, and functions are memoized (cache/memoize.py), so that only what depends on a saved file is computed
again.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from ..cache.memoize import remembering
from ..commands import build
from ..commands.build import Report
from ..errors import BuildError, ContentError
from ..paths import MANIFEST
from ..sheets.jobs import STAGES
from ..sheets.printer import PreviewState

SELDOM = 100_000
"""Allocations, less deallocations, before garbage is collected during a build; _collect does it afterwards."""


def main(root: Path, folder: Path, output: Path) -> None:
    """Build for every byte on standard input; those that arrive during a build cause one more build."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # so that the output of libraries is not mistaken for an answer

    def say(answer: dict[str, Any]) -> None:
        print(json.dumps(answer), file=answers, flush=True)

    last = PreviewState()
    gc.set_threshold(SELDOM)
    with remembering():
        while os.read(0, 4096):
            for stage in STAGES:
                last.stage = stage
                result = answer(root, folder, output, last)
                say(result)
                if result["problems"] or not last.old:
                    break
            _collect()


def _collect() -> None:
    """Collect garbage while nobody waits for a build."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()  # memoized results stay: the collector need not visit them during a build


def answer(root: Path, folder: Path, output: Path, last: PreviewState) -> dict[str, Any]:
    """Build; return what was made, or what is wrong, for the hub."""
    start = time.perf_counter()
    try:
        report: Report = build.build(root=root, content=folder, output=output, last=last)
    except ContentError as error:
        return {"problems": list(map(str, error.problems))}
    except BuildError as error:
        return {"problems": [str(error)]}
    except Exception as error:  # a mistake in a template or in pelicanconf.py must not end the preview
        return {"problems": [f"{_place(error)}{type(error).__name__}: {error}"]}
    return {
        "problems": [],
        "sheets": len(report.handouts),
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


def _place(error: BaseException) -> str:
    """Return `path:line: ` of the innermost line of the project that failed."""
    place, step = "", error.__traceback__
    while step:
        name = step.tb_frame.f_code.co_filename
        if "site-packages" not in name and Path(name).suffix in (".html", ".xml", ".txt", ".json", ".py"):
            place = f"{os.path.relpath(name)}:{step.tb_lineno}: "
        step = step.tb_next
    return place


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
