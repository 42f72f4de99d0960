"""What a maintainer does here, one task each: ./inv -l lists them, ./inv --help TASK explains one."""

from __future__ import annotations

import functools
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from invoke import Context, Exit, task

from handouts.errors import BuildError

ROOT = Path(__file__).resolve().parent
STOPPED = 130
"""Exit code of a command that Ctrl+C ended, as shells report it."""


def _explained(run: Callable) -> Callable:
    """Turn what can go wrong into its sentence and exit code, never a traceback."""

    @functools.wraps(run)
    def explained(*args: object, **options: object) -> object:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite kill stops like Ctrl+C
        try:
            return run(*args, **options)
        except BuildError as error:
            raise Exit(str(error), code=error.exit_code) from error
        except KeyboardInterrupt as stop:
            raise Exit("Stopped. Nothing was changed.", code=STOPPED) from stop

    return explained


def _content(given: str) -> Path:
    """Return the content folder: the one given, or the project's, named from where the caller stands."""
    if given:
        return Path(given)
    own = ROOT / "content"
    here = Path.cwd()
    return own.relative_to(here) if own.is_relative_to(here) else own


@task(help={"content": "folder with guides/ and data/", "output": "folder to build into"})
@_explained
def build(c: Context, content: str = "", output: str = "") -> None:
    """Build the site and all sheets into output/."""
    from handouts.build import build as run

    target = Path(output) if output else ROOT / "output"
    report = run(root=ROOT, content=_content(content), output=target)
    for slug, handout in report.handouts.items():
        print(f"{slug:10} 1 page, {handout.points} pt, {handout.kilobytes} KB")
    print(f"{report.pages} pages in {report.output}")


@task(help={"content": "folder with guides/ and data/"})
@_explained
def check(c: Context, content: str = "") -> None:
    """Check content, links and sheets; write nothing."""
    from handouts.build import check as run

    report = run(root=ROOT, content=_content(content))
    print(f"All is well: {len(report.handouts)} sheets, {report.pages} pages.")


@task(help={"thorough": "the long campaigns instead: faults, mutations, scale"})
def test(c: Context, thorough: bool = False) -> None:
    """Run all tests (ruff, then pytest)."""
    c.run(f"cd '{ROOT}' && ruff check . && ruff format --check .", pty=False)
    marker = "thorough" if thorough else "not thorough"
    c.run(f"cd '{ROOT}' && {sys.executable} -m pytest -m '{marker}'", pty=False)
