"""Markdown to the HTML that web and paper share."""

import re
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from handouts.content.data import Data
from handouts.content.files import hidden_characters
from handouts.content.html import bare, inner, text_of
from handouts.content.lint.rules import lint
from handouts.content.markdown import Converter
from handouts.content.syntax import ANCHOR, SOME_DAY, Draft, plain
from handouts.model import Milestone
from handouts.text import WIDE, tree
from tests.build_tools import fact
from tests.golden import Case, cases
from tests.strategies import MARKS

VALUES = {
    "port": "", "fee": "€5", "phone": "+32 2 223 09 09", "mail": "help@base.be", "site": "https://base.be/stop",
    "menu": "账户 → [Résilier]{fr} → 确认", "unsure": "also",
}  # fmt: skip
FACTS = {id: fact(id, value, "low" if id == "unsure" else "high") for id, value in VALUES.items()}


def converter() -> Converter:
    return Converter(FACTS, lambda target: f"LINK {target}", lambda id: SOME_DAY, "未核实")


def converted(text: str) -> Markup:
    """Return the HTML of a text, references numbered."""
    one = converter()
    body = one.blocks(text)
    one.references.number(body)
    return inner(body)


def squeezed(html: str) -> str:
    """Return HTML without the white space between blocks, which nobody sees."""
    return re.sub(r">\s+(?=</?(?:ul|ol|li|p|table|thead|tbody|tr|th|td|h[23])\b)", ">", html)


@pytest.mark.parametrize("case", cases("markup"), ids=lambda case: case.title)
def test_case(case: Case):
    assert squeezed(converted(case.given)) == squeezed(case.expected)


def test_references_of_one_article_count_on():
    one = converter()

    first, second = inner(one.paragraph("甲[@fee]")), inner(one.paragraph("乙[@port]丙[@fee]"))

    assert re.findall(r"\[\d\]", first) == ["[1]"]
    assert re.findall(r"\[\d\]", second) == ["[2]", "[1]"]
    assert list(one.references.cited) == ["fee", "port"]


def test_bare_text_has_no_references():
    html = converted("最多 [=fee]，能退。[@port; @unsure]")

    assert bare(html) == '<p>最多 <span class="fact"><span class="fact__value">€5</span></span>，能退。</p>'


def test_a_short_text_is_not_the_name_of_a_file(tmp_path, monkeypatch):
    """The HTML parser opens what it takes for a file, and fails on names that no disk can hold."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "<p>secret<").mkdir()
    (tmp_path / "<p>secret<" / "p>").write_text("opened", encoding="utf-8")

    assert converted("secret") == "<p>secret</p>"
    assert converted("号" * 150) == f"<p>{'号' * 150}</p>"


PLAIN = st.text("号码停用，。：“”…（）€%/ abcXYZ0123é\n", max_size=60)


@given(PLAIN)
@example("先换\n银行 SIM\ncard")
@settings(max_examples=200)
def test_no_visible_character_is_lost_or_moved(text):
    text = "起" + text  # a number at the start of a line could be a list; here it is text

    assert re.sub(r"\s", "", text_of(converter().blocks(text))) == re.sub(r"\s", "", text)


@given(PLAIN)
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


NOTHING = Data(timetable={"day": Milestone(id="day", counts_from="flight", days=-30, what="停")})


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
