"""Replace a folder by a new one in one step, or leave it as it was.

In: the folder a caller asked for. Out: a staging folder beside it, and the exchange of the two.
At every moment the output is the old folder or the new one. Whatever a killed build left beside it is deleted by
the next. Staging folders are named `.<output>.new-<8 letters>`.
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
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import CallError

MARKER = "handouts.json"
"""A folder that holds this file was made by this program and may be replaced."""

AT_FDCWD, RENAME_EXCHANGE = -100, 2
"""Arguments of renameat2(2), Linux."""


def check_target(output: Path, content: Path, root: Path, option: str = "--output") -> None:
    """Refuse an output that must not be replaced; `option` is what the caller used to name it."""
    if output.is_symlink() and not output.exists():
        raise CallError(f"{output} is a link that leads nowhere. Give {option} a folder.")
    if output.exists() and not output.is_dir():
        raise CallError(f"{output} is a file. Give {option} a folder.")
    real = output.resolve()
    for inside in (content.resolve(), root.resolve()):
        if inside.is_relative_to(real):
            raise CallError(f"{output} holds the sources. Give {option} another folder.")
    if real.is_relative_to(content.resolve()):
        raise CallError(f"{output} lies in the content. Give {option} another folder.")
    if output.is_dir() and any(output.iterdir()) and not (output / MARKER).is_file():
        raise CallError(
            f"{output} is not empty and was not made by this program. Empty it, or give {option} another folder."
        )


@contextmanager
def staging(output: Path) -> Iterator[Path]:
    """Give a new folder beside the output; when the block ends without an error, it replaces the output."""
    output = output.resolve()
    with _locked(output):
        _clean_up(output)
        try:
            stage = Path(tempfile.mkdtemp(prefix=f".{output.name}.new-", dir=output.parent))
            yield stage
            stage.chmod(0o755)
            with _signals_ignored():
                _exchange(stage, output)
                _clean_up(output)
        finally:
            _clean_up(output)


def readable(folder: Path) -> None:
    """Let everybody read a site, whatever the umask and the modes of its sources."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def identity(output: Path) -> int | None:
    """Return a number that changes when the output is replaced; None where there is none."""
    try:
        return output.stat().st_ino
    except OSError:
        return None


def leftovers(output: Path) -> list[Path]:
    """Return the staging folders beside the output: of a running build, or of a killed one."""
    name = re.compile(rf"\.{re.escape(output.name)}\.new-[a-z0-9_]{{8}}(-old)?")
    return [path for path in output.parent.iterdir() if name.fullmatch(path.name)]


@contextmanager
def _locked(output: Path) -> Iterator[None]:
    """Make the folders above the output, and allow one build at a time below the folder that holds it.

    The lock is the kernel's and lies on that folder itself, so no file remains. It ends with the process. Some network
    disks cannot lock a folder; there two builds at once are not kept apart.
    """
    for folder in reversed([folder for folder in output.parents if not folder.exists()]):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)  # readers come through it, whatever the umask
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


def _clean_up(output: Path) -> None:
    """Put back an output that a killed build had moved away, and delete its other leftovers."""
    for left in leftovers(output):
        if left.name.endswith("-old") and not output.exists():
            left.rename(output)
            continue
        for parent, folders, _ in os.walk(left):
            for folder in (Path(parent), *(Path(parent, name) for name in folders)):
                if not folder.is_symlink():
                    with suppress(OSError):  # a folder that may not be entered cannot be deleted
                        folder.chmod(0o755)
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _signals_ignored() -> Iterator[None]:
    """Ignore SIGINT and SIGTERM during the final rename, so that `nothing was changed` is never said after it."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread gets signals
        yield
        return
    before = {sign: signal.signal(sign, signal.SIG_IGN) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _exchange(stage: Path, output: Path) -> None:
    """Rename `stage` to the output; the previous output is then found at `stage`."""
    if not output.exists():
        stage.rename(output)
        return
    exchange = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if exchange and not exchange(
        AT_FDCWD, os.fsencode(stage), AT_FDCWD, os.fsencode(output), RENAME_EXCHANGE
    ):
        return
    # macOS and some network disks have no such call: two renames, with a moment in between.
    old = stage.with_name(f"{stage.name}-old")
    output.rename(old)
    try:
        stage.rename(output)
    except OSError:
        old.rename(output)
        raise
