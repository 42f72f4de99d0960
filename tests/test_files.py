"""Reading the writers' files: UTF-8, LF, nothing hidden, nothing from outside."""

import os
from pathlib import Path

import pytest

from handouts.content.files import (
    MAX_BYTES,
    MAX_LINE,
    check_tree,
    content_files,
    read_text,
)
from handouts.errors import Problems


def read(path: Path) -> tuple[str | None, list[str]]:
    """Return the text of a file and what is wrong with it."""
    problems = Problems()
    text = read_text(path, problems)
    return text, [f"{problem.line}: {problem.text}" for problem in problems]


@pytest.mark.parametrize("text", ["号码。\n", "没有换行", "a\u00a0b\n\n", "①“”…—\n", "é ü ç €\n"])
def test_plain_text_is_returned_as_it_is(tmp_path, text):
    path = tmp_path / "a.md"
    path.write_bytes(text.encode())

    assert read(path) == (text, [])


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
        (b"a\nb\x00\n", "2: The line holds an invisible character, U+0000 control. Delete it."),
        (b"a\tb", "1: The line holds a tab. Write two spaces."),
        (
            "a\n\n\u202eb".encode(),
            "3: The line holds an invisible character, U+202E RIGHT-TO-LEFT OVERRIDE. Delete it.",
        ),
        (
            "a\u2066b".encode(),
            "1: The line holds an invisible character, U+2066 LEFT-TO-RIGHT ISOLATE. Delete it.",
        ),
        (
            "a\u200bb".encode(),
            "1: The line holds an invisible character, U+200B ZERO WIDTH SPACE. Delete it.",
        ),
        (
            "a\ufeffb".encode(),
            "1: The line holds an invisible character, U+FEFF ZERO WIDTH NO-BREAK SPACE. Delete it.",
        ),
        ("a\u2028b".encode(), "1: The line holds an invisible character, U+2028 LINE SEPARATOR. Delete it."),
        ("a\uffffb".encode(), "1: The line holds an invisible character, U+FFFF control. Delete it."),
        ("a\ue000b".encode(), "1: The line holds an invisible character, U+E000 control. Delete it."),
        (b"a\n" * (MAX_BYTES // 2 + 1), "1: The file is larger than 512 KB. Split it."),
        (b"a\n" + b" " * (MAX_LINE + 1), "2: The line is longer than 2000 characters. Split it."),
    ],
    ids=lambda value: None if isinstance(value, str) else repr(value[:8]),
)
def test_a_file_that_cannot_be_used_says_why_and_where(tmp_path, raw, said):
    path = tmp_path / "a.md"
    path.write_bytes(raw)

    assert read(path) == (None, [said])


def test_a_missing_file_is_a_problem(tmp_path):
    assert read(tmp_path / "gone.toml") == (None, ["1: The file is missing. Restore it."])


# --- Which files ------------------------------------------------------------------------------------------------


@pytest.fixture
def guides(tmp_path) -> Path:
    folder = tmp_path / "content/guides"
    folder.mkdir(parents=True)
    (folder / "b.md").write_text("b")
    (folder / "a.md").write_text("a")
    return folder


def listed(folder: Path) -> tuple[list[str], list[str]]:
    problems = Problems()
    names = [path.name for path in content_files(folder, "*.md") if read_text(path, problems) is not None]
    return names, [f"{Path(problem.path).name}: {problem.text}" for problem in problems]


def test_files_come_in_the_order_of_their_names_and_hidden_ones_not_at_all(guides):
    (guides / ".a.md.swp.md").write_text("x")
    (guides / "notes.txt").write_text("x")

    assert listed(guides) == (["a.md", "b.md"], [])


def test_a_link_that_leads_outside_is_refused(guides, tmp_path):
    (tmp_path / "secret.md").write_text("secret")
    (guides / "c.md").symlink_to(tmp_path / "secret.md")

    assert listed(guides) == (
        ["a.md", "b.md"],
        ["c.md: This link leads outside the content folder. Put the file itself here."],
    )


def test_a_folder_that_is_a_link_to_outside_is_refused(guides, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/x.md").write_text("x")
    (tmp_path / "content/posts").symlink_to(tmp_path / "elsewhere")

    names, said = listed(tmp_path / "content/posts")
    assert (names, len(said)) == ([], 1)


def test_a_link_to_itself_is_refused(guides):
    (guides / "c.md").symlink_to("c.md")
    problems = Problems()

    said = "This link leads in a circle. Put the file itself here."
    assert listed(guides) == (["a.md", "b.md"], [f"c.md: {said}"])
    assert read_text(guides / "c.md", problems) is None
    assert [problem.text for problem in problems] == [said]


def test_a_folder_with_the_name_of_a_file_is_refused(guides):
    (guides / "c.md").mkdir()

    assert listed(guides)[1] == ["c.md: This is a folder with the name of a file. Rename or remove it."]


def test_a_pipe_is_refused_because_reading_it_would_wait_for_ever(guides):
    os.mkfifo(guides / "c.md")

    assert listed(guides) == (["a.md", "b.md"], ["c.md: This is a pipe or device, not a file. Remove it."])


def test_a_pipe_is_not_read(guides):
    """Data files are read by their names, without a listing."""
    os.mkfifo(guides / "facts.toml")
    problems = Problems()

    assert read_text(guides / "facts.toml", problems) is None
    assert [problem.text for problem in problems] == ["This is a pipe or device, not a file. Remove it."]


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
def test_what_is_no_file_of_the_content_is_named_wherever_it_lies(guides, make, said):
    """Pictures are published without being read: a link would publish what it leads to."""
    (guides.parent / "images/deep").mkdir(parents=True)
    make(guides.parent / "images/deep/x.png")
    problems = Problems()

    check_tree(guides.parent, problems)

    (problem,) = problems
    assert said in problem.text
    assert str(problem).isprintable()


def test_what_begins_with_a_dot_is_nobodys_concern(guides):
    """Emacs keeps a link to nothing beside an open file; file managers leave a .DS_Store."""
    (guides / ".#a.md").symlink_to("me@here.1234")
    (guides / ".git").mkdir()
    os.mkfifo(guides / ".git/x")
    problems = Problems()

    check_tree(guides.parent, problems)

    assert not problems
