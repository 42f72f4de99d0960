"""What hypothesis makes: texts as people write and spoil them."""

from __future__ import annotations

import string
from typing import NamedTuple

from hypothesis import strategies as st

HAN = "号码停用余额转网退款护照书面通知银行微信充值日期确认门店"
WORD = st.text(HAN, min_size=2, max_size=6)
LATIN = st.text(string.ascii_letters, min_size=1, max_size=8)


class Written(NamedTuple):
    """A step as its writer thinks of it; its body is paragraphs."""

    id: str
    lead: str
    note: str
    optional: bool
    on_sheet: bool
    body: list[str]

    @property
    def markdown(self) -> str:
        note = f" *{self.note}*" if self.note else ""
        options = " note=optional" * self.optional + " sheet=no" * (not self.on_sheet)
        body = "\n\n".join(f"  {paragraph}" for paragraph in self.body)
        return f"- [ ] **{self.lead}**{note} {{#{self.id}{options}}}" + f"\n{body}" * bool(body)


@st.composite
def sentences(draw, min_size: int = 1) -> str:
    """Chinese with a Latin word here and there, spaced as the linter wants it."""
    pieces = draw(st.lists(st.one_of(WORD, LATIN), min_size=min_size, max_size=4))
    text = pieces[0]
    for piece in pieces[1:]:
        wide = text[-1] in HAN and piece[0] in HAN
        text += piece if wide else f" {piece}"
    return f"{text}。"


@st.composite
def steps(draw, section: str) -> list[Written]:
    """Three to seven steps of one section, at least three of them printed."""
    made = []
    for number in range(draw(st.integers(3, 7))):
        lead, note = draw(WORD) + "。", draw(st.one_of(st.just(""), WORD))
        optional, on_sheet = bool(note) and draw(st.booleans()), number < 3 or draw(st.booleans())
        body = draw(st.lists(sentences(), max_size=2))
        made.append(Written(f"{section}-{number}", lead, note, optional, on_sheet, body))
    return made


@st.composite
def guides(draw) -> tuple[str, dict[str, list[Written]]]:
    """Return the body of a valid guide, and its steps by section; blank lines come and go."""
    written: dict[str, list[Written]] = {}
    parts = ["", "## 答案 {#answer}", "", f"**{draw(WORD)}。** {draw(WORD)}。[@port]", ""]
    for section in ("before", "submit", "after", "bring"):
        written[section] = draw(steps(section))
        parts += [f"## {draw(WORD)} *{draw(WORD)}* {{#{section}}}", ""]
        if draw(st.booleans()):
            parts += [draw(sentences()), ""]
        for step in written[section]:
            parts += [step.markdown, *[""] * draw(st.integers(0, 2))]
        if draw(st.booleans()):
            parts += ["", f"### {draw(WORD)} {{#{section}-part}}", "", draw(sentences()), ""]
    parts += ["", f"## {draw(WORD)} {{#say}}", "", f"## {draw(WORD)} {{#complain}}", ""]
    parts += [f"## {draw(WORD)} {{#changes}}", "", f"- 2026-11-20：{draw(WORD)}。", ""]
    return "\n".join(parts), written


MARKS = ("#", "*", "**", "_", "`", "{", "}", "{#", "[", "]", "](", "[@", "[=", "|", "-", "---", ">", "  ", "    ",
         "\n", "\n\n", "- [ ] ", "1. ", "\\", "<", "&", "！", "\u202e", "\x00", "\t", "\r", "![", ":")  # fmt: skip
"""What a slip of the hand puts into a text."""
