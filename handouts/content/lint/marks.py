"""Rules about marks: what ours name exists, and each of Markdown either works as usual or is reported."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ...errors import Findings, did_you_mean
from ...model import FOREIGN_LANGUAGES
from ...text import HAN
from .. import syntax
from ..data import Data
from ..draft import Block, Draft, Lines

DELIMITER = re.compile(r"\|(?:\s*:?-+:?\s*\|)+\s*")
"""The line below the head of a table."""
OTHER_ITEM = re.compile(rf"\s*(?:([*+]) +\S|([•·])|(\d+[)）、．])|(\d+\.)(?=[{HAN}*\[])|(-)(?=[{HAN}*]))")
"""What begins an item in other dialects, or is almost the mark of an item."""
ITEM_IN_ITEM = re.compile(r"\s*(?:-|\d+\.) +(?:#|(?:[-+*>|]|\d+[.)])(?:\s|$))")
"""An item whose text begins with the mark of a list, a heading, a quotation or a row."""
WIDE_MARKS = dict(zip("［］【】＠＃＊｜＜＞＝＿｀＼～", "[][]@#*|<>=_`\\~", strict=True))
"""Full-width forms of marks, which are no marks."""
UNUSED = {
    r"^(?!\s*```).*`": "Code is not used here. Take the ` out.",
    r"\\": "A backslash is in the text. Write the character behind it alone.",
    r"(?<!\w)_{1,3}[^\s_][^_]*_{1,3}(?!\w)": "Underscores do not make italics here. Write *italics* or **bold**.",
    r"^(?!\s*~~~).*~~": "Nothing is struck out here. Take the ~~ out.",
}
"""Marks of Markdown that we do not use."""
STRAY_BRACKET = "A bracket is in the text. Brackets hold [@facts], [words]{fr} and [links](file.md); write （ and ） for others."


def known_names(draft: Draft, data: Data) -> Findings:
    """A cited fact and a day exist, a printed fact has a value, and a foreign word is of a language at Belgian counters."""
    faulty, languages = data.faulty or (), ", ".join(FOREIGN_LANGUAGES)
    for number, line in draft.lines(syntax.INLINE):
        cited = (
            dict.fromkeys(syntax.facts_in(line)) if data.faulty is not None else ()
        )  # None: no fact is known
        for id in cited:
            if id not in data.facts and id not in faulty:
                hint = did_you_mean(id, data.facts, "Add it, with its source.")
                yield number, f"The fact `{id}` is not in facts.toml. {hint}"
        for id in syntax.ids_in(syntax.VALUE, line):
            if id in data.facts and not data.facts[id].value:
                yield number, f"The fact `{id}` has no value to print. Add one, or cite it with [@{id}]."
        for id in syntax.ids_in(syntax.WHEN, line):
            if id not in data.timetable and id not in faulty:
                hint = did_you_mean(id, data.timetable, "Add it there.")
                yield number, f"The day `{id}` is not in timetable.toml. {hint}"
        for match in syntax.FOREIGN.finditer(line):
            if match["lang"] not in FOREIGN_LANGUAGES:
                yield number, f"`{match['lang']}` is not a language here. Use {languages}."


def links_lead_to_files(draft: Draft, data: Data) -> Findings:
    """A link is written [text](file.md#id) and leads to a file of this site; pages elsewhere are sources of facts."""
    for number, line in draft.lines(syntax.INLINE):
        for match in syntax.LINK.finditer(line):
            if ":" in match["href"].partition("#")[0] or match["href"].startswith("//"):
                yield number, f"`{match['href']}` leads elsewhere. Cite a fact that has it as source."
        rest = syntax.LINK.sub("", line)
        if "](" in rest:
            yield number, "This looks like a link. Write [text](file.md#id): no spaces, brackets or title."
        if "://" in rest or "www." in rest:
            yield number, "A web address is in the text. Print a fact's value with [=id]."


def _texts(draft: Draft) -> Iterator[tuple[int, str]]:
    """Yield (first line, text) of each piece of text in which a mark can begin and end."""
    yield from draft.values(syntax.INLINE)
    for block in draft.blocks():
        parts = [Block(block.kind, block.lines[:1])]
        for number, line in block.lines[1:]:  # paragraphs and nested items of an item are pieces
            apart = re.match(r"\s*(?:[-*+]|\d+[.)]) |\s*\|", line) or number != parts[-1].lines[-1][0] + 1
            if block.kind == "item" and apart:
                parts.append(Block(block.kind, []))
            parts[-1].lines.append((number, line))
        yield from ((part.lines[0][0], part.text) for part in parts)


def stars_in_pairs(draft: Draft, data: Data) -> Findings:
    """Stars come in pairs, **bold** or *italics*, not nested; those of a code to dial (*100#) are no marks."""
    for number, text in _texts(draft):
        rest = re.sub(r"^\s*[*+-] ", "", syntax.without_dials(text))
        for piece in rest.split("|") if rest.lstrip().startswith("|") else (rest,):
            left = syntax.SLANTED.sub(_line_ends, syntax.BOLD.sub(_line_ends, piece))
            if "*" in left and not re.match(r"\*\[[^\]]*\]:", left):
                at = number + left[: left.index("*")].count("\n")
                yield at, "A star has no partner. Write **bold** or *italics*, one not in the other."


def _line_ends(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def brackets_have_a_meaning(draft: Draft, data: Data) -> Findings:
    """Brackets hold a citation, a value, a day, our advice, a foreign word or a link, and nothing else."""
    marks = (syntax.CITE, syntax.VALUE, syntax.WHEN, syntax.OURS, syntax.FOREIGN, syntax.LINK)
    for number, text in _texts(draft):
        text = syntax.replaced(re.sub(r"^\s*- \[[ xX]?\] ", "- ", text), "x", *marks)
        for at, line in enumerate(text.split("\n"), number):
            elsewhere = "](" in line or syntax.ALMOST_STEP.match(line) or set(line) & set(WIDE_MARKS)
            if ("[" in line or "]" in line) and not elsewhere:  # other rules report those
                yield at, STRAY_BRACKET


def no_other_marks(draft: Draft, data: Data) -> Findings:
    """Other marks of Markdown are not used (code, escapes, underscores, strikethrough), nor full-width forms of ours."""
    for number, line in draft.lines(syntax.INLINE):
        rest = syntax.LINK.sub(r"\g<text>", line.replace(syntax.PLACEHOLDER, ""))
        yield from ((number, wrong) for pattern, wrong in UNUSED.items() if re.search(pattern, rest))
        if wide := "".join(dict.fromkeys(char for char in rest if char in WIDE_MARKS)):
            usual = "".join(WIDE_MARKS[char] for char in wide)
            yield number, f"`{wide}` is a full-width mark. Write `{usual}`."


def lists_have_one_mark(draft: Draft, data: Data) -> Findings:
    """An item begins with `- ` or `1. `."""
    for number, line in draft.numbered:
        if ITEM_IN_ITEM.match(line) and not syntax.ALMOST_STEP.match(line):
            yield number, "The item begins with the mark of another block. Begin with words."
        match = OTHER_ITEM.match(line)
        if match and not syntax.ALMOST_STEP.match(line):
            mark = next(filter(None, match.groups()))
            right = "1. " if mark[0].isdigit() else "- "
            yield number, f"`{mark}` begins no item here. Write `{right}`."


def tables_are_complete(draft: Draft, data: Data) -> Findings:
    """A table is a head, a line of hyphens and rows, each with the same number of cells between bars."""
    rows: Lines = []
    for number, line in (*draft.numbered, (0, "")):
        text = line.strip()
        if text.startswith("|"):
            rows.append((number, text))
            continue
        if rows:
            yield from _table(rows)
            rows = []
        if "|" in text:
            yield number, "A bar is in the text. Rows of a table begin and end with one; take others out."


def _table(rows: Lines) -> Findings:
    cells = rows[0][1].count("|") - 1
    if not DELIMITER.fullmatch(rows[1][1] if rows[1:] else ""):
        yield rows[0][0], f"The table has no line below its head. Write |{'---|' * max(cells, 1)} there."
        return
    for number, row in rows:
        here = row.count("|") - 1
        if not row.endswith("|"):
            yield number, "The row does not end with a bar. Close its last cell with |."
        elif here != cells:
            yield number, f"Cells of the head: {cells}, of this row: {here}. Make them the same."


def no_odd_spaces(draft: Draft, data: Data) -> Findings:
    """Spaces are plain ones; only foreign words may have no-break spaces."""
    for number, line in draft.lines(draft.front):
        for char in dict.fromkeys(syntax.FOREIGN.sub("", line)):
            if char != " " and unicodedata.category(char) == "Zs":
                shown = f"U+{ord(char):04X} {unicodedata.name(char)}"
                yield number, f"The line holds another kind of space, {shown}. Write a plain one, or none."
