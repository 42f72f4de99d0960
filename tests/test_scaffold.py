"""What ./inv new writes passes all checks, says what is to be written, and spoils nothing that is there."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from handouts.commands.new import KINDS, PLACEHOLDER, new
from handouts.commands.publish import find_drafts
from handouts.errors import ContentError, UsageError
from tests.build_tools import assert_explained, build, invoke, tree

TODAY = date(2026, 11, 20)
FILES = {"guide": "guides/neu.md", "post": "posts/neu.md", "operator": "data/operators.toml"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_started_passes_all_checks(kind, folder, problems):
    said = new(kind, "neu", folder, TODAY)

    assert problems() == []
    assert said.startswith(f"content/{FILES[kind]} is ready.")
    assert PLACEHOLDER in (folder / FILES[kind]).read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["guide", "post"])
def test_a_draft_is_left_out_of_what_is_published_and_stops_nothing(kind, folder):
    assert find_drafts(folder) == set()
    new(kind, "neu", folder, TODAY)

    assert find_drafts(folder) == {folder / FILES[kind]}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_draft_cannot_be_published_until_all_is_written(kind, folder):
    new(kind, "neu", folder, TODAY)
    file = folder / FILES[kind]
    file.write_text(file.read_text("utf-8").replace("draft: yes\n", ""), "utf-8")

    with pytest.raises(ContentError, match=rf"^content/{FILES[kind]}:\d+: 【待写】 is left here\."):
        find_drafts(folder)


def test_a_new_operator_marks_its_name_and_what_it_sells(folder):
    new("operator", "mobi-one", folder, TODAY)

    text = (folder / "data/operators.toml").read_text("utf-8").partition("[mobi-one]")[2]
    marked = [line.split(" ")[0] for line in text.splitlines() if PLACEHOLDER in line]
    assert marked == ["name", "summary", "sells"]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_written_twice(kind, folder):
    new(kind, "neu", folder, TODAY)
    before = tree(folder)

    with pytest.raises(UsageError, match=r"Choose another name|stands in"):
        new(kind, "neu", folder, TODAY)
    assert tree(folder) == before


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *(("guide", name) for name in ("Neu", "../neu", "-neu", "neu--", "新", "", "n" * 41)),
        ("guide", "operators"),  # the site's own
        ("guide", "lost"),  # a page's
        ("post", "prepaid"),
        ("operator", "a.b"),
        ("page", "neu"),
    ],
)
def test_a_bad_name_is_the_callers_fault(kind, name, folder):
    before = tree(folder)

    with pytest.raises(UsageError, match=r"[.]$"):
        new(kind, name, folder, TODAY)
    assert tree(folder) == before


def test_the_command_says_what_is_next_and_exits_2_when_it_cannot(folder):
    done, again = (invoke("new", "guide", "neu", "--content", "content", cwd=Path.cwd()) for _ in range(2))

    assert (done.returncode, done.stdout[:26]) == (0, "content/guides/neu.md is r")
    assert_explained(again, 2)


@pytest.mark.thorough
def test_what_is_started_is_built_and_printed(one_guide, tmp_path):
    folder = shutil.copytree(one_guide, tmp_path / "content")
    for kind in KINDS:
        new(kind, f"neu-{kind}", folder, TODAY)

    done = build(folder, tmp_path / "site")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site/handouts/neu-guide.pdf").is_file()
    assert (tmp_path / "site/operators/neu-operator/index.html").is_file()
