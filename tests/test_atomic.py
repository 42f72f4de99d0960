"""Exchanging a finished folder for the previous one."""

import errno
import os
import signal
from pathlib import Path

import pytest

from handouts.commands import atomic
from handouts.commands.atomic import check_target, staging
from handouts.errors import UsageError
from handouts.paths import MANIFEST
from tests.build_tools import tree


def output_of_ours(path: Path, text: str = "old") -> Path:
    """Make a folder that looks like a finished site."""
    path.mkdir(parents=True)
    (path / MANIFEST).write_text(text)
    (path / "only-old.html").write_text(text)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def project(tmp_path) -> Path:
    """A project with content."""
    (tmp_path / "project/content/guides").mkdir(parents=True)
    return tmp_path / "project"


def check(project: Path, output: Path) -> None:
    check_target(output, project / "content", project)


# --- Which folders may be replaced ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("file", "is a file"),
        ("dangling", "leads nowhere"),
        (".", "holds the sources"),
        ("..", "holds the sources"),
        ("content", "holds the sources"),
        ("link-to-project", "holds the sources"),
        ("content/guides", "is in the content folder"),
        ("content/new", "is in the content folder"),
        ("photos", "was not made by this program"),
    ],
)
def test_what_is_not_ours_is_refused_with_the_way_out(project, name, why):
    (project / "file").write_text("")
    (project / "dangling").symlink_to("nowhere")
    (project / "link-to-project").symlink_to(project)
    (project / "photos").mkdir()
    (project / "photos/cat.jpg").write_text("")

    with pytest.raises(UsageError, match=why) as caught:
        check(project, project / name)

    assert "--output" in str(caught.value)


# --- The exchange -----------------------------------------------------------------------------------------------


def test_the_new_folder_takes_the_place_of_the_old_whole(tmp_path):
    output = output_of_ours(tmp_path / "out")

    with staging(output) as stage:
        (stage / "new.html").write_text("new")
        assert tree(output) == {MANIFEST: b"old", "only-old.html": b"old"}

    assert tree(output) == {"new.html": b"new"}
    assert names(tmp_path) == ["out"]


# Outputs whose names look like patterns, or like what another output's build has beside it.
@pytest.mark.parametrize("name", ["out", "o[u]t", "*", "out.new-abcdefgh", "出 口"])
def test_what_a_killed_build_left_is_cleared_and_nothing_else(tmp_path, name):
    for left in (f".{name}.new-ab_cdef0", f".{name}.new-ab_cdef0-old"):
        (tmp_path / left).mkdir()
        (tmp_path / left / "half.html").write_text("half")
    others = [".other.new-abcdefgh", f".{name}.new-mine", f".{name}.new-abcdefgh.new-abcdefgh", f".{name}x"]
    for other in others:
        (tmp_path / other).mkdir()
    output_of_ours(tmp_path / name)

    with staging(tmp_path / name):
        assert f".{name}.new-ab_cdef0" not in names(tmp_path)

    assert names(tmp_path) == sorted([*others, name])


def test_what_somebody_forbade_to_change_is_cleared_too(tmp_path):
    """But not where a link leads."""
    left = tmp_path / ".out.new-abcdefgh"
    (left / "a/b").mkdir(parents=True)
    (tmp_path / "mine").mkdir(0o500)
    (left / "link").symlink_to(tmp_path / "mine")
    for folder in (left / "a/b", left / "a"):
        folder.chmod(0o500)
    output_of_ours(tmp_path / "out")

    with staging(tmp_path / "out"):
        pass

    assert names(tmp_path) == ["mine", "out"]
    assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o500


def test_an_output_is_put_back_after_a_kill_between_two_renames(tmp_path):
    """Where the system cannot exchange two names, there is a moment without an output."""
    output_of_ours(tmp_path / ".out.new-abcdefgh-old")

    with pytest.raises(ValueError, match="x"), staging(tmp_path / "out"):
        raise ValueError("x")

    assert tree(tmp_path / "out") == {MANIFEST: b"old", "only-old.html": b"old"}
    assert names(tmp_path) == ["out"]


def test_folders_that_a_failed_build_made_above_its_output_are_gone_too(tmp_path):
    with pytest.raises(ValueError, match="x"), staging(tmp_path / "a/b/out"):
        raise ValueError("x")
    assert names(tmp_path) == []

    with staging(tmp_path / "a/b/out"):
        pass
    assert names(tmp_path / "a/b") == ["out"]


class StopsFirst:
    """A system that sends Ctrl+C and a polite kill in the moment of the exchange."""

    @staticmethod
    def renameat2(*args: object) -> int:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
        return -1


def test_a_stop_while_the_names_are_exchanged_comes_too_late(tmp_path, monkeypatch):
    """`Nothing was changed` is never printed after the exchange."""
    monkeypatch.setattr(atomic.ctypes, "CDLL", lambda *args, **options: StopsFirst())
    output = output_of_ours(tmp_path / "out")
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)

    with staging(output) as stage:
        (stage / "new.html").write_text("new")

    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    assert tree(output) == {"new.html": b"new"}
    assert names(tmp_path) == ["out"]


def test_a_link_to_an_output_stays_a_link(tmp_path):
    output_of_ours(tmp_path / "real")
    (tmp_path / "link").symlink_to("real")

    with staging(tmp_path / "link") as stage:
        (stage / "new.html").write_text("new")

    assert (tmp_path / "link").is_symlink()
    assert tree(tmp_path / "real") == {"new.html": b"new"}


class NoExchange:
    """A system without renameat2."""


class RefusedExchange:
    """A file system that knows no exchange."""

    @staticmethod
    def renameat2(*args: object) -> int:
        return -1


@pytest.mark.parametrize("library", [NoExchange, RefusedExchange])
def test_without_the_call_two_renames_do_it(tmp_path, monkeypatch, library):
    monkeypatch.setattr(atomic.ctypes, "CDLL", lambda *args, **options: library())
    output = output_of_ours(tmp_path / "out")

    with staging(output) as stage:
        (stage / "new.html").write_text("new")

    assert tree(output) == {"new.html": b"new"}
    assert names(tmp_path) == ["out"]


def test_when_the_second_rename_fails_the_old_comes_back(tmp_path, monkeypatch):
    monkeypatch.setattr(atomic.ctypes, "CDLL", lambda *args, **options: NoExchange())
    output = output_of_ours(tmp_path / "out")
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name.startswith(".out.new-") and not path.name.endswith("-old"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)

    with pytest.raises(OSError, match="Input/output"), staging(output):
        pass

    assert tree(output) == {MANIFEST: b"old", "only-old.html": b"old"}
    assert names(tmp_path) == ["out"]
