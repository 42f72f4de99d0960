"""Find what a built site claims: numbers, phones, addresses, links, with the facts cited beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import tinyhtml5

from handouts.content.claims import Claim, normal, text_of_fact
from handouts.content.claims import claims as linter_claims
from handouts.content.data import load_data
from handouts.errors import Problems
from tests.build_tools import ROOT

__all__ = ["Claim", "claims", "plain", "text_of_fact"]

plain = cache(normal)


def claims(text: str) -> Iterator[Claim]:
    """Yield what a text claims. Templates count pages, steps and references: a bare number below 100 is no claim here."""
    for claim in linter_claims(re.sub(r"\d+ KB", " ； ", text)):
        if claim.kind != "number" or not re.fullmatch(r"\d{1,2}(?:[–-]\d{1,2})?", claim.text):
            yield claim


def digits(text: str) -> str:
    """Return text without spaces: what phone numbers are compared in."""
    return re.sub(r"\s+", "", text)


BLOCKS = {"html", "head", "body", "main", "header", "footer", "nav", "article", "section", "div", "p", "ul", "ol", "li", "dl",
          "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "h1", "h2", "h3", "title", "desc", "text", "caption",
          "figure", "figcaption", "form", "label", "button", "summary", "details"}  # fmt: skip
SILENT = {"script", "style", "time"}
"""Elements whose text is no claim; a date in <time> says when something was written or read."""


@dataclass(frozen=True)
class Passage:
    text: str
    cited: frozenset[str]
    """Facts referred to in it, in its line of a table or in its step."""
    heads: bool
    """True for what announces other text: titles, headings, leads, lists of pages."""
    unsure: bool
    """True when 未核实 is in it."""
    links: tuple[str, ...] = ()
    """Where its links lead."""


@cache
def fact_ids() -> tuple[str, ...]:
    """Return the ids of all facts, in the order in which the ids of sources number them."""
    return tuple(load_data(ROOT / "content/data", Problems()).facts)


def parse(html: str) -> Any:
    """Return the element tree of a page; its sources have the names of their facts."""
    named = re.sub(
        r'(href="#|class="source"[^>]* id=")s(\d+)"',
        lambda at: f'{at[1]}source-{fact_ids()[int(at[2])]}"',
        html,
    )
    return tinyhtml5.parse(named, namespace_html_elements=False)


def passages(root: Any) -> Iterator[Passage]:
    """Yield the passages of a page but for its list of sources, and its description."""
    for meta in root.iter("meta"):
        if meta.get("name") == "description" or meta.get("property") in ("og:title", "og:description"):
            yield Passage(meta.get("content"), frozenset(), True, False)
    yield from _passages(root, (), False)


HEADS = {
    "lead", "diagram", "dates", "posts__item", "home__news", "choices", "facts", "links", "contents", "kicker",
    "breadcrumb",
}  # fmt: skip
"""Classes of the parts that announce what follows, or what is on another page."""


def _passages(element: Any, above: tuple[Any, ...], heads: bool) -> Iterator[Passage]:
    classes = set((element.get("class") or "").split())
    if classes & {"sources", "word"}:  # what a word means belongs to the glossary
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
    for name in (
        ()
        if element.get("role") == "doc-noteref"
        else ("alt", "aria-label", "title", "data-label", "placeholder")
    ):
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
        elif child.get("class") == "word":
            parts.append(child[0].text)
        elif child.tag in BLOCKS:
            parts.append("\n")
        else:
            parts.append(own_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def cited_in(element: Any) -> set[str]:
    return {fact_of(part) for part in element.iter("a") if fact_of(part)}


def fact_of(link: Any) -> str:
    """Return the id of the fact that a link refers to, or nothing when it is no reference."""
    target = link.get("href") or ""
    return target.removeprefix("#source-") if link.get("role") == "doc-noteref" else ""


@cache
def pdf_text(path: Path) -> str:
    """Return the text of a PDF of the built site; a line that ends inside a number and its unit is joined."""
    document = pypdfium2.PdfDocument(path)
    try:
        text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()
    text = text.replace("\r\n", "\n").replace("\ufffe", "-").replace("\x02", "-")
    return re.sub(r"(?<=[\d个]) *\n *(?=\D)", "", text)


def printed(value: str) -> str:
    """Return the words of a value as they are shown: without the marks of foreign words."""
    return re.sub(r"\[([^\]]+)\]\{\w\w\}", r"\1", value)
