"""Exchanging a finished folder for the previous one."""

import errno
import os
from pathlib import Path

import pytest

from handouts import swap
from handouts.errors import CallError
from handouts.swap import check_target, staging
from tests.build_tools import tree


def output_of_ours(path: Path, text: str = "old") -> Path:
    """Make a folder that looks like a finished site."""
    path.mkdir(parents=True)
    (path / swap.MARKER).write_text(text)
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


@pytest.mark.parametrize("name", ["output", "new/deeper", "../elsewhere", "empty"])
def test_a_new_or_empty_folder_is_accepted(project, name):
    (project / "empty").mkdir()

    check(project, project / name)


def test_an_output_of_ours_is_accepted(project):
    check(project, output_of_ours(project / "output"))


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("file", "is a file"),
        ("dangling", "leads nowhere"),
        (".", "holds the sources"),
        ("..", "holds the sources"),
        ("content", "holds the sources"),
        ("link-to-project", "holds the sources"),
        ("content/guides", "lies in the content"),
        ("content/new", "lies in the content"),
        ("photos", "was not made by this program"),
    ],
)
def test_what_is_not_ours_is_refused_with_the_way_out(project, name, why):
    (project / "file").write_text("")
    (project / "dangling").symlink_to("nowhere")
    (project / "link-to-project").symlink_to(project)
    (project / "photos").mkdir()
    (project / "photos/cat.jpg").write_text("")

    with pytest.raises(CallError, match=why) as caught:
        check(project, project / name)

    assert "--output" in str(caught.value)


# --- The exchange -----------------------------------------------------------------------------------------------


def test_the_new_folder_takes_the_place_of_the_old_whole(tmp_path):
    output = output_of_ours(tmp_path / "out")

    with staging(output) as stage:
        (stage / "new.html").write_text("new")
        assert tree(output) == {swap.MARKER: b"old", "only-old.html": b"old"}

    assert tree(output) == {"new.html": b"new"}
    assert names(tmp_path) == ["out"]


def test_the_first_output_is_made_with_the_folders_above_it(tmp_path):
    with staging(tmp_path / "a/b/out") as stage:
        (stage / "new.html").write_text("new")

    assert tree(tmp_path / "a/b/out") == {"new.html": b"new"}


def test_an_output_can_be_read_by_a_web_server(tmp_path):
    """Temporary folders are private; a finished site is not."""
    with staging(tmp_path / "out"):
        pass

    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("trouble", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failure_leaves_the_old_and_nothing_else(tmp_path, trouble):
    output = output_of_ours(tmp_path / "out")

    def fail_half_way() -> None:
        with staging(output) as stage:
            (stage / "half.html").write_text("half")
            raise trouble

    with pytest.raises(trouble):
        fail_half_way()

    assert tree(output) == {swap.MARKER: b"old", "only-old.html": b"old"}
    assert names(tmp_path) == ["out"]


def test_a_failed_first_build_leaves_no_output(tmp_path):
    with pytest.raises(ValueError, match="x"), staging(tmp_path / "out"):
        raise ValueError("x")

    assert names(tmp_path) == []


def test_what_a_killed_build_left_is_cleared(tmp_path):
    (tmp_path / ".out.new-abc").mkdir()
    (tmp_path / ".out.new-abc/half.html").write_text("half")
    (tmp_path / ".other.new-abc").mkdir()

    with staging(tmp_path / "out"):
        assert ".out.new-abc" not in names(tmp_path)

    assert names(tmp_path) == [".other.new-abc", "out"]


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


@pytest.mark.parametrize("library", [NoExchange, RefusedExchange], ids=["no such call", "refused"])
def test_without_the_call_two_renames_do_it(tmp_path, monkeypatch, library):
    monkeypatch.setattr(swap.ctypes, "CDLL", lambda *args, **options: library())
    output = output_of_ours(tmp_path / "out")

    with staging(output) as stage:
        (stage / "new.html").write_text("new")

    assert tree(output) == {"new.html": b"new"}
    assert names(tmp_path) == ["out"]


def test_when_the_second_rename_fails_the_old_comes_back(tmp_path, monkeypatch):
    monkeypatch.setattr(swap.ctypes, "CDLL", lambda *args, **options: NoExchange())
    output = output_of_ours(tmp_path / "out")
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name.startswith(".out.new-") and not path.name.endswith("-old"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)

    with pytest.raises(OSError, match="Input/output"), staging(output):
        pass

    assert tree(output) == {swap.MARKER: b"old", "only-old.html": b"old"}
    assert names(tmp_path) == ["out"]


def test_one_build_at_a_time(tmp_path, capsys):
    """A second one says that it waits; the lock ends with the first."""
    import threading

    order = []

    def second() -> None:
        with staging(tmp_path / "out") as stage:
            order.append("second")
            (stage / "by").write_text("second")

    with staging(tmp_path / "out") as stage:
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.2)
        order.append("first")
        (stage / "by").write_text("first")
    waiting.join()

    assert order == ["first", "second"]
    assert tree(tmp_path / "out") == {"by": b"second"}
    assert "waiting for it" in capsys.readouterr().err
