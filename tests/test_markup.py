"""A writer's text to the model, and to the HTML that web and paper share."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from handouts.content.data import Data
from handouts.content.draft import Draft, split
from handouts.content.files import hidden_characters
from handouts.content.html import inner, text_of
from handouts.content.lint.rules import lint
from handouts.content.markdown import Converter
from handouts.content.parser import parse_guide
from handouts.content.syntax import ANCHOR, plain
from handouts.errors import Problems
from handouts.model import Guide, Milestone
from handouts.pdf.verify import tree
from handouts.text import WIDE
from tests.build_tools import Case, cases, fact, loaded
from tests.conftest import TESTS
from tests.strategies import MARKS, guides

VALUES = {
    "port": "", "fee": "€5", "phone": "+32 2 223 09 09", "mail": "help@base.be", "site": "https://base.be/stop",
    "menu": "账户 → [Résilier]{fr} → 确认", "unsure": "also",
}  # fmt: skip
VALUED = {id: fact(id, value, "low" if id == "unsure" else "high") for id, value in VALUES.items()}

TIMETABLE = {"day": Milestone(id="day", counts_from="flight", days=-30, what="停")}
DATA = Data(facts=VALUED, timetable=TIMETABLE, ui={"when": {"flight_before": "起飞前 {count} 天"}})
NOTHING = Data(timetable=TIMETABLE)


def converter() -> Converter:
    return Converter(DATA, lambda target: f"LINK {target}")


def converted(text: str) -> Markup:
    """Return the HTML of a text, references numbered."""
    one = converter()
    body = one.blocks(text)
    one.number(body)
    return inner(body)


def squeezed(html: str) -> str:
    """Return HTML without the white space between blocks, which nobody sees."""
    return re.sub(r">\s+(?=</?(?:ul|ol|li|p|table|thead|tbody|tr|th|td|h[23])\b)", ">", html)


@pytest.mark.parametrize("case", cases("markup"), ids=lambda case: case.title)
def test_conversion(case: Case):
    assert squeezed(converted(case.given)) == squeezed(case.expected)


def test_a_short_text_is_not_the_name_of_a_file(tmp_path, monkeypatch):
    """The HTML parser opens what it takes for a file, and fails on names that no disk can hold."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "<p>secret<").mkdir()
    (tmp_path / "<p>secret<" / "p>").write_text("opened", "utf-8")

    assert converted("secret") == "<p>secret</p>"
    assert converted("号" * 150) == f"<p>{'号' * 150}</p>"


@given(st.text("号码停用，。：“”…（）€%/ abcXYZ0123é\n", max_size=60))
@settings(max_examples=200)
def test_spaces_go_between_wide_characters_and_stay_between_narrow_ones(text):
    text = "起" + text
    shown = "\n".join(text_of(block) for block in converter().blocks(text))
    assert not re.search(rf"[{WIDE}][ ]+[{WIDE}]", shown)
    assert re.findall(r"[a-zA-Z0-9é€%/]+", shown) == re.findall(r"[a-zA-Z0-9é€%/]+", text)


