"""Loading a content folder: every fault named once, with its file and line, in one run."""

from pathlib import Path

import pytest

from handouts.content.loader import load
from handouts.errors import Problems, UsageError
from tests.build_tools import build, cases, change, said_of, write_content

GUIDE, PAGE, POST, SHARED = "guides/prepaid.md", "pages/lost.md", "posts/rule.md", "shared/complain.md"


BAD = {
    "a word of 300 letters": (GUIDE, "填表。", "w" * 300, "45: `wwwwwwwwwwwwwwwwwwww…` has 300 characters without a break. Shorten it."),
    "a letter with a loose accent": (GUIDE, "填表。", "cle\u0301", "45: `e\u0301` only looks like `é`. Write `é` with your keyboard."),
    "a link longer than a file name": (PAGE, "../guides/prepaid.md#before", "w" * 300 + ".md", f"11: `{'w' * 300}.md` does not exist. Correct the link."),
}  # fmt: skip
"""What cannot be in tests/cases/folder.md."""


@pytest.mark.parametrize(("file", "old", "new", "said"), BAD.values(), ids=BAD)
def test_bad_input_is_named_with_file_and_line(replace, problems, file, old, new, said):  # noqa: PLR0917
    replace(file, old, new)

    assert [one for one in problems() if one.startswith(f"content/{file}:")] == [f"content/{file}:{said}"]


@pytest.mark.parametrize("case", cases("folder"), ids=lambda case: case.title)
def test_a_spoilt_folder(folder, problems, case):
    name, is_new = change(folder, case.given)

    said = [one for one in problems() if is_new or one.startswith(f"content/{name}:")]
    assert said == said_of(name, case)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("facts", 'value = "€5"', "value = €5"),
        ("facts", "confidence", "confidense"),
        ("phrases", "\nfr = ", "\nfrr = "),
        ("sources", "\nurl = ", "\nlurl = "),
        ("operators", "\nname = ", "\nnane = "),
        ("glossary", "\nzh = ", "\nzhh = "),
    ],
)
def test_a_fault_of_the_data_is_one_finding_and_nobody_who_cites_it_is_blamed(
    folder, problems, name, old, new
):
    path = folder / f"data/{name}.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace(old, new, 1), "utf-8")

    assert text.count(old)
    assert [one.rpartition(":")[0].split(":")[0] for one in problems()] == [f"content/data/{name}.toml"]


def test_nothing_is_printed_without_a_record_that_it_needs(tmp_path):
    content = write_content(tmp_path / "content")
    phrases = content / "data/phrases.toml"
    phrases.write_text(phrases.read_text("utf-8").replace("\nfr = ", "\nfrr = ", 1), "utf-8")

    done = build(content, tmp_path / "output")

    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"{phrases}:5: `frr` is an unknown key. Did you mean `fr`?"]


def test_all_faults_of_all_files_are_named_in_one_run_and_sorted(folder, replace, problems):
    replace(GUIDE, "{#balance}", "")
    replace(GUIDE, "updated: 2026-11-20", "updated: never")
    replace(PAGE, "[@port]", "[@gone]")
    replace(POST, "date: 2023-01-03\n", "")
    replace("data/ui.toml", '"手机号码"', "5")
    (folder / "pages/empty.md").write_text("")

    assert [one.split(": ")[0] for one in problems()] == [
        "content/data/ui.toml:2",
        "content/guides/prepaid.md:8",
        "content/guides/prepaid.md:32",
        "content/pages/empty.md:1",
        "content/pages/lost.md:11",
        "content/posts/rule.md:1",
    ]


def test_a_file_with_a_fault_is_left_out_and_the_others_are_kept(folder, replace):
    replace(PAGE, "slug: lost", "slug: LOST")

    loaded = load(folder, Problems())

    assert [guide.slug for guide in loaded.guides] == ["prepaid"]
    assert (loaded.pages, [post.slug for post in loaded.posts]) == ((), ["rule"])


def test_a_folder_without_guides_is_named(folder, problems):
    (folder / GUIDE).unlink()
    (folder / PAGE).unlink()  # it links to the guide

    assert problems() == ["content/guides:1: There is no guide here. Write one, see CONTRIBUTING.md."]


def test_an_empty_folder_names_every_data_file(tmp_path):
    problems = Problems()
    load(tmp_path, problems)

    assert {(Path(one.path).name, one.text) for one in problems} == {
        (f"{name}.toml", "The file is missing. Restore it.")
        for name in ("facts", "sources", "operators", "phrases", "glossary", "ui")
    }


@pytest.mark.parametrize(
    "make", [lambda path: None, lambda path: path.write_text("")], ids=["missing", "a file"]
)
def test_a_content_folder_that_is_none_is_the_callers_fault(tmp_path, make):
    path = tmp_path / "content"
    make(path)

    with pytest.raises(UsageError, match=r"content is not a folder\. Give --content"):
        load(path, Problems())


def test_a_file_that_is_a_link_to_outside_is_named(folder, problems, tmp_path):
    for name in (GUIDE, "images/card.png", "posts"):
        (folder / name).rename(tmp_path / Path(name).name)
        (folder / name).symlink_to(tmp_path / Path(name).name)

    outside = "1: This link leads outside the content folder. Put the file itself here."
    assert {f"content/{name}:{outside}" for name in (GUIDE, "images/card.png", "posts")} <= set(problems())


@pytest.mark.parametrize("how", ["the folder itself", "the folder above"])
def test_content_that_is_reached_through_a_link_is_built(tmp_path, how):
    """As below /tmp of macOS, which is a link."""
    real = write_content(tmp_path / "real/content")
    link = tmp_path / "link"
    link.symlink_to(real if how == "the folder itself" else real.parent)

    done = build(link if how == "the folder itself" else link / "content", tmp_path / "output")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "output/mobile/index.html").is_file()
