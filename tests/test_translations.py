"""A language that people write: one file beside the source, compared with it, and listed as old when the source changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from handouts.content.languages import EN
from handouts.content.loader import Content, load
from handouts.content.translations import renew, translated_texts
from handouts.errors import Problems
from tests.build_tools import SITE, assert_explained, build, guide_text, invoke, write_content

GUIDE = """\
---
title: How to stop a prepaid card
sheet: Checklist for a prepaid card
name: Prepaid card
home: Most need no cancelling
card: Prepaid card
who: people with a prepaid card
start: [a few weeks before you leave]{ours}
takes: [two evenings]{ours}
costs: At most [=fee]
aliases: prepaid
---

## The short answer {#answer}

**Stop topping up.** Credit is refunded only after porting.[@port]

For other cards see [Lost](../pages/lost.md#block).

## A Before you leave *early* {#before}

- [ ] **Change the number.** *bank, WeChat* {#unbind}
  The number will go to others.[@port]

  Begin with the bank.
- [ ] **Look up the credit.** {#balance}
- [ ] **Back up contacts.** {#backup}
- [ ] **Note the reference.** {#note}

## B Do it *choose one way* {#submit}

- [ ] **Stop topping up.** {#stop}
- [ ] **Write.** {#write}
  Cancel ([résilier]{fr}), [=phone].[@unsure]
- [ ] **Have it confirmed.** {#confirm}

### Or: on the web {#submit-web}

Fill in the form.

## C After *[within one month]{ours}* {#after}

- [ ] **Ask for the refund.** {#claim}
- [ ] **Check the date.** {#check}
- [ ] **Cut up the card.** {#destroy}

## Bring {#bring}

- [ ] **Passport.** {#bring-id}
- [ ] **Card number.** {#bring-sim}
- [ ] **E-mail.** {#bring-mail}

## At the counter {#say}

## If they refuse {#complain}

## Changes {#changes}

- 2026-11-20: First version.
"""
COMPLAIN = """\
---
---

1. **Complain to the operator in writing.** {#complain-operator}
   Give the reference.[@port]

2. **Then go to the ombudsman.** {#complain-ombudsman}
"""
FACTS = '[fee]\nstatement = "The fee is at most €5."\n'
UI = '[fields]\nnumber = "Mobile number"\n'
FILES = {
    "guides/prepaid.en.md": GUIDE,
    "shared/complain.en.md": COMPLAIN,
    "data/facts.en.toml": FACTS,
    "data/ui.en.toml": UI,
    "data/phrases.en.toml": '[cancel]\nuse = "to begin with"\n',
    "data/sources.en.toml": '[bipt]\npublisher = "BIPT"\ntitle = "Porting"\n',
}


def translations(folder: Path, *more: str):
    """Call the command for a content folder."""
    return invoke("translations", *more, "--content", folder.resolve())


@pytest.fixture
def english(folder) -> Path:
    """Return the small content with an English edition."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    problems = Problems()
    renew(translated_texts(folder, problems))
    assert not problems
    return folder


@pytest.fixture
def read(english) -> Callable[[], tuple[Content, list[str]]]:
    """Return a function that loads the English edition and says what is wrong with it."""

    def read() -> tuple[Content, list[str]]:
        problems = Problems()
        content = load(english, problems, (), EN)
        return content, [str(problem) for problem in sorted(set(problems))]

    return read


# --- One file beside the source -----------------------------------------------------------------------------------


def test_a_translation_has_words_only_and_the_rest_of_its_source(read, english):
    content, problems = read()
    source = load(english, Problems())
    one, other = content.guides[0], source.guides[0]

    assert problems == []
    assert one.lang == "en"
    assert (one.slug, one.updated, one.cards, one.citations) == (
        other.slug,
        other.updated,
        other.cards,
        other.citations,
    )
    assert [(step.id, step.on_sheet, step.note_optional, step.facts) for step in one.steps] == [
        (step.id, step.on_sheet, step.note_optional, step.facts) for step in other.steps
    ]
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


LOST = """\
---
title: Lost
summary: Stop it first, then cancel.
aliases: lost
---

## Stop it first {#block}

Stop it at once.[@port] See [prepaid cards](../guides/prepaid.md#before).

![The back of the card](../images/card.png)
"""


def test_what_is_translated_later_is_there_at_once(read, english):
    """A page, and links to it; an operator's page."""
    (english / "pages/lost.en.md").write_text(LOST, encoding="utf-8")
    (english / "data/operators.en.toml").write_text(
        '[base]\nsummary = "We found the phone number."\n', encoding="utf-8"
    )
    content, problems = read()

    assert problems == []
    assert [page.title for page in content.pages] == ["Lost"]
    assert "{filename}/guides/prepaid.en.md#before" in content.pages[0].html
    assert '<a href="../lost/#block">Lost</a>.' in content.guides[0].section("answer").intro
    assert list(content.operators) == ["base"]
    assert content.left_out == 1  # a post


# --- What is no translation -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "change", "wrong"),
    [
        ("guides/prepaid.en.md", ("{#backup", "{#back-up"), "28: prepaid.md has no id `back-up`."),
        ("guides/prepaid.en.md", ("name: ", "slug: prepaid\nname: "), "`slug` is an unknown key."),
        (
            "guides/prepaid.en.md",
            ("title: How to stop a prepaid card\n", ""),
            "1: The front matter has no `title`.",
        ),
        ("guides/prepaid.en.md", ("the bank", "the 银行"), "26: `银行` is Chinese."),
        ("guides/prepaid.en.md", ("the bank.", "the bank。"), "26: `。` is a full-width mark."),
        ("guides/prepaid.en.md", ("the bank", "the bank's"), "26: `'` is a straight quote."),
        (
            "guides/prepaid.en.md",
            ("the bank", "the 3 banks"),
            "23: `unbind` has the number 3, which its source has not.",
        ),
        ("guides/prepaid.en.md", ("within one month", "within two months"), "42: `after` has the number 2"),
        (
            "guides/prepaid.en.md",
            ("2026-11-20: First", "2026-11-21: First"),
            "58: `changes` lacks the number 20.",
        ),
        (
            "guides/prepaid.en.md",
            ("others.[@port]", "others."),
            "23: `unbind` has the fact `port` not at all",
        ),
        ("guides/prepaid.en.md", ("[=phone]", "[=fee]"), "34: `write` has the value `fee` once"),
        (
            "guides/prepaid.en.md",
            ("[résilier]{fr}", "résilier"),
            "34: `write` has the words `résilier` not at all",
        ),
        (
            "guides/prepaid.en.md",
            ("[two evenings]{ours}", "two evenings"),
            "2: `front` marks our own advice once",
        ),
        (
            "guides/prepaid.en.md",
            ("lost.md#block", "lost.md"),
            "15: `answer` has the link `../pages/lost.md` once",
        ),
        ("shared/complain.en.md", ("1. **Complain", "- [ ] **Complain"), "begins with `1.` in complain.md."),
        ("data/facts.en.toml", ("[fee]", "[free]"), "1: facts.toml has no `free`. Did you mean `fee`?"),
        (
            "data/facts.en.toml",
            ("statement", 'kind = "law"\nstatement'),
            "`kind` of `fee` is not translated.",
        ),
        ("data/facts.en.toml", ("at most €5", "at most €6"), "3: `statement` of `fee` lacks the number 5."),
        ("data/facts.en.toml", ("at most", "最多"), "3: `最多` is Chinese."),
        ("data/ui.en.toml", ("number =", "numbers ="), "`numbers` of `fields` is not translated."),
    ],
)
def test_what_is_no_translation_has_its_line(read, replace, name, change, wrong):
    replace(name, *change)

    _, problems = read()

    assert any(f"{name}:" in problem and wrong in problem for problem in problems), problems
    assert all(re.fullmatch(r"[^:\n]+:\d+: .+[.?]", problem) for problem in problems)


@pytest.mark.parametrize(
    ("name", "of", "wrong"),
    [
        ("guides/mobile.en.md", "guides/prepaid.en.md", "mobile.en.md:1: mobile.md is missing"),
        (
            "guides/prepaid.xx.md",
            "guides/prepaid.en.md",
            "prepaid.xx.md:1: `xx` is no language of this site.",
        ),
        ("data/facts.xx.toml", "data/facts.en.toml", "facts.xx.toml:1: Nothing reads this file."),
    ],
)
def test_a_file_of_no_source_or_language_is_named(read, english, name, of, wrong):
    (english / name).write_bytes((english / of).read_bytes())

    assert any(wrong in problem for problem in read()[1])


def test_a_text_that_a_guide_shows_is_translated_with_it(read, english):
    (english / "shared/complain.en.md").unlink()

    assert any("This guide shows content/shared/complain.md." in problem for problem in read()[1])


# --- Age ----------------------------------------------------------------------------------------------------------


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


def test_a_comma_makes_no_translation_old_and_a_new_step_does(english, replace):
    replace("guides/prepaid.md", "先换银行。", "先换，银行。")
    replace(
        "guides/prepaid.md",
        "- [ ] **查余额。** {#balance}",
        "- [ ] **查余额。** {#balance}\n- [ ] **抄号码。** {#copy}",
    )

    assert "`copy` of" in translations(english).stdout
    assert "is not translated yet" in translations(english).stdout
    assert "1 of 31 texts are old." in translations(english).stdout


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


ENGLISH = """\
---
title: How to stop a small card
sheet: Small card
name: Small card
home: In one sentence
card: A card for tests
who: testers
start: today
takes: "[5 minutes]{ours}"
costs: nothing
aliases: small
---
"""


@pytest.fixture
def built(tmp_path) -> Path:
    """Return a content folder that the theme accepts, with an English edition that was translated long ago."""
    content = write_content(tmp_path / "content", guide_text(updated="2025-01-01"))
    text = guide_text(updated="2025-01-01")
    body = text.split("---\n", 2)[2].replace("2025-01-01：第一版。", "2025-01-01: First version.")
    words = iter(f"Words {chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(99))
    body = re.sub(r"(?<=\*\*)[^*\n]+(?=\*\*)", lambda _: f"{next(words)}.", body)
    body = re.sub(
        r"^(##+ (?:[ABC] )?)[^{\n]+", lambda match: f"{match[1]}{next(words)} ", body, flags=re.MULTILINE
    )
    body = body.replace("指着说。", "Point at it.")
    (content / "guides/mobile.en.md").write_text(ENGLISH.replace('"', "") + body, encoding="utf-8")
    (content / "shared/complain.en.md").write_text(
        (Path(__file__).parent.parent / "content/shared/complain.en.md").read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    source = (content / "pages/lost.md").read_text(encoding="utf-8").split("---\n", 2)[2]
    page = re.sub(r"(?m)^(#+ )[^{\n]+", r"\1Words ", source).replace("一句话。", "One sentence.")
    front = "---\ntitle: Lost\nsummary: One sentence.\naliases: lost\n---\n"
    (content / "pages/lost.en.md").write_text(front + page, encoding="utf-8")
    renew(translated_texts(content, Problems()))
    return content


def test_a_build_warns_of_what_is_old_and_publish_refuses_it_after_its_time(built, tmp_path):
    fresh = build(built, tmp_path / "out")
    assert fresh.returncode == 0, fresh.stderr
    assert "mobile.en.md" not in fresh.stderr
    assert (tmp_path / "out/en/mobile/index.html").is_file()
    page = (tmp_path / "out/lost/index.html").read_text(encoding="utf-8")
    assert f'<link rel="alternate" hreflang="en" href="{SITE}/en/lost/">' in page
    assert "<h1>Lost</h1>" in (tmp_path / "out/en/lost/index.html").read_text(encoding="utf-8")

    guide = built / "guides/mobile.md"
    guide.write_text(
        guide.read_text(encoding="utf-8").replace("指着说。", "指着这几句说。"), encoding="utf-8"
    )
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
    text = words.read_text(encoding="utf-8")
    words.write_text(re.sub(r"(?m)^skip = .*\n", "", text), encoding="utf-8")

    done = build(built, tmp_path / "out")

    line = text.split("\n").index("[site]") + 1
    assert_explained(done, 1, f"ui.en.toml:{line}: `skip` is missing in [site]; base.html prints it. Add it.")
