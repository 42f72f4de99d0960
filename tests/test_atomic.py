"""Exchanging a finished folder for the previous one."""

import errno
import os
import signal
from pathlib import Path
from types import SimpleNamespace

import pytest

from handouts.commands import atomic
from handouts.commands.atomic import check_target, staging
from handouts.errors import UsageError
from handouts.paths import MANIFEST
from tests.build_tools import tree


def output_of_ours(path: Path, text: str = "old") -> Path:
    path.mkdir(parents=True)
    (path / MANIFEST).write_text(text)
    (path / "only-old.html").write_text(text)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


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
    ],
)
def test_what_is_not_ours_is_refused_with_the_way_out(tmp_path, name, why):
    """More such targets, through the command: tests/test_build.py."""
    project = tmp_path / "project"
    (project / "content/guides").mkdir(parents=True)
    (project / "file").write_text("")
    (project / "dangling").symlink_to("nowhere")
    (project / "link-to-project").symlink_to(project)

    with pytest.raises(UsageError, match=why) as caught:
        check_target(project / name, project / "content", project)

    assert "--output" in str(caught.value)


def test_the_new_folder_takes_the_place_of_the_old_whole_where_a_link_leads_too(tmp_path):
    output = output_of_ours(tmp_path / "real")
    (tmp_path / "link").symlink_to("real")

    for name in ("real", "link"):
        before = tree(output)
        with staging(tmp_path / name) as stage:
            (stage / "new.html").write_text(name)
            assert tree(output) == before
        assert tree(output) == {"new.html": name.encode()}
        (output / MANIFEST).write_text("old")

    assert (tmp_path / "link").is_symlink()
    assert names(tmp_path) == ["link", "real"]


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


def stop(*args: object) -> int:
    """Refuse, and be stopped by Ctrl+C and by a polite kill in that moment."""
    for sign in (signal.SIGINT, signal.SIGTERM):
        os.kill(os.getpid(), sign)
    return -1


NO_EXCHANGE = SimpleNamespace()
LIBRARIES = {
    "a system without renameat2": NO_EXCHANGE,
    "a file system that knows no exchange": SimpleNamespace(renameat2=lambda *args: -1),
    "stopped in the moment of the exchange": SimpleNamespace(renameat2=stop),
}


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
def test_without_the_call_two_renames_do_it_and_a_stop_comes_too_late(tmp_path, monkeypatch, library):
    """`Nothing was changed` is never printed after the exchange."""
    monkeypatch.setattr(atomic.ctypes, "CDLL", lambda *args, **options: library)
    output = output_of_ours(tmp_path / "out")
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)

    with staging(output) as stage:
        (stage / "new.html").write_text("new")

    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    assert tree(output) == {"new.html": b"new"}
    assert names(tmp_path) == ["out"]


def test_when_the_second_rename_fails_the_old_comes_back(tmp_path, monkeypatch):
    monkeypatch.setattr(atomic.ctypes, "CDLL", lambda *args, **options: NO_EXCHANGE)
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
