"""Publish the site into a folder: ./inv publish.

In: the content and a folder. Out: the site in the folder, without drafts. A SITE that no reader can open, an overdue fact, a
translation that has been outdated for too long, a place to be written or a dead link stops the command before it changes the
folder, which is then replaced in one step, like the output of a build. At the top of the folder, CNAME and names that begin
with a dot belong to the host and stay.
"""

from __future__ import annotations

import filecmp
import re
import runpy
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .. import paths
from ..content import translations
from ..content.data import load_data
from ..content.files import content_files, read_text
from ..content.loader import read_drafts
from ..content.review import late
from ..content.syntax import PLACEHOLDER, is_day
from ..errors import ContentError, Problem, Problems, UsageError, explain_os_errors
from .atomic import check_target, done_if_replaced, readable, staging
from .up_to_date import files_below

SERVER = re.compile(r"rsync://.+|[^/:]+:.*")
"""A place on a server, as rsync writes it: a colon before any slash."""
SHOWN = 20
"""File names listed for each kind of change; of further files only the number is given."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What publishing would do to a folder."""

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


def publish(*, root: Path, content: Path, to: str, dry_run: bool, say: Callable[[str], None]) -> None:
    """Build, show what would change in the folder, and replace it unless `dry_run`; `to` may be empty."""
    settings = runpy.run_path(str(root / "publishconf.py"))
    check_address(settings["SITE"])
    target = to or settings["PUBLISH_TO"]
    if SERVER.fullmatch(target):
        raise UsageError(
            f"{target} is on a server. Publish into a folder, then send it: "
            f"rsync -a --delete --filter='P /.*' --filter='P /CNAME' dist/ {target}"
        )
    folder = Path(to) if to else root / target
    with explain_os_errors(target), tempfile.TemporaryDirectory(prefix="publish-") as work:
        check_target(folder, content, root, "--to")
        site = Path(work) / "site"
        made = _build(root, content, Path(work) / "content", site, say)
        changes = compare(site, folder)
        for line in changes.lines():
            say(line)
        if not changes:
            say(f"{target} is up to date: {made}.")
        elif dry_run:
            say(f"Nothing was written to {target}.")
        else:
            with done_if_replaced(folder):
                replace(site, folder)
                say(f"{made} are in {target}")


def check_address(site: str) -> None:
    """Refuse a SITE that readers cannot open: it is printed on every sheet."""
    if site.startswith("http:"):
        raise UsageError(f"SITE is `{site}`. Write https: without it the offline copy does not work.")
    if not site.startswith("https:") or not paths.is_public(site):
        raise UsageError(
            f"SITE is `{site}`, which no reader can open. Put the real address into pelicanconf.py, or call "
            "SITE=https://your.address ./inv publish"
        )
    if re.search(r"/$|[?# ]", site):
        raise UsageError(f"SITE is `{site}`. Write it without a slash, question mark or # at the end.")


def _build(root: Path, content: Path, copy: Path, site: Path, say: Callable[[str], None]) -> str:
    """Build the content without its drafts; return what was made, as part of a sentence."""
    drafts = find_drafts(content)
    for path in sorted(drafts):
        say(f"{path} is a draft and is left out.")
    if drafts:
        shutil.copytree(
            content,
            copy,
            symlinks=True,  # the checks refuse those that lead outside
            ignore=lambda folder, names: [name for name in names if Path(folder, name) in drafts],
        )
    from .build import build  # slow to import, and the call may be wrong

    source = copy if drafts else content
    problems = not_ready(source, date.today())
    try:
        report = build(root=root, content=source, output=site, publish=True)
    except ContentError as error:
        problems.extend(error.problems)
    if problems:
        here, there = str(source), str(content)
        raise ContentError(
            Problem(one.path.replace(here, there), one.line, one.text.replace(here, there))
            for one in problems
        )
    return report.made


def find_drafts(content: Path) -> set[Path]:
    """Return the files marked as drafts, and their translations."""
    drafts = {draft.path for draft in read_drafts(content, Problems()) if draft.front.get("draft") == "yes"}
    return drafts | {path for draft in drafts for path in draft.parent.glob(f"{draft.stem}.*.md")}


def not_ready(content: Path, today: date) -> Problems:
    """Return what may be built but not published: days to come, places to be written, overdue facts, old translations."""
    problems, unused = Problems(), Problems()  # unused: the build reports what is wrong with a file
    drafts = read_drafts(content, unused)
    for draft in drafts:
        for key in ("updated", "date"):
            day = draft.front.get(key, "")
            if is_day(day) and day > today.isoformat():
                problems.add(draft.path, draft.line_of(key), f"`{key}` is {day}, a day to come. Correct it.")
    for path in (*(draft.path for draft in drafts), *content_files(content / "data", "*.toml")):
        for number, line in enumerate((read_text(path, unused) or "").split("\n"), 1):
            if PLACEHOLDER in line:
                problems.add(path, number, f"{PLACEHOLDER} is left here. Write it.")
    data = load_data(content / "data", unused)
    problems += late(content / "data" / "facts.toml", data, today)
    problems += translations.overdue(translations.translated_texts(content, unused), today)
    return problems


def compare(site: Path, folder: Path) -> Changes:
    """Compare a folder with the site, file by file."""
    new, old = _names(site), _names(folder) if folder.is_dir() else set()
    changed = {name for name in new & old if not _equal(site / name, folder / name)}
    return Changes(*(tuple(sorted(names)) for names in (new - old, changed, old - new)))


def replace(site: Path, folder: Path) -> None:
    """Replace a folder by the site in one step; unchanged files keep their time, and files of the host stay."""
    with staging(folder) as stage:
        shutil.copytree(site, stage, dirs_exist_ok=True)
        readable(stage)
        if folder.is_dir():
            for name in _names(site):
                if _equal(site / name, folder / name):
                    shutil.copystat(folder / name, stage / name)
                    (stage / name).chmod(0o644)
            for path in (*folder.glob(".*"), *folder.glob("CNAME")):
                if path.is_dir() and not path.is_symlink():
                    shutil.copytree(path, stage / path.name, symlinks=True)
                else:
                    shutil.copy2(path, stage / path.name, follow_symlinks=False)


def _names(folder: Path) -> set[str]:
    """Return the names of all files but those of the host."""
    return {path.relative_to(folder).as_posix() for path in files_below(folder)} - {"CNAME"}


def _equal(one: Path, other: Path) -> bool:
    """Tell whether two files hold the same bytes; a symbolic link never equals a file."""
    return other.is_file() and not other.is_symlink() and filecmp.cmp(one, other, shallow=False)
