"""Put a finished folder in the place of the previous one, whole or not at all.

In: the output a caller asked for. Out: a folder beside it to build in, and the exchange of the two.
At every moment the output is the old one or the new one. What a killed build left beside it is
cleared by the next one.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import CallError

MARKER = "handouts.json"
"""A folder that holds this file is an output of ours, and may be replaced."""

AT_FDCWD, RENAME_EXCHANGE = -100, 2
"""Of renameat2(2), Linux."""


def check_target(output: Path, content: Path, root: Path) -> None:
    """Refuse an output that is not ours to replace."""
    if output.is_symlink() and not output.exists():
        raise CallError(f"{output} is a link that leads nowhere. Give --output a folder.")
    if output.exists() and not output.is_dir():
        raise CallError(f"{output} is a file. Give --output a folder.")
    real = output.resolve()
    for inside in (content.resolve(), root.resolve()):
        if inside == real or inside.is_relative_to(real):
            raise CallError(f"{output} holds the sources. Give --output a folder of its own.")
    if real.is_relative_to(content.resolve()):
        raise CallError(f"{output} lies in the content. Give --output a folder of its own.")
    if output.is_dir() and any(output.iterdir()) and not (output / MARKER).is_file():
        raise CallError(
            f"{output} is not empty and was not made by this program. "
            "Empty it, or give --output another folder."
        )


@contextmanager
def staging(output: Path) -> Iterator[Path]:
    """Give a new folder beside the output to build in; on success it takes the output's place.

    One build at a time: a second one waits. The kernel ends the lock with the process that holds it.
    """
    output = output.resolve()
    output.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{output.name}.new-"
    lock = os.open(output.parent, os.O_RDONLY)
    try:
        _lock(lock, output)
        _clear(output.parent, prefix)
        try:
            stage = Path(tempfile.mkdtemp(prefix=prefix, dir=output.parent))
            yield stage
            stage.chmod(0o755)
            _exchange(stage, output)
        finally:
            _clear(output.parent, prefix)  # by name: a stop may come before `stage` has its value
    finally:
        os.close(lock)


def _clear(folder: Path, prefix: str) -> None:
    """Delete what this build or a killed one left to build in."""
    for left in folder.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)


def _lock(folder: int, output: Path) -> None:
    """Wait until no other build writes beside this output."""
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"Another build writes beside {output}; waiting for it.", file=sys.stderr, flush=True)
        fcntl.flock(folder, fcntl.LOCK_EX)


def _exchange(stage: Path, output: Path) -> None:
    """Make `stage` the output; what was the output is then found at `stage`, or is gone."""
    if not output.exists():
        stage.rename(output)
        return
    libc = ctypes.CDLL(None, use_errno=True)
    exchange = getattr(libc, "renameat2", None)
    if exchange is not None:
        done = exchange(AT_FDCWD, os.fsencode(stage), AT_FDCWD, os.fsencode(output), RENAME_EXCHANGE)
        if done == 0:
            return
    # No such call here (macOS, some network disks): two renames, with a moment between them.
    old = stage.with_name(f"{stage.name}-old")
    output.rename(old)
    try:
        stage.rename(output)
    except OSError:
        old.rename(output)
        raise
    shutil.rmtree(old, ignore_errors=True)