def shown_of(line: str) -> str:
    """Return the characters of a line that has no fault as its reader sees them, without white space."""
    if re.fullmatch(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*", line):
        return ""
    line = re.sub(r"^\s*(?:#+ |- \[[ xX]?\] |- |\d+\. )", "", ANCHOR.sub("", line))
    return re.sub(r"\s", "", plain(line).replace("|", "") if line.lstrip().startswith("|") else plain(line))


WRITTEN = ("号码", "停用。", "abc", "é", "(", "（", "，", ":", "*100#", "**粗**", "*斜*", "[mot]{fr}", "[大约]{ours}", "[~day]",
           "[甲](#a)", "## 节 {#b}", "- [ ] **换。** {#c}", "| 甲 | 乙 |", "|---|:-:|", "- 甲", "1. 乙", "  - 丙", "    丁", "\n", "\n\n")  # fmt: skip


@given(st.lists(st.sampled_from((*MARKS, *WRITTEN)), min_size=1, max_size=12).map("".join))
@settings(max_examples=400)
@example("- 甲\n  - 乙\n    - 丙\n\n      1. 丁\n  后文\n- 戊")
@example("（*100#），流量拨（*111#）")
@example("**粗 *100#。**")
@example("| 甲* | *乙 |\n|---|---|")
def test_each_character_is_on_the_page_or_a_finding_names_a_line(text):
    """Nothing that a writer writes is dropped, and no mark is printed raw."""
    assume(not list(hidden_characters(text)))  # which are refused before
    draft = Draft(Path("a.md"), "pages", {}, {}, tuple(text.split("\n")), 0)
    findings = [line for line, _ in lint(draft, NOTHING)]

    assert all(1 <= line <= len(draft.body) for line in findings)
    if not findings:
        page = "".join(text_of(converter().blocks(text)).split())
        assert page == "".join(shown_of(line) for line in draft.body)


TAGS = {"html", "head", "body", "p", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "span", "a", "em",
        "strong", "code", "pre", "blockquote", "hr", "br", "img", "h1", "h2", "h3", "h4", "h5", "h6"}  # fmt: skip
ATTRIBUTES = {"href", "src", "alt", "title", "id", "class", "lang", "rel", "start", "style"}
HOSTILE = ("<script>", "<img onerror=x>", "{: onclick=x }", "{onclick=x}", "{#a onclick=x}", "\n{: style=x}", "[a]: b",
           "[@port]", "[=fee]", "[=gone]", "[x]{fr}", "javascript:x", "字", "| a | b |\n|---|---|")  # fmt: skip


@given(st.lists(st.sampled_from(MARKS + HOSTILE), max_size=12).map("".join))
@settings(max_examples=300)
def test_no_text_makes_an_element_or_attribute_beyond_markdowns_own(text):
    for element in tree(str(converted(text))).iter():
        assert element.tag in TAGS
        assert {name for name in element.attrib if not name.startswith("data-")} <= ATTRIBUTES
        assert "style" not in element.attrib


@pytest.mark.parametrize("case", cases("front"), ids=lambda case: case.title)
def test_front_matter(case: Case):
    problems = Problems()
    split(Path("lost.md"), "pages", case.given, problems)
    said = "\n".join(f"{problem.line}: {problem.text}" for problem in sorted(problems))
    assert said == case.expected


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
    (guide,) = loaded(TESTS / "small")[0].guides
    assert guide.description == "停止充值就行。余额只有转网才退。"
    assert guide.answer.startswith("<strong>停止充值就行。</strong>余额只有转网才退。<span")
    assert "丢卡" in guide.section("answer").intro


@pytest.mark.parametrize("blank", ["", "\n"])
def test_the_day_of_a_change_is_a_time(blank):
    """Also with a blank line between two changes, of which Markdown makes paragraphs."""
    listed = f"- 2026-11-21：另一版（[prépayée]{{fr}}）。\n{blank}- 2026-11-20：第一版。"
    guide = parse(f"## 答 {{#answer}}\n**停。**\n\n## 改 {{#changes}}\n\n{listed}")

    assert re.sub(r">\s+<", "><", guide.section("changes").intro) == (
        '<ul><li><time>2026-11-21</time>：另一版（<span lang="fr">prépayée</span>）。</li>'
        "<li><time>2026-11-20</time>：第一版。</li></ul>"
    )


@pytest.mark.parametrize(
    ("typed", "title"),
    [("C 之后", "之后"), ("之后", "之后"), ("Cancelled", "Cancelled"), ("C **甲**", "<strong>甲</strong>")],
)
def test_the_letter_of_a_part_is_no_part_of_its_title(typed, title):
    guide = parse(f"## 答 {{#answer}}\n**停。**\n\n## {typed} *晚* {{#after}}")

    assert guide.section("after").title == title


def test_shared_text_stands_behind_a_guides_own_with_its_own_lines_and_the_rest_ends_the_section():
    guide = parse(
        "## 答 {#answer}\n**停。**\n\n## A 前 *早* {#before}\n引言。\n\n- [ ] **甲。** {#a}\n\n### 乙 {#b}\n\n乙文\n\n## 问 {#faq}\n\n丙文",
        shared={"before": "- [ ] **丁。** {#d}\n  丁文\n\n### 戊 {#e}\n\n戊文\n\n## 问 {#faq}\n\n己文"},
    )
    before, faq = guide.section("before"), guide.section("faq")

    assert [section.id for section in guide.sections] == ["answer", "before", "faq"]
    assert (before.letter, before.title, before.hint, before.line) == ("A", "前", "早", 4)
    assert before.intro == "<p>引言。</p>"
    assert [(step.id, step.body, step.line) for step in before.steps] == [
        ("a", "", 7),
        ("d", "<p>丁文</p>", 1),
    ]
    assert before.rest == '<h3 id="b">乙</h3>\n<p>乙文</p>\n<h3 id="e">戊</h3>\n<p>戊文</p>'
    assert faq.intro == "<p>丙文</p>\n<p>己文</p>"


def test_references_count_in_the_order_of_the_page():
    """The answer, then what it takes and costs, then the rest."""
    text = "## 答 {#answer}\n**停。**[@port]\n\n## 甲 {#money}\n[@unsure][@port]"
    guide = parse(text, costs="[=fee]", takes="[@phone]")

    assert guide.citations == ("port", "phone", "fee", "unsure")
    assert ">[2]<" in guide.takes
    assert ">[3]<" in guide.costs
    assert re.findall(r">\[(\d)\]<", guide.section("money").intro) == ["4", "1"]


def test_a_sheet_rests_on_the_facts_of_what_it_prints_with_hints_and_front_matter():
    guide = parse(
        "## 答 {#answer}\n**停。**[@port]\n\n## 甲 *早点[@fee]* {#before}\n\n"
        "- [ ] **换。** {#a}\n  [@fee][@unsure]\n\n- [ ] **查。** {#b sheet=no}\n  [@phone]",
        who="人 [=phone]",
    )

    rests = [(printed.facts, printed.support) for printed in guide.printed]
    assert [id for facts, _ in rests for id in facts] == ["phone", "port", "fee"]
    assert [support for _, support in rests if support] == [("fee", "unsure")]


@given(guides())
@settings(max_examples=30)
def test_a_guide_as_it_should_be_is_accepted_and_no_step_is_lost_changed_or_moved(made):
    body, written = made
    assert list(lint(Draft(Path("a.md"), "guides", {}, {}, tuple(body.split("\n")), 0), DATA)) == []
    guide = parse(body)

    for id, steps in written.items():
        parsed = guide.section(id).steps
        for one, step in zip(parsed, steps, strict=True):
            assert (one.id, one.lead, one.note) == (step.id, step.lead, step.note)
            assert (one.note_optional, one.on_sheet) == (step.optional, step.on_sheet)
            assert one.body == "\n".join(f"<p>{paragraph}</p>" for paragraph in step.body)


def test_a_shared_text_is_shown_by_the_guides_it_names(folder):
    text = "---\nguides: prepaid\n---\n\n### 共用 {#both}\n\n共用。\n"
    (folder / "shared/submit.md").write_text(text, "utf-8")
    second = (folder / "guides/prepaid.md").read_text("utf-8").replace("slug: prepaid", "slug: other")
    (folder / "guides/other.md").write_text(second.replace("order: 1", "order: 2"), "utf-8")

    content, problems = loaded(folder)

    assert problems == []
    shown = {guide.slug: "共用" in guide.section("submit").rest for guide in content.guides}
    assert shown == {"prepaid": True, "other": False}
