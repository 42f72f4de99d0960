"""Checked drafts to the model."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings

from handouts.content.data import Data
from handouts.content.loader import load
from handouts.content.parser import parse_guide
from handouts.content.syntax import Draft, split
from handouts.errors import Problems
from handouts.model import Guide
from tests.build_tools import fact
from tests.conftest import TESTS
from tests.strategies import guides

FRONT = {
    "title": "题", "sheet": "表", "slug": "a", "name": "名", "home": "家", "card": "卡", "updated": "2026-11-20",
    "order": "3", "who": "人", "start": "时", "takes": "久", "costs": "钱", "phrases": "", "fields": "", "aliases": "",
}  # fmt: skip
CONFIDENCE = {"port": "high", "fee": "medium", "phone": "high", "unsure": "low"}
FACTS = {id: fact(id, "€5", confidence) for id, confidence in CONFIDENCE.items()}


def parse(body: str, shared: dict[str, str] | None = None, **front: str) -> Guide:
    """Return the guide made of a body; the linter has not seen it."""
    draft = Draft(Path("a.md"), "guides", FRONT | front, {}, tuple(body.split("\n")), 0)
    parts = [split(Path(f"{id}.md"), "shared", text, Problems()) for id, text in (shared or {}).items()]
    return parse_guide(replace(draft, shared=tuple(parts)), Data(facts=FACTS), lambda target: f"../{target}")


def test_the_answer_is_the_first_paragraph_and_the_description_its_plain_text():
    (guide,) = load(TESTS / "small", Problems()).guides

    assert guide.description == "停止充值就行。余额只有转网才退。"
    assert guide.answer.startswith("<strong>停止充值就行。</strong>余额只有转网才退。<span")
    assert "丢卡" in guide.section("answer").intro


def test_the_day_of_a_change_is_a_time():
    section = parse(
        "## 答 {#answer}\n**停。**\n\n## 改 {#changes}\n\n- 2026-11-20：第一版（[prépayée]{fr}）。"
    ).section("changes")

    assert '<li><time>2026-11-20</time>：第一版（<span lang="fr">prépayée</span>）。</li>' in section.intro


def test_text_around_the_steps_stands_before_and_after_them():
    section = parse(
        "## 答 {#answer}\n**停。**\n\n## 甲 {#submit}\n引言。\n\n- [ ] **换。** {#a}\n\n### 乙 {#b}\n\n文字。"
    ).section("submit")

    assert section.intro == "<p>引言。</p>"
    assert [step.id for step in section.steps] == ["a"]
    assert section.rest == '<h3 id="b">乙</h3>\n<p>文字。</p>'


def test_shared_text_ends_its_section_with_its_own_lines():
    guide = parse(
        "## 答 {#answer}\n**停。**\n\n## 不服 {#complain}\n\n先看合同。\n\n## 完 {#faq}",
        shared={"complain": "1. **投诉。** {#operator}\n   写清。\n"},
    )
    complain = guide.section("complain")

    assert complain.intro == "<p>先看合同。</p>"
    assert [(step.id, step.lead, step.line) for step in complain.steps] == [("operator", "投诉。", 1)]
    assert [section.id for section in guide.sections] == ["answer", "complain", "faq"]


def test_references_count_in_the_order_of_the_page():
    """The answer, then what it takes and costs, then the rest."""
    guide = parse(
        "## 答 {#answer}\n**停。**[@port]\n\n## 甲 {#money}\n[@unsure][@port]",
        costs="[=fee]",
        takes="[@phone]",
    )

    assert guide.citations == ("port", "phone", "fee", "unsure")
    assert ">[2]<" in guide.takes
    assert ">[3]<" in guide.costs
    assert [n for n in "1234" if f">[{n}]<" in guide.section("money").intro] == ["1", "4"]


def test_a_sheet_rests_on_the_facts_of_what_it_prints_unsure_ones_left_out():
    guide = parse(
        "## 答 {#answer}\n**停。**[@port]\n\n## 甲 {#before}\n\n"
        "- [ ] **换。** {#a}\n  [@fee][@unsure]\n\n- [ ] **查。** {#b sheet=no}\n  [@phone]"
    )

    rests = [(printed.facts, printed.support) for printed in guide.printed]
    assert [one for one in rests if any(one)] == [(("port",), ()), ((), ("fee", "unsure"))]


@given(guides())
@settings(max_examples=30)
def test_no_step_is_lost_changed_or_moved(made):
    body, written = made
    guide = parse(body)

    for id, steps in written.items():
        parsed = guide.section(id).steps
        assert [
            (step.id, step.lead, step.note, step.note_optional, step.on_sheet) for step in parsed
        ] == [(step.id, step.lead, step.note, step.optional, step.on_sheet) for step in steps]  # fmt: skip
        assert [str(step.body) for step in parsed] == [
            "\n".join(f"<p>{paragraph}</p>" for paragraph in step.body) for step in steps
        ]


def test_shared_steps_stand_behind_a_guides_own_and_the_rest_ends_the_section():
    guide = parse(
        "## 答 {#answer}\n**停。**\n\n## A 前 {#before}\n\n- [ ] **甲。** {#a}\n\n### 乙 {#b}\n\n乙文\n\n## 问 {#faq}\n\n丙文",
        shared={"before": "- [ ] **丁。** {#d}\n  丁文\n\n### 戊 {#e}\n\n戊文\n\n## 问 {#faq}\n\n己文"},
    )
    before, faq = guide.section("before"), guide.section("faq")

    assert [step.id for step in before.steps] == ["a", "d"]
    assert before.steps[1].body == "<p>丁文</p>"
    assert before.rest.index("乙文") < before.rest.index("戊文")
    assert faq.intro == "<p>丙文</p>\n<p>己文</p>"


def test_a_shared_text_is_shown_by_the_guides_it_names(folder):
    (folder / "shared/submit.md").write_text(
        "---\nguides: prepaid\n---\n\n### 共用 {#both}\n\n共用。\n", encoding="utf-8"
    )
    second = (folder / "guides/prepaid.md").read_text(encoding="utf-8")
    second = second.replace("slug: prepaid", "slug: other").replace("order: 1", "order: 2")
    (folder / "guides/other.md").write_text(second, encoding="utf-8")
    problems = Problems()

    loaded = load(folder, problems)

    assert problems == []
    assert {guide.slug: "共用" in guide.section("submit").rest for guide in loaded.guides} == {
        "prepaid": True,
        "other": False,
    }


def test_what_is_printed_rests_on_hints_and_front_matter_too():
    guide = parse(
        "## 答 {#answer}\n**停。**[@port]\n\n## A 前 *早点[@fee]* {#before}\n\n- [ ] **甲。** {#a}",
        who="人 [=phone]",
    )

    assert [id for text in guide.printed for id in text.facts] == ["phone", "port", "fee"]
