"""A language that people write: one file beside the source, compared with it, and listed as old when the source changes."""

import re
import shutil
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path

import pytest

from handouts.content.languages import EN
from handouts.content.loader import Content
from handouts.content.translations import renew, translated_texts
from handouts.errors import Problems
from tests.build_tools import (
    CASES,
    ROOT,
    SITE,
    assert_explained,
    build,
    cases,
    change,
    edit,
    guide_text,
    invoke,
    loaded,
    said_of,
    write_content,
)
from tests.conftest import TESTS


def translations(folder: Path, *more: str):
    return invoke("translations", *more, "--content", folder.resolve())


@pytest.fixture
def english(folder) -> Path:
    shutil.copytree(TESTS / "english", folder, dirs_exist_ok=True)
    problems = Problems()
    renew(translated_texts(folder, problems))
    assert not problems
    return folder


@pytest.fixture
def read(english) -> Callable[[], tuple[Content, list[str]]]:
    return lambda: loaded(english, (), EN)


def test_a_translation_has_words_only_and_the_rest_of_its_source(read, english):
    content, problems = read()
    source, _ = loaded(english)
    one, other = content.guides[0], source.guides[0]

    assert problems == []
    assert one.lang == "en"
    same = attrgetter("slug", "updated", "cards", "citations")
    assert same(one) == same(other)
    same = attrgetter("id", "on_sheet", "note_optional", "facts")
    assert list(map(same, one.steps)) == list(map(same, other.steps))
    assert one.section("complain").steps[0].lead == "Complain to the operator in writing."
    assert content.data.facts["fee"].statement == "The fee is at most €5."
    assert content.data.ui == {"fields": {"number": "Mobile number"}}
    assert content.left_out == 2  # a page and a post
    assert source.data.facts["fee"].statement == "手续费最多 €5。"


def test_a_link_out_of_the_edition_leads_to_the_source_and_says_so(read, replace):
    replace("data/ui.toml", "[fields]", '[nav]\nelsewhere = "（中文）"\n\n[fields]')
    replace("data/ui.en.toml", "[fields]", '[nav]\nelsewhere = "(in Chinese)"\n\n[fields]')
    html = str(read()[0].guides[0].section("answer").intro)
    assert '<a href="../../lost/#block">Lost</a> (in Chinese).' in html


def test_what_is_translated_later_is_there_at_once(read, english):
    """A page, and links to it; an operator's page."""
    shutil.copy(CASES / "lost.en.md", english / "pages")
    (english / "data/operators.en.toml").write_text('[base]\nsummary = "We found the number."\n', "utf-8")
    content, problems = read()

    assert problems == []
    assert [page.title for page in content.pages] == ["Lost"]
    assert "{filename}/guides/prepaid.en.md#before" in content.pages[0].html
    assert '<a href="../lost/#block">Lost</a>.' in content.guides[0].section("answer").intro
    assert list(content.operators) == ["base"]
    assert content.left_out == 1  # a post


@pytest.mark.parametrize("case", cases("translations"), ids=lambda case: case.title)
def test_what_is_no_translation_has_its_line(read, english, case):
    name = change(english, case.given)
    assert [one for one in read()[1] if one.startswith(f"content/{name}:")] == said_of(name, case)


@pytest.mark.parametrize(
    ("name", "of", "wrong"),
    [
        ("guides/mobile.en.md", "guides/prepaid.en.md", "1: mobile.md is missing"),
        ("guides/prepaid.xx.md", "guides/prepaid.en.md", "1: `xx` is not a language of this site."),
        ("data/facts.xx.toml", "data/facts.en.toml", "1: Nothing reads this file."),
    ],
)
def test_a_file_of_no_source_or_language_is_named(read, english, name, of, wrong):
    (english / name).write_bytes((english / of).read_bytes())
    assert any(f"{name}:{wrong}" in problem for problem in read()[1])


def test_a_text_that_a_guide_shows_is_translated_with_it(read, english):
    (english / "shared/complain.en.md").unlink()
    assert any("This guide shows content/shared/complain.md." in problem for problem in read()[1])


def test_what_changed_is_listed_step_by_step_until_somebody_has_looked(english, replace, read):
    replace("guides/prepaid.md", "先换银行。", "先换银行和学校。")
    replace("data/facts.toml", "手续费最多 €5。", "手续费最多 €5，按成本收。")

    listed = translations(english)
    assert listed.returncode == 0
    lines = [line.partition("content/")[2] for line in listed.stdout.splitlines()]
    assert lines[0].startswith("data/facts.en.toml:1: `fee` was changed in")
    assert lines[1].startswith("guides/prepaid.en.md:23: `unbind` was changed in")
    assert listed.stdout.splitlines()[2:] == ["2 of 30 texts are old."]
    assert read()[1] == []  # it is old, not wrong

    done = translations(english, "--renew", "prepaid.en/unbind", "facts.en/fee")
    assert done.stdout == "2 texts say what their sources say today.\n"
    assert translations(english).stdout == "0 of 30 texts are old.\n"


def test_to_renew_writes_the_marks_and_changes_nothing_else(english):
    """Comments stay where they are, and so does a line that looks like a mark."""
    facts, guide = english / "data/facts.en.toml", english / "guides/prepaid.en.md"
    unmarked = re.sub(r'(?m)^from = ".*"\n', "", facts.read_text("utf-8")).replace(
        "]\n", "]\n# Ask Ann.\n", 1
    )
    facts.write_text(unmarked, "utf-8")
    text = re.sub(r"(?m)^from: .*\n", "", guide.read_text("utf-8")) + "\nfrom: Ann\n"
    guide.write_text(text, "utf-8")
    translations(english, "--renew", "facts.en", "prepaid.en/front")

    for path, before, mark in ((facts, unmarked, r'(?m)^from = "\w{8}"\n'), (guide, text, r"from: \w{8}\n")):
        after = path.read_text("utf-8")
        assert (after != before, re.sub(mark, "", after)) == (True, before)


