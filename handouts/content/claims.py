"""Find what a text claims: numbers, dates, phone numbers and addresses, which a fact must support."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from ..model import Fact

NAMES = re.compile(
    r"(?<![\w.])(?:[2-6]G\+?|A4|[Mm]od(?:el|èle|ell) 8|CC BY 4\.0|24/7|\+(?:32|86)(?! ?\d)|[Aa]rt\. ?\d[\d/]*(?: ?§ ?\d+)*|第 ?\d[\d/]* ?条)(?![\w])"
)
"""Names with digits that claim nothing, such as 4G. Add names here, never numbers."""
HOURS = r"工作日|天|日|周|月|年|小时|分钟"
COUNTED = r"(?:个?工作日|个?日历日|天|日|周|个?星期|个?月|年|个?小时|个?晚上|分钟|秒|岁|欧|美元|人民币|万|%)"
NUMERAL = "零一二两三四五六七八九十百千"
NO_COUNT = re.compile(
    r"(?:[哪这那同某每另]一|最后一|一两|两三|三四|几)个?(?:工作日|天|日|周|星期|月|年|小时|晚上|分钟|欧)|早一点|一天一天|星期[一二三四五六日]|[十百千]几|千万(?=[别不要记])"
)
"""Words that look like a count but are none: 哪一天, 同一天, 一两个晚上, 星期二."""
PHONE = re.compile(r"(?:\+\d[\d ]{6,18}\d|(?<![\d.,€/-])(?:0\d{8,9}|\d{2,5}(?: \d{2,4}){1,5}))(?!\d)")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
HOST = re.compile(
    r"(?<![\w@.-])(?:https?://)?(?:[a-z0-9-]+\.)+(?:be|com|org|net|eu|info|fr|tn|zip|legal)\b[^\s，。；：、（）<>\"”]*",
    re.IGNORECASE,
)
TOWN = re.compile(r"[A-Z][^，。；：、\n]{0,100}?\b[1-9]\d{3} (?!\d)[A-Z][A-Za-zÀ-ÿ-]+")
"""The line of an address: street, then a Belgian postal code and a town."""
DATE = re.compile(r"\d{4}-\d\d-\d\d")
KINDS = {"mail": MAIL, "host": HOST, "address": TOWN, "date": DATE, "name": NAMES, "phone": PHONE}
"""The patterns of claims, in the order in which they are searched; names are none."""
NUMBER = re.compile(rf"€\d[\d.]*\d|€\d|(?<![\d.A-Za-z])\d[\d.:]*(?:[–-]\d[\d.:]*)?(?:个?(?:{HOURS})|晚|%)?")
EQUAL = {"1年": "12个月", "2周": "14天", "2年": "24个月", "0.5年": "6个月"}
SAME = EQUAL | {right: left for left, right in EQUAL.items()}
"""Equal lengths of time."""
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
    text = re.sub(rf"(?<![{NUMERAL}])[{NUMERAL}]+(?= ?{COUNTED})", lambda match: str(_count(match[0])), text)
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
    values = [int(unicodedata.numeric(char)) for char in numeral.replace("两", "二")]
    if not set(numeral) & set("十百千"):
        return int("".join(map(str, values)))
    total, digit = 0, 0
    for char, value in zip(numeral, values, strict=True):
        if char in "十百千":
            total += (digit or 1) * value
            digit = 0
        else:
            digit = value
    return total + digit


@dataclass(frozen=True, slots=True)
class Claim:
    """Something in a text that needs a fact."""

    kind: str
    """number, or one of KINDS"""
    text: str

    def is_supported(self, facts: Iterable[str]) -> bool:
        """Tell whether it is in one of these texts of facts, and not as a part of a longer number or address."""
        if self.kind != "number":
            spaced = r"\s*".join(map(re.escape, re.sub(r"\s", "", self.text)))
            before, behind = r"(?<![\dA-Za-z.+-])(?!(?<=\d\s)\d)", r"(?![.-]?[\dA-Za-z]|(?<=\d)\s\d)"
            return any(re.search(f"{before}{spaced}{behind}", fact) for fact in facts)
        known = [_without_phones(fact) for fact in facts]
        for form in {self.text, SAME.get(self.text, self.text)}:
            goes_on = "" if form[-1] in "天日周月年时钟晚%" else "(?![.:]?[0-9])"
            if any(re.search(rf"(?<![\d.]){re.escape(form)}{goes_on}", fact) for fact in known):
                return True
        return False


@cache
def _without_phones(fact: str) -> str:
    """Return the text of a fact in the form in which numbers are compared."""
    return normal(PHONE.sub(" ； ", fact))


def claims(text: str) -> Iterator[Claim]:
    """Yield the claims of a text. Each kind is taken out before the next is searched: an address is not a phone number."""
    text = text.replace("\xa0", " ")
    for kind, pattern in KINDS.items():
        for match in pattern.finditer(text):
            if kind != "name":
                yield Claim(kind, match[0].strip().rstrip("/"))
        text = pattern.sub(" ； ", text)
    for match in NUMBER.finditer(normal(text)):
        yield Claim("number", match[0])


def text_of_fact(fact: Fact) -> str:
    """Return the text of a fact in which claims are searched."""
    return f"{fact.statement} ; {fact.value}"
