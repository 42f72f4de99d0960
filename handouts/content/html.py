"""Turn the element trees of the Markdown converter into HTML or text, and the values of facts into elements."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from urllib.parse import urlsplit

from markdown.util import AtomicString
from markupsafe import Markup

from ..text import WIDE
from .syntax import FOREIGN, PHONE

EDGES = {"p", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "h2", "h3", "div", "body"}
"""Block elements, at whose edges a line may start or end."""


def outer(element: etree.Element) -> str:
    """Return an element and the text behind it as HTML."""
    return etree.tostring(element, encoding="unicode", method="html")


def inner(element: etree.Element) -> Markup:
    """Return the content of an element as HTML."""
    return Markup("".join([Markup.escape(element.text or ""), *map(outer, element)]).strip())


def text_of(element: etree.Element) -> str:
    """Return the text of an element without its references."""
    text = element.text or ""
    for child in element:
        text += ("" if child.get("class") == "ref" else text_of(child)) + (child.tail or "")
    return text


def without_references(html: Markup) -> Markup:
    """Return inline HTML without its references, as paper and lists show it."""
    reference = r'\s*<span class="ref">(?:<a [^>]*>[^<]*</a>|<span class="ref__unsure">[^<]*</span>)*</span>'
    return Markup(re.sub(reference, "", str(html)))


def value_html(value: str) -> Markup:
    """Return a fact's value as HTML, for templates."""
    return Markup(outer(value_link(value)))


def join_lines(body: etree.Element) -> None:
    """Remove white space between two wide characters; other line breaks become one space."""
    pieces = list(_texts(body))
    for index, (holder, side, text, starts) in enumerate(pieces):
        if not re.search(r"\s", text):
            continue
        before = pieces[index - 1][2] if index and not starts else ""
        goes_on = index + 1 < len(pieces) and not pieces[index + 1][3]
        after = pieces[index + 1][2] if goes_on else ""
        context = f"{before[-1:]}\0{text}\0{after[:1]}"
        context = re.sub(rf"(?<=[{WIDE}])(\0?)\s+(\0?)(?=[{WIDE}])", r"\1\2", context)
        joined = context.split("\0")[1].replace("\n", " ")
        setattr(holder, side, joined)
        pieces[index] = holder, side, joined, starts


def _texts(element: etree.Element) -> Iterator[tuple[etree.Element, str, str, bool]]:
    """Yield (element, "text" or "tail", string, whether a block begins or ends before it) in reading order."""
    edge = element.tag in EDGES
    if element.text:
        yield element, "text", element.text, edge
    for child in element:
        yield from _texts(child)
        if child.tail:
            yield child, "tail", child.tail, child.tag in EDGES


def value_link(value: str) -> etree.Element:
    """Return a value as an element; phone numbers and addresses are links."""
    foreign: list[str] = []
    if PHONE.fullmatch(value):
        element = etree.Element("a", {"class": "fact__value", "href": f"tel:{value.replace(' ', '')}"})
    elif re.fullmatch(r"[\w.+-]+@[\w-]+\.[\w.]+", value):
        element = etree.Element("a", {"class": "fact__value", "href": f"mailto:{value}"})
    elif re.fullmatch(r"https?://\S+", value):
        element = etree.Element("a", {"class": "fact__value", "href": value, "rel": "noreferrer"})
        value = urlsplit(value).netloc  # the host is enough to recognise it
    elif re.fullmatch(r"[\d ]+", value):  # a short code or a national number: no link
        element = etree.Element("span", {"class": "fact__value fact__value--number"})
    else:
        element = etree.Element("span", {"class": "fact__value"})
        value, *foreign = FOREIGN.split(value)
    element.text = AtomicString(value)
    for word, lang, after in zip(foreign[::3], foreign[1::3], foreign[2::3], strict=True):
        span = etree.SubElement(element, "span", {"lang": lang})
        span.text, span.tail = AtomicString(word), AtomicString(after)
    return element
