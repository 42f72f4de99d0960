"""A build that would change nothing is not run; whatever differs, it is."""

import os
import pwd
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from handouts.commands import up_to_date
from handouts.commands.up_to_date import LastBuild
from handouts.errors import Problems
from tests.build_tools import edit


@pytest.fixture
def project(folder, tmp_path) -> Path:
    for name in ("handouts/a.py", "theme/b.css", "pelicanconf.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    return tmp_path


def stamp_of(project: Path) -> LastBuild:
    return LastBuild(project, project / "content", project / "site")


MADE = "2 sheets and 3 pages"


def stamped(project: Path, due: date = date.max) -> LastBuild:
    """Return the stamp of a build that was just done."""
    stamp = stamp_of(project)
    stamp.begin()
    (project / "stage/deep").mkdir(parents=True)
    for name in ("index.html", "deep/a.pdf"):
        (project / "stage" / name).write_bytes(name.encode())
    stamp.finish(project / "stage", made=MADE, due=due, old=Problems())
    (project / "stage").rename(project / "site")
    return stamp


SPOILT = (b"", b"{", b"[]", b"null", b'{"fonts": 1}', b"\xff")
CHANGES = {
    "a byte of the content": lambda here: (here / "content/guides/prepaid.md").write_text("x"),
    "a new file": lambda here: (here / "content/images/new.png").write_bytes(b"x"),
    "a file less": lambda here: (here / "content/posts/rule.md").unlink(),
    "a renamed file": lambda here: (here / "content/posts/rule.md").rename(here / "content/posts/rules.md"),
    "the theme": lambda here: (here / "theme/b.css").write_text("2"),
    "the code": lambda here: (here / "handouts/a.py").write_text("2"),
    "the settings": lambda here: (here / "pelicanconf.py").write_text("2"),
    "an output file": lambda here: (here / "site/index.html").write_text("index.htmL"),
    "an output file less": lambda here: (here / "site/deep/a.pdf").unlink(),
    "an output file more": lambda here: (here / "site/more").write_text(""),
    "no output": lambda here: (here / "site").rename(here / "gone"),
    "no settings": lambda here: (here / "pelicanconf.py").unlink(),
    "a link to nothing": lambda here: (here / "content/images/x.png").symlink_to("nothing"),
    "a link to itself": lambda here: (here / "content/images/x.png").symlink_to("x.png"),
    "a pipe": lambda here: os.mkfifo(here / "content/images/x.png"),
    "a link to a folder": lambda here: (here / "content/images/loop").symlink_to(here),
    **{
        f"a note saying {said}": lambda here, said=said: stamp_of(here).path.write_bytes(said)
        for said in SPOILT
    },
    "what a build killed after the exchange left": lambda here: (here / ".site.new-abcdefgh").mkdir(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_differs_is_seen(change, project):
    stamp = stamped(project)
    assert stamp.unchanged() == ("2 sheets and 3 pages", [])
    change(project)
    assert stamp.unchanged() is None


def test_a_file_changed_and_set_back_in_time_is_seen(project):
    """Same size, same time of change: only the time of the entry tells."""
    for path in project.rglob("*"):
        os.utime(path, (0, path.stat().st_mtime - 60))
    stamp = stamped(project)
    path = project / "theme/b.css"
    before = path.stat()
    path.write_text("2")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert stamp.unchanged() is None


def test_a_file_that_was_only_touched_and_an_editors_lock_change_nothing(project):
    stamp = stamped(project)
    (project / "theme/b.css").touch()
    (project / "handouts/__pycache__").mkdir()
    (project / "content/guides/.#prepaid.md").symlink_to("me@here.1234")

    assert stamp.unchanged()


def test_what_changes_during_a_build_is_built_next_time(project):
    stamp = stamp_of(project)
    stamp.begin()
    (project / "theme/b.css").write_text("2")
    (project / "site").mkdir()
    stamp.finish(project / "site", made=MADE, due=date.max, old=Problems())

    assert stamp.unchanged() is None


def test_a_user_without_a_home_builds_too_and_one_who_cannot_write_a_note_always(project, monkeypatch):
    """As in a container that was given a number for a user."""
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    stamp = stamped(project)
    assert stamp.unchanged()

    shutil.rmtree(project / ".cache")
    (project / ".cache").write_text("in the way")
    stamp.begin()
    stamp.finish(project / "site", made=MADE, due=date.max, old=Problems())
    assert stamp.unchanged() is None


@pytest.mark.parametrize("names", [["pelican-1.dist-info"], ["pelican-2.dist-info", "new-1.dist-info"]])
def test_another_library_is_seen(project, tmp_path, monkeypatch, names):
    libraries = tmp_path / "libraries"
    (libraries / "pelican-2.dist-info").mkdir(parents=True)
    monkeypatch.setattr(up_to_date.sysconfig, "get_path", lambda name: str(libraries))
    stamp = stamped(project)
    assert stamp.unchanged()
    (libraries / "pelican-2.dist-info").rmdir()
    for name in names:
        (libraries / name).mkdir()

    assert stamp.unchanged() is None


def test_overdue_facts_are_told_although_nothing_changed(project):
    """The day is no input of the site, but of the warnings."""
    yesterday = date.today() - timedelta(days=1)
    edit(project / "content/data/facts.toml", "review_by = 2027-01-31", f"review_by = {yesterday}")
    edit(project / "content/data/facts.toml", "read = 2026-11-20\nreview_by", "read = 2025-01-20\nreview_by")
    made, overdue = stamped(project, due=yesterday).unchanged()

    assert made == MADE
    assert any("`phone` was to be checked by" in str(problem) for problem in overdue)
