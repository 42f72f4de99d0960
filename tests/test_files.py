"""Reading the writers' files: UTF-8, LF, nothing hidden, nothing from outside."""

import os
import tomllib
from pathlib import Path

import pytest

from handouts.cache.memoize import memoizing
from handouts.content.files import MAX_BYTES, MAX_LINE, read_text, replace_file
from handouts.content.languages import SOURCE, languages_of
from handouts.errors import Problems
from tests.build_tools import CASES


def read(path: Path) -> tuple[str | None, list[str]]:
    problems = Problems()
    text = read_text(path, problems)
    return text, [f"{problem.line}: {problem.text}" for problem in problems]


@pytest.mark.parametrize("text", ["号码。\n", "没有换行", "a\u00a0b\n\n", "①“”…—\n", "é ü ç €\n"])
def test_plain_text_is_returned_as_it_is(tmp_path, text):
    path = tmp_path / "a.md"
    path.write_bytes(text.encode())
    assert read(path) == (text, [])


BAD = tomllib.loads((CASES / "files.toml").read_text("utf-8")) | {
    "too large": {
        "text": "a\n" * (MAX_BYTES // 2 + 1),
        "said": "1: The file is larger than 512 KB. Split it.",
    },
    "a line too long": {
        "text": " " * (MAX_LINE + 1),
        "said": "1: The line is longer than 2000 characters. Split it.",
    },
}


@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
def test_a_file_that_cannot_be_used_says_why_and_where(tmp_path, case):
    path = tmp_path / "a.md"
    path.write_bytes(case["text"].encode(case.get("of", "utf-8")))
    assert read(path) == (None, [case["said"]])


STRAYS = {
    "a link to a folder outside": (lambda at: at.symlink_to("/etc"), "leads outside"),
    "a link to a file outside": (lambda at: at.symlink_to("/etc/passwd"), "leads outside"),
    "a link to the folder above": (lambda at: at.symlink_to(".."), "leads to no file"),
    "a link to nothing": (lambda at: at.symlink_to("nothing"), "leads to no file"),
    "a link to itself": (lambda at: at.symlink_to(at.name), "leads in a circle"),
    "a pipe": (os.mkfifo, "is a pipe"),
    "a name of no text": (lambda at: at.with_name(os.fsdecode(b"\xff.png")).touch(), "cannot be printed"),
    "a name of two lines": (lambda at: at.with_name("a\nb.png").touch(), "cannot be printed"),
}


@pytest.mark.parametrize(("make", "said"), STRAYS.values(), ids=STRAYS)
def test_what_is_no_file_is_named_wherever_it_lies(folder, problems, make, said):
    """Pictures are published without being read: a link would publish what it leads to."""
    (folder / "images/deep").mkdir()
    make(folder / "images/deep/x.png")

    (problem,) = problems()
    assert said in problem
    assert problem.isprintable()


@pytest.mark.parametrize("name", ["guides/c.md", "data/letters.toml"])
@pytest.mark.parametrize("what", ["a link to a file outside", "a link to itself", "a folder", "a pipe"])
def test_what_stands_in_the_place_of_a_text_is_named_and_not_waited_for(folder, problems, name, what):
    """Reading a pipe would wait for ever."""
    make, said = (STRAYS | {"a folder": (Path.mkdir, "folder")})[what]
    make(folder / name)
    with memoizing():  # as in the preview
        found = problems()
    assert any(one.startswith(f"content/{name}:1: ") and said in one for one in found)


def test_what_begins_with_a_dot_is_nobodys_concern(folder, problems):
    """Emacs keeps a link to nothing beside an open file, also of a translation; file managers leave a .DS_Store."""
    for name in ("guides/.#prepaid.md", "guides/.#prepaid.en.md", "data/.#facts.toml"):
        (folder / name).symlink_to("me@here.1234")
    (folder / "guides/.prepaid.md.swp.md").write_text("x")
    (folder / ".git").mkdir()
    os.mkfifo(folder / ".git/x")
    for name in ("guides/prepaid.md~", "guides/#prepaid.md#", "images/card.png~"):
        (folder / name).write_text("x")

    assert problems() == []
    assert languages_of(folder) == (SOURCE,)


def test_a_file_that_is_replaced_keeps_its_mode_and_the_link_to_it(tmp_path):
    path, link = tmp_path / "facts.toml", tmp_path / "link.toml"
    path.write_text("old", "utf-8")
    path.chmod(0o664)
    link.symlink_to(path.name)

    replace_file(link, "new")

    assert (link.is_symlink(), path.read_text("utf-8"), path.stat().st_mode & 0o777) == (True, "new", 0o664)
