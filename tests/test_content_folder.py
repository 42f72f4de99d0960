"""Loading a content folder: every fault named once, with its file and line, in one run."""

import pytest

from handouts.errors import UsageError
from tests.build_tools import build, cases, change, loaded, said_of, write_content

GUIDE, PAGE, POST, SHARED = "guides/prepaid.md", "pages/lost.md", "posts/rule.md", "shared/complain.md"


@pytest.mark.parametrize("case", cases("folder"), ids=lambda case: case.title)
def test_a_spoilt_folder(folder, problems, case):
    """It has the faults that the case names and no other: nobody who cites a spoilt record is blamed."""
    name = change(folder, case.given)
    assert problems() == said_of(name, case)


def test_a_file_with_a_fault_is_left_out_and_the_others_are_kept(folder, replace):
    replace(PAGE, "slug: lost", "slug: LOST")
    content, _ = loaded(folder)
    assert [guide.slug for guide in content.guides] == ["prepaid"]
    assert (content.pages, [post.slug for post in content.posts]) == ((), ["rule"])


def test_a_folder_without_guides_is_named(folder, problems):
    (folder / GUIDE).unlink()
    (folder / PAGE).unlink()  # it links to the guide
    assert problems() == ["content/guides:1: There is no guide here. Write one, see CONTRIBUTING.md."]


def test_an_empty_folder_names_every_data_file(tmp_path):
    names = ("facts", "glossary", "operators", "phrases", "sources", "ui")
    missing = "toml:1: The file is missing. Restore it."
    assert loaded(tmp_path)[1] == [f"{tmp_path}/data/{name}.{missing}" for name in names]


@pytest.mark.parametrize(
    "make", [lambda path: None, lambda path: path.write_text("")], ids=["missing", "a file"]
)
def test_a_content_folder_that_is_none_is_the_callers_fault(tmp_path, make):
    path = tmp_path / "content"
    make(path)
    with pytest.raises(UsageError, match=r"content is not a folder\. Give --content"):
        loaded(path)


@pytest.mark.parametrize("how", ["the folder itself", "the folder above"])
def test_content_that_is_reached_through_a_link_is_built(tmp_path, how):
    """As below /tmp of macOS, which is a link."""
    real = write_content(tmp_path / "real/content")
    link = tmp_path / "link"
    link.symlink_to(real if how == "the folder itself" else real.parent)

    done = build(link if how == "the folder itself" else link / "content", tmp_path / "output")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "output/mobile/index.html").is_file()
