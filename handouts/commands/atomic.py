"""Replace a folder by a new one in one step, or leave it unchanged.

In: the output folder. Out: a staging folder beside it, which then replaces the output. At every moment the output is the old
folder or the new one. The next build deletes what a killed build left. Staging folders are named `.<output>.new-<8 letters>`.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import UsageError
from ..paths import MANIFEST

AT_FDCWD, RENAME_EXCHANGE = -100, 2
"""Arguments of renameat2(2), Linux."""


def check_target(output: Path, content: Path, root: Path, option: str = "--output") -> None:
    """Raise UsageError for an output that must not be replaced; `option` names it in the message.

    A folder that is not empty is only replaced if it has a manifest, which shows that this program made it.
    """
    if output.is_symlink() and not output.exists():
        raise UsageError(f"{output} is a link that leads nowhere. Give {option} a folder.")
    if output.exists() and not output.is_dir():
        raise UsageError(f"{output} is a file. Give {option} a folder.")
    above = next(folder for folder in output.absolute().parents if folder.exists())
    if not above.is_dir():
        raise UsageError(f"{above} is a file. Give {option} another folder.")
    real = output.resolve()
    for inside in (content.resolve(), root.resolve()):
        if inside.is_relative_to(real):
            raise UsageError(f"{output} holds the sources. Give {option} another folder.")
    if real.is_relative_to(content.resolve()):
        raise UsageError(f"{output} is in the content folder. Give {option} another folder.")
    if output.is_dir() and any(output.iterdir()) and not (output / MANIFEST).is_file():
        raise UsageError(
            f"{output} is not empty and was not made by this program. Empty it, or give {option} another folder."
        )


@contextmanager
def staging(output: Path) -> Iterator[Path]:
    """Make a folder beside the output; when the block ends without an error, it replaces the output."""
    output = output.resolve()
    with _locked(output):
        _clean_up(output)
        try:
            stage = Path(tempfile.mkdtemp(prefix=f".{output.name}.new-", dir=output.parent))
            yield stage
            with _signals_ignored():
                _exchange(stage, output)
                _clean_up(output)
        finally:
            _clean_up(output)


def readable(folder: Path) -> None:
    """Make a site readable for everybody: modes come from the umask and from copied files."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)


@contextmanager
def done_if_replaced(output: Path) -> Iterator[None]:
    """If interrupted after the exchange, report success."""

    def identity() -> int:
        return output.stat().st_ino if output.exists() else 0

    before = identity()
    try:
        yield
    except KeyboardInterrupt:
        if identity() == before:
            raise
        print(f"Stopped, but it was done: the new site is in {output}", file=sys.stderr)


def leftovers(output: Path) -> list[Path]:
    """Return the staging folders beside the output, left by a running or a killed build."""
    name = re.compile(rf"\.{re.escape(output.name)}\.new-[a-z0-9_]{{8}}(-old)?")
    return [path for path in output.parent.iterdir() if name.fullmatch(path.name)]


@contextmanager
def _locked(output: Path) -> Iterator[None]:
    """Make the folders above the output, and lock the one that holds it: one build at a time.

    The kernel locks the folder itself until the process ends, so no lock file remains. On some network disks a folder cannot
    be locked, and two builds may run at the same time.
    """
    made = [folder for folder in output.parents if not folder.exists()]
    for folder in reversed(made):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)  # whatever the umask: a web server must reach the output
    lock = os.open(output.parent, os.O_RDONLY)
    try:
        with suppress(OSError):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print(f"Another build writes into {output.parent}; waiting.", file=sys.stderr, flush=True)
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
        for folder in made:
            with suppress(OSError):  # not empty: the output is in it
                folder.rmdir()


def _clean_up(output: Path) -> None:
    """Restore an output that a killed build had moved away, and delete what else it left."""
    for left in leftovers(output):
        if left.name.endswith("-old") and not output.exists():
            left.rename(output)
            continue
        with suppress(OSError):
            readable(left)  # only a folder that may be entered can be deleted
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _signals_ignored() -> Iterator[None]:
    """Ignore Ctrl+C and SIGTERM during the final rename: after it, "Nothing was changed" would be wrong."""
    signs = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)  # the last repeats a Ctrl+C, see tasks.py
    before = {sign: signal.signal(sign, signal.SIG_IGN) for sign in signs}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _exchange(stage: Path, output: Path) -> None:
    """Rename `stage` to the output; the previous output is then at `stage`."""
    if not output.exists():
        stage.rename(output)
        return
    exchange = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    new, old = os.fsencode(stage), os.fsencode(output)
    if exchange and not exchange(AT_FDCWD, new, AT_FDCWD, old, RENAME_EXCHANGE):
        return
    # macOS and some network disks have no such call. Two renames leave a moment without an output.
    aside = stage.with_name(f"{stage.name}-old")
    output.rename(aside)
    try:
        stage.rename(output)
    except OSError:
        aside.rename(output)
        raise
