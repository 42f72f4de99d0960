"""The marks of a guide."""

from pathlib import Path

import pytest

from handouts.content.syntax import CITE, HEADING, LEAD, LINK, SLUG, STEP, Draft, cited_ids, plain, width


@pytest.mark.parametrize(
    ("line", "lead", "id", "options"),
    [
        ("- [ ] **换。** {#a}", "换。", "a", ""),
        ("- [x] **换。** *银行* {#a-1 note=optional}", "换。", "a-1", " note=optional"),
        ("- [] **换。** {#a}", "换。", "a", ""),
        ("3. **投诉。** {#b}", "投诉。", "b", ""),
        ("- [ ] **换。**", "换。", None, None),
    ],
)
def test_a_step(line, lead, id, options):
    step = STEP.match(line)

    assert LEAD.fullmatch(step["text"].strip())["lead"] == lead
    assert (step["id"], step["options"]) == (id, options)


@pytest.mark.parametrize(
    "line", ["- **换。** {#a}", "  - [ ] **换。** {#a}", "* [ ] **换。**", "- [y] 换", "- [链接](a.md)"]
)
def test_no_step(line):
    assert not STEP.match(line)


@pytest.mark.parametrize("text", ["换。", "**换。** 后面还有", "**换** **掉**", "*换*", "**换。***注*"])
def test_no_lead(text):
    assert not LEAD.fullmatch(text)


@pytest.mark.parametrize(
    ("line", "marks", "title", "id"),
    [
        ("## A 出发前 *30 天* {#before}", "##", "A 出发前 *30 天*", "before"),
        ("### 或：网页", "###", "或：网页", None),
        ("##紧挨着 {#x}", "##", "紧挨着", "x"),
    ],
)
def test_a_heading(line, marks, title, id):
    heading = HEADING.match(line)

    assert (heading["marks"], heading["title"], heading["id"]) == (marks, title, id)


def test_cited_ids_in_their_order():
    assert cited_ids(CITE.search("能退。[@port; @fee ;@phone]")) == ["port", "fee", "phone"]


@pytest.mark.parametrize("slug", ["a", "4g", "keep-number", "a-b-c"])
def test_a_slug(slug):
    assert SLUG.fullmatch(slug)


@pytest.mark.parametrize(
    "slug", ["", "A", "a_b", "-a", "a-", "a--b", "../a", "a b", "预付", "a/b", "a.b", "é"]
)
def test_no_slug(slug):
    assert not SLUG.fullmatch(slug)


def test_a_link_is_read_whole():
    link = LINK.search("看[丢卡](../pages/lost.md#block)。")

    assert (link["image"], link["text"], link["href"]) == ("", "丢卡", "../pages/lost.md#block")


def test_plain_text_is_what_a_reader_sees():
    assert plain("**终止**（[résilier]{fr}）看[这里](a.md)。[@port; @fee]") == "终止（résilier）看这里。"


def test_width_counts_narrow_letters_half_and_marks_not_at_all():
    assert width("**终止**（[opzeggen]{nl}）[@port]") == 2 + 2 + 8 / 2


def test_lines_keep_their_numbers_and_the_first_anchor_wins():
    draft = Draft(
        Path("a.md"), "pages", {}, {}, ("## 甲 {#a}", "", "- [ ] **乙** {#b sheet=no}", "## 丙 {#a}"), 7
    )

    assert draft.numbered[0] == (8, "## 甲 {#a}")
    assert draft.anchors() == {"a": 8, "b": 10}
