"""Bring the site to its readers: ./inv publish.

In: the content, where it goes. Out: a target that holds the site, of which only differing files were touched.
Strict: an address that is nobody's, an overdue fact, a draft or a dead link stops everything before the target is
looked at. A local target gets each file whole, pages after what they show and the list of sheets last; a server
gets them by rsync (https://download.samba.org/pub/rsync/rsync.1). What begins with a dot, and CNAME, is never ours.
"""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .. import paths
from ..content.files import content_files, read_text
from ..errors import CallError, MachineError, Problems
from ..site.assets import NAME as WORKER
from .atomic import MARKER, check_target
from .new import PLACEHOLDER

REMOTE = re.compile(r"rsync://.+|(?P<host>[^/:]+):.*")
"""As rsync tells a server from a folder: a colon before any slash."""

RSYNC = ("rsync", "-rlpc", "--delete", "--delay-updates", "--filter=P /.*", "--filter=P /CNAME")
"""By checksum, because a build gives every file a new time; protected names stay."""

SHOWN = 20
"""Names of each kind that are shown."""


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


def publish(
    *, root: Path, content: Path, to: str = "", dry_run: bool = False, say: Callable[[str], None] = print
) -> Changes:
    """Build strictly, show what changes at the target and, unless it is a trial, change it."""
    settings = runpy.run_path(str(root / "publishconf.py"))
    check_address(settings["SITE"])
    target = to or settings["PUBLISH_TO"]
    remote = REMOTE.fullmatch(target)
    if remote:
        _check_remote(target)
    folder = Path(target) if to else root / target
    if not remote:
        check_target(folder, content, root)
    refuse_unfinished(content)
    from .build import build  # slow to import, and the call may be wrong

    with tempfile.TemporaryDirectory(prefix="publish-") as name:
        site = Path(name) / "site"
        report = build(root=root, content=content, output=site, publish=True)
        changes = _remote_changes(site, target) if remote else compare(site, folder)
        for line in changes.lines():
            say(line)
        if not changes:
            say(f"{target} is up to date: {len(report.handouts)} sheets and {report.pages} pages.")
        elif dry_run:
            say(f"Nothing was written to {target}.")
        else:
            _rsync(site, target) if remote else copy(site, folder, changes)
            say(f"{len(report.handouts)} sheets and {report.pages} pages are in {target}")
    return changes


def check_address(site: str) -> None:
    """Refuse an address that readers cannot open: it is printed on every sheet."""
    parts = urlsplit(site)
    if parts.scheme != "https" or not paths.is_public(site):
        raise CallError(
            f"SITE is `{site}`, which no reader can open. Put the real address into pelicanconf.py, or call "
            "SITE=https://your.address ./inv publish"
        )
    if site.endswith("/") or parts.query or parts.fragment or " " in site:
        raise CallError(f"SITE is `{site}`. Write it without a slash, question mark or # at the end.")


def refuse_unfinished(content: Path) -> None:
    """Stop at drafts and at places still to be written."""
    from ..content.front import split

    problems, quiet = Problems(), Problems()
    for kind in ("guides", "pages", "posts", "shared", "data"):
        for path in content_files(content / kind, "*.toml" if kind == "data" else "*.md", quiet):
            text = read_text(path, quiet) or ""  # what cannot be read is the build's to say
            for number, line in enumerate(text.split("\n"), 1):
                if PLACEHOLDER in line:
                    problems.add(path, number, f"{PLACEHOLDER} is left here. Write it.")
            draft = split(path, kind, text, quiet) if text and kind != "data" else None
            if draft and "draft" in draft.front:
                line = draft.front_lines["draft"]
                problems.add(path, line, "This is a draft. Finish it and delete this line.")
    problems.stop_if_any()


# --- A folder ---------------------------------------------------------------------------------------------------


