"""Rules about numbers: a number that a reader could act on is in a cited fact, or marked as our advice.

A text is split into blocks: a heading, a paragraph, a row of a table, an item of a list with what is indented below it. A
number in a block must be in a fact that the block cites. `[=id]` and `[~id]` print numbers from the data; `[约 20 分钟]{ours}`
marks our advice or estimate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, takewhile

from ...errors import Findings
from .. import syntax
from ..claims import NUMERAL, claims, normal, text_of_fact
from ..data import Data
from ..draft import Block, Draft, Lines
from .text import TAG

COUNT = rf"[\d{NUMERAL}]+ ?(?:天|周|个星期|个月)"
NAMED_DAY = re.compile(
    rf"(?<![A-Za-z])T ?[-+−–] ?\d+|(?:起飞|回国|出发|登机|落地)(?:之|以)?[前后]，?第? ?{COUNT}"
)
"""A day counted from the flight: it must come from the timetable, also in our advice, unless a fact has these words."""
COUNTED_DAY = re.compile(rf"提前 ?{COUNT}|\w{{0,2}}(?<![提最])[前后]第? ?{COUNT}|第 ?{COUNT}")
"""What is most likely such a day, if no fact has its number."""
DAY_OF_CHANGE = re.compile(r"^\d{4}-\d\d-\d\d：")
"""The start of a line of `changes`, after its hyphen."""
KINDS = {"mail": "address", "host": "web address", "phone": "phone number"}
"""What kinds of claims are called, if not by their name."""


def numbers_are_facts(draft: Draft, data: Data) -> Findings:
    """A number, amount, phone number, date or address is in a fact cited beside it, or marked as our advice."""
    if data.faulty is None:  # facts.toml cannot be read: every number would be in no fact
        return
    for lines, cited in _passages(draft, data):
        if not set(data.faulty) & set(cited):  # else the number may be in the fact that has the fault
            facts = [text_of_fact(data.facts[id]) for id in dict.fromkeys(cited) if id in data.facts]
            for number, line in lines:
                if not TAG.search(line) and "{:" not in line:  # reported by other rules
                    for wrong in _unsupported(line, facts, data):
                        yield number, wrong


def _unsupported(line: str, facts: list[str], data: Data) -> Iterator[str]:
    """Yield a sentence for each day or claim of a line that none of these texts of facts supports."""
    text, ours = _typed(line), " ； ".join(match["text"] for match in syntax.OURS.finditer(line))
    unsupported = [claim for claim in dict.fromkeys(claims(text)) if not claim.is_supported(facts)]
    named = (match[0] for match in NAMED_DAY.finditer(f"{text} ； {ours}"))
    days = [day for day in named if any(claims(day)) and not any(normal(day) in normal(one) for one in facts)]
    for match in COUNTED_DAY.finditer(text):
        if set(claims(match[0])) & set(unsupported) and not any(match[0] in day for day in days):
            days.append(match[0])
    for day in dict.fromkeys(days):
        yield _typed_day(day, data)
    in_days = {claim for day in days for claim in claims(day)}
    for claim in unsupported:
        if claim not in in_days:
            kind = KINDS.get(claim.kind, claim.kind)
            shown = re.sub(r"(?<=\d)(?=[个天周月年小分工晚日])", " ", claim.text)
            yield (
                f"The {kind} `{shown}` is in no fact cited beside it. Cite one with [@id], print it with [=id], "
                "or mark our own advice: [20 分钟]{ours}."
            )


def _typed_day(day: str, data: Data) -> str:
    """Return the finding for a day that is typed instead of taken from the timetable."""
    count, before = int(re.findall(r"\d+", normal(day))[-1]), bool(re.search("前|[-−–]", day))
    rows = [
        f"[~{row.id}]"
        for row in data.timetable.values()
        if count == (row.months or abs(row.days)) and before == (row.days < 0)
    ]
    advice = f"Write {' or '.join(rows)}" if rows else "Add a row to timetable.toml and write [~its-id]"
    return f"`{day}` reads like a day of the timetable. {advice}; if the law or an operator says it, cite the fact."


def _typed(line: str) -> str:
    """Return the words of the writer: without marks, and without what is printed from the data."""
    line = DAY_OF_CHANGE.sub("", syntax.without_block_mark(line))
    line = syntax.replaced(line, " ； ", syntax.CITE, syntax.VALUE, syntax.WHEN, syntax.OURS)
    return syntax.without_dials(syntax.words_of(line)).replace("*", "")


def _passages(draft: Draft, data: Data) -> Iterator[tuple[Lines, list[str]]]:
    """Yield (lines, ids of the facts that may support them).

    A title sums up the file and a heading what is below it, so the facts cited there support them.
    """
    blocks = draft.blocks()
    cited = [data.facts_behind(block.text) for block in blocks]
    for key, value in draft.front.items():
        if key in (*syntax.SHOWN, *syntax.INLINE):
            support = cited if key in syntax.SHOWN else [data.facts_behind(value)]
            yield [(draft.line_of(key), value)], list(chain(*support))
    for at, block in enumerate(blocks):
        yield block.lines, list(chain(*cited[at : at + 1 + _summed_up(blocks, at)]))


def _summed_up(blocks: list[Block], at: int) -> int:
    """Return how many of the blocks below it a block sums up: as a heading, or as the head of a table."""
    block, below = blocks[at], blocks[at + 1 :]
    if block.kind == "heading":
        level = _level(block)
        return len(list(takewhile(lambda one: one.kind != "heading" or _level(one) > level, below)))
    if block.kind == "row" and (at == 0 or blocks[at - 1].kind != "row"):
        return len(list(takewhile(lambda one: one.kind == "row", below)))
    return 0


def _level(heading: Block) -> int:
    return len(heading.text) - len(heading.text.lstrip("#"))
