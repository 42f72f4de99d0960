"""Rules about numbers: a number that a reader could act on is in a cited fact, or marked as our advice.

A text is split into blocks: a heading, a paragraph, a row of a table, an item of a list with what is indented below it. A
number in a block must be in a fact that the block cites. `[=id]` and `[~id]` print numbers from the data; `[约 20 分钟]{ours}`
marks our advice or estimate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING

from ...model import Fact
from .. import syntax
from ..printed import facts_behind
from ..syntax import Block, Draft
from .text import TAG

if TYPE_CHECKING:
    from ..data import Data  # which imports this module through overlay.py

NAMES = re.compile(
    r"(?<![\w.])(?:[2-6]G\+?|A4|[Mm]od(?:el|èle|ell) 8|CC BY 4\.0|24/7|\+(?:32|86)(?! ?\d)|[Aa]rt\. ?\d[\d/]*(?: ?§ ?\d+)*|第 ?\d[\d/]* ?条)(?![\w])"
)
"""Names that contain a digit and make no claim. Add names here, never numbers."""

# --- What a text claims -----------------------------------------------------------------------------------------

HOURS = r"工作日|天|日|周|月|年|小时|分钟"
COUNTED = r"(?:个?工作日|个?日历日|天|日|周|个?星期|个?月|年|个?小时|个?晚上|分钟|秒|岁|欧|美元|人民币|万|%)"
NUMERAL = "零一二两三四五六七八九十百千"
NO_COUNT = re.compile(
    r"(?:[哪这那同某每另]一|最后一|一两|两三|三四|几)个?(?:工作日|天|日|周|星期|月|年|小时|晚上|分钟|欧)|早一点|一天一天|星期[一二三四五六日]|[十百千]几|千万(?=[别不要记])"
)
"""Words that look like a count but are none: 哪一天, 同一天, 一两个晚上, 星期二."""

PHONE = re.compile(r"(?<![\d.,€/-])(?:\+\d[\d ]{6,18}\d|0\d{8,9}|\d{2,5}(?: \d{2,4}){1,5})(?!\d)")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
HOST = re.compile(
    r"(?<![\w@.-])(?:https?://)?(?:[a-z0-9-]+\.)+(?:be|com|org|net|eu|info|fr|tn|zip|legal)\b[^\s，。；：、（）<>\"”]*",
    re.IGNORECASE,
)
TOWN = re.compile(r"[A-Z][\w.’'À-ÿ -]*\b[^，。；：、\n]{0,60}?,? ?\b[1-9]\d{3} (?!\d)[A-Z][A-Za-zÀ-ÿ-]+")
"""The line of an address: street, then a Belgian postal code and a town."""
DAY_OF_CHANGE = re.compile(r"^\d{4}-\d\d-\d\d：")
"""The start of a line of `changes`, after its hyphen."""
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
NUMBER = re.compile(rf"€\d[\d.]*\d|€\d|(?<![\d.A-Za-z])\d[\d.:]*(?:[–-]\d[\d.:]*)?(?:个?(?:{HOURS})|晚|%)?")
EQUAL = [("1年", "12个月"), ("2周", "14天"), ("2年", "24个月"), ("0.5年", "6个月")]
"""Equal lengths of time."""
SAME = dict(EQUAL) | {right: left for left, right in EQUAL}


UNITS = (
    ("个工作日", "工作日"), ("个日历日", "天"), ("日历日", "天"), ("日历天", "天"), ("个星期", "周"), ("星期", "周"),
    ("个小时", "小时"), ("个晚上", "晚"), ("每年", "每1年"),
)  # fmt: skip
"""Longer forms of units, replaced in this order."""


def normal(text: str) -> str:
    """Return text in the form in which numbers are compared: no spaces, digits for Chinese numerals, one word for each unit."""
    text = text.replace("\xa0", " ").replace("\u2060", "")
    text = NO_COUNT.sub("某", text)
    text = re.sub(r"半(?=个?(?:月|年|小时|周))", "0.5", text)
    text = re.sub(rf"百分之 ?([{NUMERAL}\d.]+)", r"\1%", text)
    text = re.sub(rf"[{NUMERAL}]+(?= ?{COUNTED})", lambda match: str(_count(match[0])), text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"(?<=\d),(?=\d\d(?!\d))", ".", text)
    text = re.sub(r"(\d+) ?万", r"\g<1>0000", text)
    text = re.sub(r"(?:EUR|€) ?(?=\d)", "€", text)
    text = re.sub(r"(?<![€\d.])(\d[\d.]*) ?(?:欧元?|€|EUR\b|[Ee]uros?\b)", r"€\1", text)
    text = re.sub(r"(?<=[\w.])(?<![\u3400-\u9fff])\s+(?=\d)", "·", text)  # two numbers stay two
    text = re.sub(r"\s+", "", text)
    for long, short in UNITS:
        text = text.replace(long, short)
    return text


def _count(numeral: str) -> int:
    """Return the value of a Chinese numeral below ten thousand."""
    digits = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
    if not set(numeral) & set("十百千"):
        return int("".join(str(digits[char]) for char in numeral))
    total, digit = 0, 0
    for char in numeral:
        if char in digits:
            digit = digits[char]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            digit = 0
    return total + digit


def _digits(text: str) -> str:
    """Return text without spaces, in which phone numbers are compared."""
    return re.sub(r"\s+", "", text)


@dataclass(frozen=True, slots=True)
class Claim:
    """Something in a text that needs a fact."""

    kind: str
    """number, date, phone, mail, host or address"""
    text: str

    def is_supported(self, facts: Iterable[str]) -> bool:
        """Tell whether it is in one of these texts of facts, and not as a part of a longer number."""
        if self.kind != "number":
            return any(_digits(self.text) in _digits(fact) for fact in facts)
        forms = {self.text, SAME.get(self.text, self.text)}
        patterns = [
            rf"(?<![\d.]){re.escape(form)}{'' if form[-1] in '天日周月年时钟晚%' else '(?![.:]?[0-9])'}"
            for form in forms
        ]
        known = [_without_phones(fact) for fact in facts]
        return any(re.search(pattern, fact) for pattern in patterns for fact in known)


@cache
def _without_phones(fact: str) -> str:
    """Return the text of a fact in the form in which numbers are compared."""
    return normal(PHONE.sub(" ； ", fact))


def claims(text: str) -> Iterator[Claim]:
    """Yield the claims of a text. Each kind is taken out before the next is searched: an address is no phone number."""
    for kind, pattern in (("mail", MAIL), ("host", HOST), ("address", TOWN), ("date", ISO_DATE)):
        for match in pattern.finditer(text):
            yield Claim(kind, match[0].strip().rstrip("/"))
        text = pattern.sub(" ； ", text)
    text = NAMES.sub(" ； ", text)
    for match in PHONE.finditer(text):
        yield Claim("phone", match[0])
    text = PHONE.sub(" ； ", text)
    for match in NUMBER.finditer(normal(text)):
        yield Claim("number", match[0])


def text_of_fact(fact: Fact) -> str:
    """Return the text of a fact in which claims are searched."""
    return f"{fact.statement} ; {fact.value}"


# --- The rules --------------------------------------------------------------------------------------------------

COUNT = rf"[\d{NUMERAL}]+ ?(?:天|周|个星期|个月)"
NAMED_DAY = re.compile(
    rf"(?<![A-Za-z])T ?[-+−–] ?\d+|(?:起飞|回国|出发|登机|落地)(?:之|以)?[前后]，?第? ?{COUNT}"
)
"""A day counted from the flight: it must come from the timetable, also in our advice, unless a fact has these words."""

COUNTED_DAY = re.compile(rf"提前 ?{COUNT}|\w{{0,2}}(?<![提最])[前后]第? ?{COUNT}|第 ?{COUNT}")
"""What is most likely such a day, if no fact has its number."""


def numbers_are_facts(draft: Draft, data: Data) -> Iterator[tuple[int, str]]:
    """A number, amount, phone number, date or address is in a fact cited beside it, or marked as our advice."""
    if data.faulty is None:  # facts.toml cannot be read: every number would be in no fact
        return
    for lines, cited in _passages(draft, data):
        if not data.faulty.isdisjoint(cited):  # the number may be in the fact that has the fault
            continue
        facts = [text_of_fact(data.facts[id]) for id in dict.fromkeys(cited) if id in data.facts]
        for number, line in lines:
            if TAG.search(line) or "{:" in line:  # reported by other rules
                continue
            text, ours = _typed(line), " ； ".join(match["text"] for match in syntax.OURS.finditer(line))
            unsupported = [claim for claim in dict.fromkeys(claims(text)) if not claim.is_supported(facts)]
            named = (match[0] for match in NAMED_DAY.finditer(f"{text} ； {ours}"))
            days = [day for day in named if any(claims(day)) and not _is_in(day, facts)]
            for match in COUNTED_DAY.finditer(text):
                if set(claims(match[0])) & set(unsupported) and not any(match[0] in day for day in days):
                    days.append(match[0])
            for day in dict.fromkeys(days):
                yield number, _typed_day(day, data)
            in_days = {claim for day in days for claim in claims(day)}
            for claim in unsupported:
                if claim not in in_days:
                    yield number, _unsupported(claim)


def _is_in(day: str, facts: list[str]) -> bool:
    """Tell whether a fact has the same words."""
    return any(normal(day) in normal(fact) for fact in facts)


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


def _unsupported(claim: Claim) -> str:
    """Return the finding for a claim that is in no cited fact."""
    kind = {"mail": "address", "host": "web address", "phone": "phone number"}.get(claim.kind, claim.kind)
    shown = re.sub(r"(?<=\d)(?=[个天周月年小分工晚日])", " ", claim.text)
    return (
        f"The {kind} `{shown}` is in no fact cited beside it. Cite one with [@id], print it with [=id], "
        "or mark our own advice: [20 分钟]{ours}."
    )


def _typed(line: str) -> str:
    """Return the words of the writer: without marks, and without what is printed from the data."""
    line = re.sub(r"^\s*(?:#+|-(?: \[[ xX]?\])?|\d+\.)\s+", "", syntax.ANCHOR.sub("", line))
    line = DAY_OF_CHANGE.sub("", line)
    for mark in (syntax.CITE, syntax.VALUE, syntax.WHEN, syntax.OURS):
        line = mark.sub(" ； ", line)
    line = syntax.FOREIGN.sub(r"\g<text>", line)
    line = syntax.LINK.sub(r"\g<text>", line)
    return syntax.without_dials(line).replace("*", "")


def _passages(draft: Draft, data: Data) -> Iterator[tuple[tuple[tuple[int, str], ...], list[str]]]:
    """Yield (lines, ids of the facts that may support them).

    A title sums up the file and a heading what is below it, so the facts cited there support them.
    """
    blocks = list(draft.blocks())
    everything = [id for block in blocks for id in facts_behind(block.text, data)]
    for key, value in draft.front.items():
        line = ((draft.front_lines[key], value),)
        if key in syntax.SHOWN:
            yield line, everything
        elif key in syntax.INLINE:
            yield line, facts_behind(value, data)
    for at, block in enumerate(blocks):
        cited = facts_behind(block.text, data)
        if block.kind == "heading":
            cited += [id for below in _below(blocks, at) for id in facts_behind(below.text, data)]
        elif block.kind == "row" and (at == 0 or blocks[at - 1].kind != "row"):
            rows = takewhile(lambda row: row.kind == "row", blocks[at:])
            cited += [id for row in rows for id in facts_behind(row.text, data)]
        yield block.lines, cited


def _below(blocks: list[Block], at: int) -> Iterator[Block]:
    """Yield the blocks below a heading, up to the next one of its level."""
    level = _level(blocks[at])
    yield from takewhile(lambda block: block.kind != "heading" or _level(block) > level, blocks[at + 1 :])


def _level(heading: Block) -> int:
    return len(heading.text) - len(heading.text.lstrip("#"))