def compare(site: Path, folder: Path) -> Changes:
    """Return in which files a folder differs from the site."""
    new, old = set(_names(site)), set(_names(folder)) if folder.is_dir() else set()
    changed = {name for name in new & old if not _equal(site / name, folder / name)}
    return Changes(*(tuple(sorted(names)) for names in (new - old, changed, old - new)))


def copy(site: Path, folder: Path, changes: Changes) -> None:
    """Write what differs, then delete what is no more; a file in the way of a folder goes first."""
    for name in changes.removed:
        if any(other.startswith(f"{name}/") for other in changes.added):
            (folder / name).unlink()
    for name in sorted((*changes.added, *changes.changed), key=_turn):
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.new")
        shutil.copyfile(site / name, new)
        new.replace(path)
    for name in changes.removed:
        path = folder / name
        if not path.is_symlink() and not path.is_file():
            continue  # gone already, or what took its place
        path.unlink()
        for parent in path.relative_to(folder).parents:
            if parent.parts and (folder / parent).is_dir() and not any((folder / parent).iterdir()):
                (folder / parent).rmdir()


def _names(folder: Path) -> Iterator[str]:
    """Yield the files of a site; what begins with a dot at its top, and CNAME, belongs to its host."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if not name.startswith(".") and name != "CNAME" and (path.is_symlink() or not path.is_dir()):
            yield name


def _equal(one: Path, other: Path) -> bool:
    """Tell whether two files hold the same bytes; a link is not the file it leads to."""
    if other.is_symlink() or not other.is_file() or one.stat().st_size != other.stat().st_size:
        return False
    return one.read_bytes() == other.read_bytes()


def _turn(name: str) -> tuple[int, str]:
    """Return when a file is written: a page after what it shows, our mark and the worker last."""
    return (2 if name in (MARKER, WORKER) else 1 if name.endswith((".html", ".xml", ".json")) else 0, name)


# --- A server ---------------------------------------------------------------------------------------------------


def _check_remote(target: str) -> None:
    """Refuse a target that rsync would take for an option, and a machine without rsync."""
    if target.startswith("-"):
        raise CallError(f"`{target}` is no target. Write user@host:/path/ or a folder.")
    if not shutil.which("rsync"):
        raise MachineError("rsync is not on this machine. Install it, or give --to a folder and upload that.")


def _remote_changes(site: Path, target: str) -> Changes:
    """Ask rsync what it would do; refuse a place that holds something, and not our mark."""
    listed = _run("rsync", "--list-only", "--", _slash(target), missing_ok=True)
    names = {line.split(maxsplit=4)[-1] for line in listed if len(line.split(maxsplit=4)) == 5}  # noqa: PLR2004
    visible = {name for name in names if not name.startswith(".") and name != "CNAME"}
    if visible and MARKER not in visible:
        raise CallError(
            f"{target} is not empty and was not made by this program. Empty it, or give another target."
        )
    added, changed, removed = [], [], []
    for line in _run(*RSYNC, "--dry-run", "--itemize-changes", "--", f"{site}/", _slash(target)):
        what, _, name = line.partition(" ")
        if what == "*deleting":
            removed.append(name.strip())
        elif what[1:2] == "f":
            (added if "+" in what else changed if what[0] in "<>" else []).append(name)
    return Changes(*(tuple(sorted(names)) for names in (added, changed, removed)))


def _rsync(site: Path, target: str) -> None:
    """Send what differs."""
    _run(*RSYNC, "--", f"{site}/", _slash(target))


def _slash(target: str) -> str:
    return target if target.endswith(("/", ":")) else f"{target}/"


def _run(*command: str, missing_ok: bool = False) -> Iterable[str]:
    """Return the lines a command says, or raise with the last it complained of."""
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode and not (missing_ok and "No such file" in done.stderr):
        said = [line for line in done.stderr.splitlines() if line.strip()] or ["nothing"]
        raise MachineError(f"rsync stopped ({said[0]}). Check the target and that you may write there.")
    return done.stdout.splitlines()
