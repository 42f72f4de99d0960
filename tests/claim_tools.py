"""Find what a built site claims: numbers, phones, addresses, links, with the facts cited beside them.

A page is cut into passages: the own text of one block (a paragraph, a cell, a heading) and the ids of the facts
whose references stand in it. A line of a table and a step are carried by all that is cited in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import tinyhtml5

from handouts.model import Fact

# --- Words and numbers ------------------------------------------------------------------------------------------

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
COUNTED = r"(?:个?工作日|个?日历日|天|日|周|个?星期|个?月|年|个?小时|个?晚上|分钟|欧|万)"
NO_DAY = re.compile(r"(?:[哪这那同]一|一两|几)(?:天|个?月|年)|早一点|一天一天")
"""Days that are not counted: 哪一天, 同一天."""

PHONE = re.compile(r"(?<![\d.,€/-])(?:\+\d[\d ]{6,18}\d|\d{2,5}(?: \d{2,4}){1,5})(?!\d)")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
HOST = re.compile(
    r"(?<![\w@.-])(?:https?://)?(?:[a-z0-9-]+\.)+(?:be|com|org|net|eu|info|fr|tn|zip|legal)\b[^\s，。；：、（）<>\"”]*",
    re.IGNORECASE,
)
TOWN = re.compile(r"[A-Z][\w.’'À-ÿ -]*\b[^，。；：、\n]{0,60}?,? ?\b[1-9]\d{3} (?!\d)[A-Z][A-Za-zÀ-ÿ-]+")
"""The line of an address: street, then a Belgian postal code and a town."""
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
NUMBER = re.compile(
    r"€\d[\d.]*\d|€\d|(?<![\d.A-Za-z])\d[\d.]*(?:[–-]\d+)?(?:工作日|天|日|周|个月|月|年|小时|分钟|%)"
    r"|(?<![\d.A-Za-z])\d{3,}(?:\.\d+)?(?![\d.]*[A-Za-z])"
)
"""An amount, a number with a unit of time or %, or any number of three digits and more."""


def plain(text: str) -> str:
    """Return text as it is compared: no spaces, digits for Chinese numerals, one word for one unit."""
    text = text.replace("\xa0", " ").replace("\u2060", "")
    text = ISO_DATE.sub(lambda match: f"·{match[0].replace('-', '')}·", text)
    text = NO_DAY.sub("某", text)
    text = re.sub(rf"[零一二两三四五六七八九十]+(?= ?{COUNTED})", lambda match: str(_count(match[0])), text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"(\d+) ?万", r"\g<1>0000", text)
    text = re.sub(r"(\d+) ?欧元?", r"€\1", text)
    text = re.sub(r"(?<=\d)\s+(?=\d)", "·", text)  # two numbers side by side stay two
    text = re.sub(r"\s+", "", text)
    text = re.sub(r"个?日历日|日历天", "天", text)
    for long, short in (
        ("个工作日", "工作日"),
        ("个星期", "周"),
        ("星期", "周"),
        ("个小时", "小时"),
        ("每年", "每1年"),
    ):
        text = text.replace(long, short)
    return text


def _count(numeral: str) -> int:
    """Return the number that a Chinese numeral below a hundred names."""
    tens, ten, ones = numeral.rpartition("十")
    if ten:
        return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
    return int("".join(str(DIGITS[char]) for char in numeral))


SAME = {"1年": ("12个月",), "12个月": ("1年",), "2周": ("14天",)}
"""One length of time in other words."""


def says(known: str, number: str) -> bool:
    """Tell whether plain text holds a number, whole and not as a part of a longer one."""
    return any(
        re.search(
            rf"(?<![\d.]){re.escape(form)}(?!\d)" if form[-1].isdigit() else rf"(?<![\d.]){re.escape(form)}",
            known,
        )
        for form in (number, *SAME.get(number, ()))
    )


def digits(text: str) -> str:
    """Return text without spaces: what phone numbers are compared in."""
    return re.sub(r"\s+", "", text)


def text_of_fact(fact: Fact) -> str:
    """Return all that a fact says, to search in."""
    return f"{fact.statement} ; {fact.value}"


@dataclass(frozen=True)
class Claim:
    """Something a passage says that only a fact may say."""

    kind: str
    """number, phone, mail, host or address"""
    text: str

    def is_said(self, facts: list[str]) -> bool:
        """Tell whether one of these texts of facts says it."""
        if self.kind == "number":
            return any(says(plain(PHONE.sub(" ； ", fact)), self.text) for fact in facts)
        return any(digits(self.text) in digits(fact) for fact in facts)


def claims(text: str) -> Iterator[Claim]:
    """Yield what a text claims, each piece of it once: what is an address is no phone number."""
    for kind, pattern in (("mail", MAIL), ("host", HOST), ("address", TOWN)):
        for match in pattern.finditer(text):
            yield Claim(kind, match[0].strip().rstrip("/"))
        text = pattern.sub(" ； ", text)
    for match in PHONE.finditer(text):
        yield Claim("phone", match[0])
    text = PHONE.sub(" ； ", text)
    for match in NUMBER.finditer(plain(text)):
        yield Claim("number", match[0])


# --- Pages ------------------------------------------------------------------------------------------------------

BLOCKS = {"html", "head", "body", "main", "header", "footer", "nav", "article", "section", "div", "p", "ul", "ol", "li", "dl",
          "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "h1", "h2", "h3", "title", "desc", "text", "caption",
          "figure", "figcaption", "form", "label", "button", "summary", "details"}  # fmt: skip
SILENT = {"script", "style", "time"}
"""Elements whose text is no claim; a date in <time> says when something was written or read."""


@dataclass(frozen=True)
class Passage:
    """The own text of one block."""

    text: str
    cited: frozenset[str]
    """Facts referred to in it, in its line of a table or in its step."""
    heads: bool
    """True for what announces other text: titles, headings, leads, lists of pages."""
    unsure: bool
    """True when 未核实 stands in it."""
    links: tuple[str, ...] = ()
    """Where its links lead."""


def parse(html: str) -> Any:
    """Return the element tree of a page."""
    return tinyhtml5.parse(html, namespace_html_elements=False)


def passages(root: Any) -> Iterator[Passage]:
    """Yield the passages of a page but for its list of sources, and its description."""
    for meta in root.iter("meta"):
        if meta.get("name") == "description" or meta.get("property") in ("og:title", "og:description"):
            yield Passage(meta.get("content"), frozenset(), True, False)
    yield from _passages(root, (), False)


HEADS = {
    "lead",
    "diagram",
    "dates",
    "posts__item",
    "home__news",
    "choices",
    "facts",
    "links",
    "contents",
    "kicker",
    "breadcrumb",
}
"""Classes of the parts that announce what is said below, or on another page."""


def _passages(element: Any, above: tuple[Any, ...], heads: bool) -> Iterator[Passage]:
    classes = set((element.get("class") or "").split())
    if "sources" in classes:
        return
    heads = heads or element.tag in ("title", "h1", "h2", "h3") or bool(classes & HEADS)
    if element.tag in BLOCKS:
        text = own_text(element)
        if text.strip():
            whole = next((outer for outer in reversed(above) if outer.tag in ("tr", "li")), element)
            cited = frozenset(cited_in(whole))
            unsure = any(part.get("class") == "ref__unsure" for part in element.iter())
            links = tuple(link.get("href") for link in whole.iter("a") if link.get("href"))
            yield Passage(text, cited, heads, unsure, links)
    for name in () if element.get("class") == "ref__link" else ("alt", "aria-label", "title", "data-label", "placeholder"):
        if element.get(name):
            yield Passage(element.get(name), frozenset(), True, False)
    for child in element:
        if isinstance(child.tag, str):
            yield from _passages(child, (*above, element), heads)


def own_text(element: Any) -> str:
    """Return the text of a block without its references and without the blocks in it."""
    parts = [element.text or ""]
    for child in element:
        if not isinstance(child.tag, str) or child.get("class") == "ref" or child.tag in SILENT:
            pass
        elif child.tag in BLOCKS:
            parts.append("\n")
        else:
            parts.append(own_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def cited_in(element: Any) -> set[str]:
    """Return the ids of the facts that are referred to in an element."""
    return {fact_of(part) for part in element.iter("a") if fact_of(part)}


def fact_of(link: Any) -> str:
    """Return the id of the fact that a link refers to, or nothing when it is no reference."""
    target = link.get("href") or ""
    return target.removeprefix("#source-") if link.get("class") == "ref__link" else ""


# --- Sheets -----------------------------------------------------------------------------------------------------


def pdf_text(path: Path) -> str:
    """Return the text of a PDF; a line that ends inside a number and its unit is joined."""
    document = pypdfium2.PdfDocument(path)
    try:
        text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()
    text = text.replace("\r\n", "\n").replace("\ufffe", "").replace("\x02", "")
    return re.sub(r"(?<=[\d个]) *\n *(?=\D)", "", text)


def printed(value: str) -> str:
    """Return the words of a value as they are shown: without the marks of foreign words."""
    return re.sub(r"\[([^\]]+)\]\{\w\w\}", r"\1", value)
