"""Send the site to a server with rsync (https://download.samba.org/pub/rsync/rsync.1).

In: a built site and a target like user@host:/path/. Out: what differs, or a target that holds the site. At the top of a
target, CNAME and names that begin with a dot belong to the host and stay.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import BuildError, MachineError, UsageError
from ..paths import MANIFEST
from .start import STOPPED

REMOTE = re.compile(r"rsync://.+|[^/:]+:.*")
"""A target on a server, as rsync sees it: a colon before any slash."""

OPTIONS = (
    "-rlpc", "--itemize-changes", "--delete", "--delay-updates", "--filter=P /.*", "--filter=P /CNAME",
)  # fmt: skip
"""Files are compared by checksum, because a build gives every file a new time."""

SHOWN = 20
"""File names listed for each kind of change; of further files only the number is given."""


class StoppedError(BuildError):
    """Ctrl+C after the target was changed."""

    exit_code = STOPPED


@dataclass(frozen=True, slots=True)
class Changes:
    """What publishing would do to a target."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def lines(self) -> Iterator[str]:
        """Yield the lines that show the changes to the person who publishes."""
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
        raise UsageError(f"`{target}` is no target. Write user@host:/path/ or a folder.")
    if not shutil.which("rsync"):
        raise MachineError("rsync is not on this machine. Install it, or give --to a folder and upload that.")


def changes(site: Path, target: str) -> Changes:
    """Ask rsync what it would change; refuse a target that holds files but no manifest of ours."""
    there = _ask("--list-only", "--", _slash(target), may_be_missing=True)
    listed = [line.split(maxsplit=4) for line in there]
    names = {columns[-1] for columns in listed if len(columns) == 5}  # noqa: PLR2004  # mode, size, day, time, name
    if any(not of_host(Path(name)) for name in names - {"."}) and MANIFEST not in names:
        raise UsageError(
            f"{target} is not empty and was not made by this program. Empty it, or give --to another target."
        )
    found: dict[str, list[str]] = {"added": [], "changed": [], "removed": []}
    for line in _ask(*OPTIONS, "--dry-run", "--", f"{site}/", _slash(target)):
        what, _, name = line.partition(" ")
        if what == "*deleting":
            found["removed"].append(name.strip())
        elif what[1:2] == "f" and "+" in what:
            found["added"].append(name)
        elif what[1:2] == "f" and what[0] in "<>":
            found["changed"].append(name)
    return Changes(**{kind: tuple(sorted(names)) for kind, names in found.items()})


def send(site: Path, target: str, wanted: Changes) -> None:
    """Send what differs. A new target gets the manifest first: if sending is interrupted, it shows that the files are ours."""
    count = len(wanted.added) + len(wanted.changed)
    rest = f"Part of the {count} files may be in {target}; publish again for the rest."
    everything = (*OPTIONS, "--", f"{site}/", _slash(target))
    first = [("-p", "--", str(site / MANIFEST), _slash(target))] if MANIFEST in wanted.added else []
    try:
        for arguments in (*first, everything):
            code, _, message = _run(*arguments)
            if code:
                raise MachineError(f"rsync stopped ({message}). {rest}")
    except KeyboardInterrupt as stop:
        raise StoppedError(f"Stopped while rsync was sending. {rest}") from stop


def _slash(target: str) -> str:
    """Return a target with a slash at the end, so that rsync writes into the folder."""
    return target if target.endswith(("/", ":")) else f"{target}/"


def _ask(*arguments: str, may_be_missing: bool = False) -> list[str]:
    """Return the lines of an rsync that changes nothing; a target that does not exist has none if it `may_be_missing`."""
    code, lines, message = _run(*arguments)
    if code and not (may_be_missing and "No such file" in message):
        raise MachineError(
            f"rsync stopped ({message}). Nothing was sent. Check the target and your access to it."
        )
    return lines


def _run(*arguments: str) -> tuple[int, list[str], str]:
    """Return rsync's exit code, the lines it printed, and its first message of an error."""
    command = ["rsync", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    messages = [line for line in done.stderr.splitlines() if line.strip()] or ["without a message"]
    return done.returncode, done.stdout.splitlines(), messages[0]
