"""Put a finished folder in the place of the previous one, whole or not at all.

In: the output a caller asked for. Out: a folder beside it to build in, and the exchange of the two.
At every moment the output is the old one or the new one. What a killed build left beside it is
cleared by the next one. All names beside the output begin with a dot and the output's name.
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
    """Give a new folder beside the output to build in; on success it takes the output's place."""
    output = output.resolve()
    with _parents(output), _alone(output):
        _restore(output)
        _clear(output)
        try:
            stage = Path(tempfile.mkdtemp(prefix=f".{output.name}.new-", dir=output.parent))
            yield stage
            _open_to_readers(stage)
            with _too_late_to_stop():
                _exchange(stage, output)
                _clear(output)
        finally:
            _clear(output)  # by name: a stop may come before `stage` has its value


def which(output: Path) -> int | None:
    """Return what tells the folder that is the output now from the one that takes its place."""
    try:
        return output.stat().st_ino
    except OSError:
        return None


@contextmanager
def _parents(output: Path) -> Iterator[None]:
    """When what follows fails, take the folders above the output away again that were made for it."""
    missing = [folder for folder in output.parents if not folder.exists()]
    try:
        yield
    except BaseException:
        for folder in missing:  # the innermost first
            with suppress(OSError):  # somebody has put something there
                folder.rmdir()
        raise


def lock_of(output: Path) -> Path:
    """Return the file that is there while a build writes this output, and after one that was killed."""
    output = output.resolve()
    return output.with_name(f".{output.name}.lock")


@contextmanager
def _alone(output: Path) -> Iterator[None]:
    """Wait until no other build writes this output, and keep others waiting.

    The lock is the kernel's, on a file beside the output, and ends with the process that holds it. The file is deleted
    with the lock, so one who waited may have got the lock of a deleted file; then there is a newer one to wait for.
    """
    path = lock_of(output)
    told = False
    while True:
        # Who waited may find that it went with a failed build.
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not told:
                    print(f"Another build writes {output}; waiting for it.", file=sys.stderr, flush=True)
                told = True
                fcntl.flock(lock, fcntl.LOCK_EX)
            if path.exists() and os.path.samestat(os.fstat(lock), path.stat()):
                try:
                    yield
                finally:
                    path.unlink(missing_ok=True)
                return
        finally:
            os.close(lock)


def _left(output: Path) -> Iterator[Path]:
    """Yield what this build or a killed one has beside the output, told by the names that mkdtemp gives."""
    name = re.compile(rf"\.{re.escape(output.name)}\.new-[a-z0-9_]{{8}}(-old)?")
    return (path for path in output.parent.iterdir() if name.fullmatch(path.name))


def _clear(output: Path) -> None:
    """Delete what a build has left beside the output, whatever somebody forbade in it."""
    for left in _left(output):
        for parent, folders, _ in os.walk(left):
            for folder in (Path(parent), *(Path(parent, name) for name in folders)):
                with suppress(OSError):  # before it is walked into
                    folder.is_symlink() or folder.chmod(0o755)
        shutil.rmtree(left, ignore_errors=True)


def _restore(output: Path) -> None:
    """Put back what a build took away before it was killed between two renames."""
    for left in _left(output):
        if left.name.endswith("-old") and not output.exists():
            left.rename(output)


def _open_to_readers(stage: Path) -> None:
    """Let everybody read the site, whatever the umask and the sources allow: it is there to be read."""
    stage.chmod(0o755)
    for path in stage.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


@contextmanager
def _too_late_to_stop() -> Iterator[None]:
    """Overhear Ctrl+C and a polite kill: who stops a build is told that nothing was changed."""
    if threading.current_thread() is not threading.main_thread():  # it gets no signals
        yield
        return
    before = {sign: signal.signal(sign, signal.SIG_IGN) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


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
