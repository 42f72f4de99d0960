"""Publish the site: ./inv publish.

In: the content and a target. Out: the site in the target, without drafts. A SITE that no reader can open, an overdue fact, a
translation that has been outdated for too long, a place to be written or a dead link stops the command before it changes the
target. A folder is replaced in one step, like the output of a build; a server gets only the files that differ (rsync.py).
"""

from __future__ import annotations

import filecmp
import re
import runpy
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from .. import paths
from ..content import translations
from ..content.data import load_data
from ..content.files import content_files, read_text
from ..content.loader import read_drafts
from ..content.review import late
from ..content.syntax import PLACEHOLDER, is_day
from ..errors import ContentError, Problem, Problems, UsageError, explaining
from . import rsync
from .atomic import check_target, done_if_replaced, readable, staging
from .rsync import Changes, of_host


def publish(*, root: Path, content: Path, to: str, dry_run: bool, say: Callable[[str], None]) -> None:
    """Build, show what would change at the target, and change it unless `dry_run`; `to` may be empty."""
    settings = runpy.run_path(str(root / "publishconf.py"))
    check_address(settings["SITE"])
    target = to or settings["PUBLISH_TO"]
    folder = None if rsync.REMOTE.fullmatch(target) else Path(target) if to else root / target
    with explaining(target), tempfile.TemporaryDirectory(prefix="publish-") as work:
        if folder:
            check_target(folder, content, root, "--to")
        else:
            rsync.check(target)
        site = Path(work) / "site"
        made = _build(root, content, Path(work) / "content", site, say)
        changes = compare(site, folder) if folder else rsync.changes(site, target)
        for line in changes.lines():
            say(line)
        if not changes:
            say(f"{target} is up to date: {made}.")
        elif dry_run:
            say(f"Nothing was written to {target}.")
        elif folder:
            with done_if_replaced(folder):
                replace(site, folder)
                say(f"{made} are in {target}")
        else:
            rsync.send(site, target, changes)
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
        shutil.copytree(content, copy)
        for path in drafts:
            (copy / path.relative_to(content)).unlink()
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


# --- A folder ---------------------------------------------------------------------------------------------------


def compare(site: Path, folder: Path) -> Changes:
    """Compare a folder with the site, file by file."""
    new, old = set(_names(site)), set(_names(folder)) if folder.is_dir() else set()
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
            for path in filter(of_host, folder.iterdir()):
                if path.is_dir() and not path.is_symlink():
                    shutil.copytree(path, stage / path.name, symlinks=True)
                else:
                    shutil.copy2(path, stage / path.name, follow_symlinks=False)


def _names(folder: Path) -> Iterator[str]:
    """Yield the names of all files but those of the host."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if not of_host(folder / name.parts[0]) and (path.is_symlink() or not path.is_dir()):
            yield name.as_posix()


def _equal(one: Path, other: Path) -> bool:
    """Tell whether two files hold the same bytes; a symbolic link never equals a file."""
    return other.is_file() and not other.is_symlink() and filecmp.cmp(one, other, shallow=False)
