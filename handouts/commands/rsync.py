"""Send the site to a server by rsync (https://download.samba.org/pub/rsync/rsync.1).

In: a built site and a target like user@host:/path/. Out: what differs, or a target that holds the site. What begins with
a dot at the top of a target, and CNAME, belongs to its host and stays.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import BuildError, CallError, MachineError
from .atomic import MARKER
from .start import STOPPED

REMOTE = re.compile(r"rsync://.+|(?P<host>[^/:]+):.*")
"""As rsync tells a server from a folder: a colon before any slash."""

RSYNC = (
    "rsync", "-rlpc", "--itemize-changes", "--delete", "--delay-updates", "--filter=P /.*", "--filter=P /CNAME",
)  # fmt: skip
"""By checksum, because a build gives every file a new time; files of the host stay."""

SHOWN = 20
"""Names of each kind that are shown."""


class StoppedError(BuildError):
    """Ctrl+C after the target was touched."""

    exit_code = STOPPED


@dataclass(frozen=True, slots=True)
class Changes:
    """What publishing would do to a target."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        """Tell whether there is anything to do."""
        return bool(self.added or self.changed or self.removed)

    def lines(self) -> Iterator[str]:
        """Yield them as a person reads them."""
        for word in ("added", "changed", "removed"):
            names = getattr(self, word)
            if names:
                yield f"{len(names)} {word}:"
                yield from (f"    {name}" for name in names[:SHOWN])
                if len(names) > SHOWN:
                    yield f"    and {len(names) - SHOWN} more"


def of_host(path: Path) -> bool:
    """Tell whether a file or folder at the top of the target belongs to the host."""
    return path.name.startswith(".") or path.name == "CNAME"


def check(target: str) -> None:
    """Refuse a target that rsync would take for an option, and a machine without rsync."""
    if target.startswith("-"):
        raise CallError(f"`{target}` is no target. Write user@host:/path/ or a folder.")
    if not shutil.which("rsync"):
        raise MachineError("rsync is not on this machine. Install it, or give --to a folder and upload that.")


def changes(site: Path, target: str) -> Changes:
    """Ask rsync what it would do; refuse a place that holds something, but not our marker."""
    code, listed, said = _run("rsync", "--list-only", "--", _slash(target))
    if code and "No such file" not in said:
        raise MachineError(
            f"rsync stopped ({said}). Nothing was sent. Check the target and your access to it."
        )
    names = {line.split(maxsplit=4)[-1] for line in listed if len(line.split(maxsplit=4)) == 5}  # noqa: PLR2004
    if any(not of_host(Path(name)) for name in names - {"."}) and MARKER not in names:
        raise CallError(
            f"{target} is not empty and was not made by this program. Empty it, or give --to another target."
        )
    code, items, said = _run(*RSYNC, "--dry-run", "--", f"{site}/", _slash(target))
    if code:
        raise MachineError(
            f"rsync stopped ({said}). Nothing was sent. Check the target and your access to it."
        )
    added: list[str] = []
    changed: list[str] = []
    removed: list[str] = []
    for line in items:
        what, _, name = line.partition(" ")
        if what == "*deleting":
            removed.append(name.strip())
        elif what[1:2] == "f":
            (added if "+" in what else changed if what[0] in "<>" else []).append(name)
    return Changes(*(tuple(sorted(names)) for names in (added, changed, removed)))


def send(site: Path, target: str, wanted: Changes) -> None:
    """Send what differs, on a first publication our marker first: after a break, the next run goes on."""
    count = len(wanted.added) + len(wanted.changed)
    sent: list[str] = []
    try:
        code, _, said = 0, sent, ""
        if MARKER in wanted.added:
            code, _, said = _run("rsync", "-p", "--", str(site / MARKER), _slash(target))
        if not code:
            code, sent, said = _run(*RSYNC, "--", f"{site}/", _slash(target))
    except KeyboardInterrupt as stop:
        raise StoppedError(
            f"Stopped while rsync was sending. Part of the {count} files may be in {target}; publish again for the rest."
        ) from stop
    if code:
        done = sum(line[:1] in "<>" and line[1:2] == "f" for line in sent)
        raise MachineError(
            f"rsync stopped ({said}) after it had sent {done} of {count} files. Part of them may be in {target}; "
            "publish again for the rest."
        )


def _slash(target: str) -> str:
    return target if target.endswith(("/", ":")) else f"{target}/"


def _run(*command: str) -> tuple[int, list[str], str]:
    """Return the exit code of a command, the lines it printed, and the first it complained of."""
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    said = [line for line in done.stderr.splitlines() if line.strip()] or ["without a word"]
    return done.returncode, done.stdout.splitlines(), said[0]
