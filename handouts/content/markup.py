"""Convert Markdown to the HTML that web and paper share.

In: Markdown and the facts it may cite. Out: an element tree of HTML in which
  - every citation is a numbered reference to the article's list of sources,
  - every foreign phrase carries its language,
  - every step is `<li data-step="id">`,
  - no white space is left between two Chinese characters: browsers and WeasyPrint would show a gap.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator

import markdown
from markupsafe import Markup

from ..model import Fact
from ..text import WIDE, tree
from .markdown import Link, Marks, References, When, value_link

BLOCKS = {"p", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "h2", "h3", "div", "hr", "br"}
"""Elements at whose edges a line may start or end."""


class Converter:
    """One article's Markdown in, HTML out; `references.number` what came out, in reading order."""

    def __init__(self, facts: dict[str, Fact], link: Link, when: When = str) -> None:
        self.references = References(facts)
        marks = Marks(self.references, link, when)
        self._markdown = markdown.Markdown(extensions=["tables", "sane_lists", marks])

    def blocks(self, text: str) -> etree.Element:
        """Return `<body>` with the converted blocks."""
        body = _read(self._markdown.reset().convert(text))
        join_lines(body)
        return body

    def inline(self, text: str) -> Markup:
        """Return one line of text as inline HTML, its references numbered."""
        body = self.blocks(text)
        self.references.number(body)
        return inner(body[0]) if len(body) else Markup()


def _read(html: str) -> etree.Element:
    """Return `<body>` with what Markdown wrote. That is XML, which is read in a twentieth of the time.

    What only HTML knows, a character by its name, is left to the parser of HTML.
    """
    try:
        return etree.fromstring(f"<body>{html}</body>")
    except etree.ParseError:
        return tree(html)


def inner(element: etree.Element) -> Markup:
    """Return what stands inside an element, as HTML."""
    parts = [str(Markup.escape(element.text or ""))]
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return Markup("".join(parts).strip())


def text_of(element: etree.Element) -> str:
    """Return the text of an element without its references."""
    parts = [element.text or ""]
    for child in element:
        if child.get("class") != "ref":
            parts.append(text_of(child))
        parts.append(child.tail or "")
    return "".join(parts)


def join_lines(body: etree.Element) -> None:
    """Remove white space between two wide characters; other line breaks become one space."""
    pieces = list(_texts(body))
    for index, (holder, side, text, starts) in enumerate(pieces):
        if not re.search(r"\s", text):
            continue
        before = pieces[index - 1][2] if index and not starts else ""
        after = ""
        if index + 1 < len(pieces) and not pieces[index + 1][3]:
            after = pieces[index + 1][2]
        whole = f"{before[-1:]}\0{text}\0{after[:1]}"
        whole = re.sub(rf"(?<=[{WIDE}])(\0?)\s+(\0?)(?=[{WIDE}])", r"\1\2", whole)
        joined = whole.split("\0")[1].replace("\n", " ")
        setattr(holder, side, joined)
        pieces[index] = holder, side, joined, starts


def _texts(element: etree.Element) -> Iterator[tuple[etree.Element, str, str, bool]]:
    """Yield (holder, text or tail, string, whether a block edge stands before) in reading order."""
    edge = element.tag in BLOCKS
    if element.text:
        yield element, "text", element.text, edge
    for child in element:
        yield from _texts(child)
        if child.tail:
            yield child, "tail", child.tail, child.tag in BLOCKS


_REFERENCE = re.compile(
    r'\s*<span class="ref">(?:<a [^>]*>[^<]*</a>|<span class="ref__unsure">[^<]*</span>)*</span>'
)


def bare(html: Markup) -> Markup:
    """Return inline HTML without its references: what paper and lists show."""
    return Markup(_REFERENCE.sub("", str(html)))


def value_html(value: str) -> Markup:
    """Return a fact's value as HTML: what the templates print."""
    return Markup(etree.tostring(value_link(value), encoding="unicode", method="html"))
