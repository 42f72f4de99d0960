"""Reading the writers' files: UTF-8, LF, nothing hidden, nothing from outside."""

import os
from pathlib import Path

import pytest

from handouts.cache.memoize import remembering
from handouts.content.files import MAX_BYTES, MAX_LINE, read_text, replace_file
from handouts.errors import Problems


def read(path: Path) -> tuple[str | None, list[str]]:
    problems = Problems()
    text = read_text(path, problems)
    return text, [f"{problem.line}: {problem.text}" for problem in problems]


@pytest.mark.parametrize("text", ["号码。\n", "没有换行", "a\u00a0b\n\n", "①“”…—\n", "é ü ç €\n"])
def test_plain_text_is_returned_as_it_is(tmp_path, text):
    path = tmp_path / "a.md"
    path.write_bytes(text.encode())

    assert read(path) == (text, [])


def invisible(name: str) -> str:
    return f"The line holds an invisible character, {name}. Delete it."


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "1: The file is empty. Write it or delete it."),
        (b" \n\n", "1: The file is empty. Write it or delete it."),
        (b"\xef\xbb\xbfa\n", "1: The file starts with a byte order mark. Save it as UTF-8 without BOM."),
        ("号码\n".encode("gb18030"), "1: The file is not UTF-8 here. Save it as UTF-8."),
        (b"a\nb\n\xff\n", "3: The file is not UTF-8 here. Save it as UTF-8."),
        (b"a\nb\r\nc\r\n", "2: Lines end with CR. Save the file with Unix line ends (LF)."),
        (b"a\rb", "1: Lines end with CR. Save the file with Unix line ends (LF)."),
        (b"a\tb", "1: The line holds a tab. Write two spaces."),
        (b"a\nb\x00\n", f"2: {invisible('U+0000 control')}"),
        ("a\n\n\u202eb".encode(), f"3: {invisible('U+202E RIGHT-TO-LEFT OVERRIDE')}"),
        ("a\u2066b".encode(), f"1: {invisible('U+2066 LEFT-TO-RIGHT ISOLATE')}"),
        ("a\u200bb".encode(), f"1: {invisible('U+200B ZERO WIDTH SPACE')}"),
        ("a\ufeffb".encode(), f"1: {invisible('U+FEFF ZERO WIDTH NO-BREAK SPACE')}"),
        ("a\u2028b".encode(), f"1: {invisible('U+2028 LINE SEPARATOR')}"),
        ("a\uffffb".encode(), f"1: {invisible('U+FFFF control')}"),
        ("a\ue000b".encode(), f"1: {invisible('U+E000 control')}"),
        (b"a\n" * (MAX_BYTES // 2 + 1), "1: The file is larger than 512 KB. Split it."),
        (b"a\n" + b" " * (MAX_LINE + 1), "2: The line is longer than 2000 characters. Split it."),
    ],
    ids=lambda value: None if isinstance(value, str) else repr(value[:8]),
)
def test_a_file_that_cannot_be_used_says_why_and_where(tmp_path, raw, said):
    path = tmp_path / "a.md"
    path.write_bytes(raw)

    assert read(path) == (None, [said])


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


NO_TEXTS = {
    "a link to a file outside": (lambda at: at.symlink_to("/etc/passwd"), "leads outside"),
    "a link to itself": (lambda at: at.symlink_to(at.name), "leads in a circle"),
    "a folder": (Path.mkdir, "folder"),
    "a pipe": (os.mkfifo, "pipe"),
}


@pytest.mark.parametrize("name", ["guides/c.md", "data/letters.toml"])
@pytest.mark.parametrize(("make", "said"), NO_TEXTS.values(), ids=NO_TEXTS)
def test_what_stands_in_the_place_of_a_text_is_named_and_not_waited_for(folder, problems, name, make, said):
    """Reading a pipe would wait for ever."""
    make(folder / name)

    with remembering():  # as in the preview
        found = problems()
    assert any(one.startswith(f"content/{name}:1: ") and said in one for one in found)


def test_what_begins_with_a_dot_is_nobodys_concern(folder, problems):
    """Emacs keeps a link to nothing beside an open file; file managers leave a .DS_Store."""
    (folder / "guides/.#prepaid.md").symlink_to("me@here.1234")
    (folder / "guides/.prepaid.md.swp.md").write_text("x")
    (folder / ".git").mkdir()
    os.mkfifo(folder / ".git/x")

    assert problems() == []


def test_a_file_that_is_replaced_keeps_its_mode_and_the_link_to_it(tmp_path):
    path, link = tmp_path / "facts.toml", tmp_path / "link.toml"
    path.write_text("old", "utf-8")
    path.chmod(0o664)
    link.symlink_to(path.name)

    replace_file(link, "new")

    assert (link.is_symlink(), path.read_text("utf-8"), path.stat().st_mode & 0o777) == (True, "new", 0o664)
