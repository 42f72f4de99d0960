"""What hypothesis makes: texts as people write and spoil them."""

from __future__ import annotations

import string
from dataclasses import dataclass

from hypothesis import strategies as st

HAN = "号码停用余额转网退款护照书面通知银行微信充值日期确认门店"
WORD = st.text(HAN, min_size=2, max_size=6)
LATIN = st.text(string.ascii_letters, min_size=1, max_size=8)


@dataclass(frozen=True)
class Written:
    """A step as its writer thinks of it."""

    id: str
    lead: str
    note: str
    optional: bool
    on_sheet: bool
    body: tuple[str, ...]
    """Paragraphs of the explanation."""

    @property
    def markdown(self) -> str:
        note = f" *{self.note}*" if self.note else ""
        options = " note=optional" * self.optional + " sheet=no" * (not self.on_sheet)
        lines = [f"- [ ] **{self.lead}**{note} {{#{self.id}{options}}}"]
        for paragraph in self.body:
            lines += [*([""] if lines[1:] else []), f"  {paragraph}"]
        return "\n".join(lines)


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
    count = draw(st.integers(3, 7))
    made = []
    for number in range(count):
        note = draw(st.one_of(st.just(""), WORD))
        made.append(
            Written(
                id=f"{section}-{number}",
                lead=draw(WORD) + "。",
                note=note,
                optional=bool(note) and draw(st.booleans()),
                on_sheet=number < 3 or draw(st.booleans()),
                body=tuple(draw(st.lists(sentences(), max_size=2))),
            )
        )
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