def test_a_comma_makes_no_translation_old_and_a_new_step_does(english, replace):
    replace("guides/prepaid.md", "先换银行。", "先换，银行。")
    step = "- [ ] **查余额。** {#balance}"
    replace("guides/prepaid.md", step, f"{step}\n- [ ] **抄号码。** {{#copy}}")

    listed = translations(english).stdout
    assert "`copy` of" in listed
    assert "is not translated yet" in listed
    assert "1 of 31 texts are old." in listed


def test_what_is_shown_and_has_no_words_is_listed_and_stands_there_without_chinese(english, read):
    for name in ("sources", "phrases"):
        (english / f"data/{name}.en.toml").unlink()
    content, problems = read()

    assert problems == []
    assert content.data.sources["bipt"].title.startswith("https://")
    assert content.data.phrases["cancel"].use == "–"
    listed = translations(english).stdout
    assert "sources.en.toml:1: `bipt` of" in listed
    assert "phrases.en.toml:1: `cancel` of" in listed


def test_a_fact_with_a_fault_does_not_stop_the_list(english, replace):
    """A guide cites it, and the build reports it."""
    replace("data/facts.toml", 'statement = "客服电话。"', 'statemend = "客服电话。"')
    listed = translations(english)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "0 of 30 texts are old.\n" in listed.stdout


def test_only_what_exists_can_be_renewed(english):
    assert_explained(translations(english, "--renew", "prepaid.en/none"), 2, "There is no translation")
    assert_explained(translations(english, "--renew"), 2, "Name what you compared")


@pytest.fixture
def built(tmp_path) -> Path:
    """Return a content folder that the theme accepts, with an English edition that was translated long ago."""
    source = guide_text(updated="2025-01-01")
    content = write_content(tmp_path / "content", source)
    words = iter(f"Words {chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(99))
    body = source.split("---\n", 2)[2].replace("2025-01-01：第一版。", "2025-01-01: First version.")
    body = re.sub(r"(?<=\*\*)[^*\n]+(?=\*\*)", lambda _: f"{next(words)}.", body)
    body = re.sub(r"(?m)^(##+ (?:[ABC] )?)[^{\n]+", lambda found: f"{found[1]}{next(words)} ", body)
    keys = ("title", "sheet", "name", "home", "card", "who", "start", "costs", "aliases")
    lines = "".join(f"{key}: Words\n" for key in keys)
    guide = f"---\n{lines}takes: [5 minutes]{{ours}}\n---\n{body.replace('指着说。', 'Point at it.')}"
    (content / "guides/mobile.en.md").write_text(guide, "utf-8")
    shutil.copy(ROOT / "content/shared/complain.en.md", content / "shared")
    lost = (content / "pages/lost.md").read_text("utf-8").split("---\n", 2)[2]
    lost = re.sub(r"(?m)^(#+ )[^{\n]+", r"\1Words ", lost).replace("一句话。", "One sentence.")
    front = "---\ntitle: Lost\nsummary: One sentence.\naliases: lost\n---\n"
    (content / "pages/lost.en.md").write_text(front + lost, "utf-8")
    renew(translated_texts(content, Problems()))
    return content


def test_a_build_warns_of_what_is_old_and_publish_refuses_it_after_its_time(built, tmp_path):
    fresh = build(built, tmp_path / "out")
    assert fresh.returncode == 0, fresh.stderr
    assert "mobile.en.md" not in fresh.stderr
    assert (tmp_path / "out/en/mobile/index.html").is_file()
    page = (tmp_path / "out/lost/index.html").read_text("utf-8")
    assert f'<link rel="alternate" hreflang="en" href="{SITE}/en/lost/">' in page
    assert "<h1>Lost</h1>" in (tmp_path / "out/en/lost/index.html").read_text("utf-8")

    edit(built / "guides/mobile.md", "指着说。", "指着这几句说。")
    warned = build(built, tmp_path / "out")
    assert warned.returncode == 0, warned.stderr
    wanted = "mobile.en.md:43: 1 text is older than the source, or missing. ./inv translations lists them. (warning)"
    assert wanted in warned.stderr
    assert wanted in build(built, tmp_path / "out").stderr  # also when nothing is built

    refused = invoke("publish", "--content", built, "--to", tmp_path / "public")
    assert_explained(refused, 1, "`say` was changed", "It may be old for 60 days")
    assert not (tmp_path / "public").exists()


def test_a_word_of_the_interface_that_is_missing_is_named(built, tmp_path):
    words = built / "data/ui.en.toml"
    text = words.read_text("utf-8")
    words.write_text(re.sub(r"(?m)^skip = .*\n", "", text), "utf-8")

    done = build(built, tmp_path / "out")

    line = text.split("\n").index("[site]") + 1
    assert_explained(done, 1, f"ui.en.toml:{line}: `skip` is missing in [site]; base.html prints it. Add it.")


def test_faults_of_all_editions_are_named_in_one_run(built, tmp_path):
    for name in ("pages/lost.md", "guides/mobile.en.md"):
        with (built / name).open("a", encoding="utf-8") as file:
            file.write("\n[x](missing.md)\n")

    done = build(built, tmp_path / "out")

    assert_explained(done, 1, "pages/lost.md:", "guides/mobile.en.md:")
