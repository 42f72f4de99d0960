"""Convert Markdown with our marks to the element tree that web and paper share.

In: text with the marks of syntax.py, and the facts it may cite. Out: a tree of HTML in which every citation is a numbered
reference to the article's list of sources, every foreign phrase has a `lang`, every step is `<li data-step="id">`, and no
white space is between two Chinese characters: browsers and WeasyPrint would show a gap.

Other Markdown (raw HTML, code, quotes, addresses, links by reference, escapes, attributes) stays as it is typed; the linter
reports it.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterable

import markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString, Registry

from .data import Data
from .html import join_lines, value_link
from .syntax import BOLD, CITE, DIAL, FOREIGN, ITEM, LINK, OURS, SLANTED, STEP, VALUE, WHEN, cited_ids

Link = Callable[[str], str]
"""Returns the address on the site for the target that a writer typed: `../pages/lost.md#block`."""

Make = Callable[[re.Match[str]], "etree.Element | str"]
"""Makes an element, or plain text, of a match of an inline mark."""


class Converter:
    """Converts one article. Call `number` on the results in reading order."""

    def __init__(self, data: Data, link: Link) -> None:
        self.cited: dict[str, int] = {}
        """The numbers of the facts that the article cites, by id."""
        self._data, self._link = data, link
        # Inline marks are found in this order: a mark may contain only those that come later.
        marks: tuple[tuple[re.Pattern[str], Make], ...] = (
            (DIAL, lambda m: AtomicString(m[0])),
            (CITE, lambda m: self._reference(cited_ids(m[0]))),
            (VALUE, lambda m: self._value(m["id"])),
            (WHEN, lambda m: self._day(m["id"])),
            (OURS, lambda m: _element("span", m["text"], {"class": "ours"})),
            (FOREIGN, lambda m: _element("span", m["text"], {"lang": m["lang"]})),
            (LINK, _link_element),
            (BOLD, lambda m: _element("strong", m["text"])),
            (SLANTED, lambda m: _element("em", m["text"])),
        )
        self._markdown = markdown.Markdown(extensions=["tables", "sane_lists"])
        for name in ("code", "quote", "setextheader", "hr", "reference"):
            self._markdown.parser.blockprocessors.deregister(name)
        patterns = Registry()
        for at, (pattern, make) in enumerate(marks):
            patterns.register(_Mark(pattern, make, self._markdown), f"mark-{at}", len(marks) - at)
        self._markdown.inlinePatterns = self._markdown.treeprocessors["inline"].inlinePatterns = patterns

    def blocks(self, text: str) -> etree.Element:
        """Convert text to blocks; return them in a `<body>` (`Markdown.convert` would return a string)."""
        lines = self._markdown.preprocessors["normalize_whitespace"].run(text.split("\n"))
        return self._finished(self._markdown.parser.parseDocument(_indented(lines)).getroot())

    def paragraph(self, text: str) -> etree.Element:
        """Convert one line of text to a `<p>` and number its references; it can hold no block."""
        body = etree.Element("body")
        etree.SubElement(body, "p").text = text
        self.number(self._finished(body))
        return body[0]

    def number(self, element: etree.Element) -> None:
        """Number the references in an element.

        Markdown does not convert in reading order (blocks before the cells and items in them), so this comes afterwards.
        """
        for link in element.iter("a"):
            if id := link.get("data-fact"):
                link.text = f"[{self.cited.setdefault(id, len(self.cited) + 1)}]"

    def _reference(self, ids: Iterable[str]) -> etree.Element:
        """Return `<span class="ref">` with one numbered link per fact to the list of sources, 未核实 beside unsure ones."""
        facts = self._data.facts
        span = etree.Element("span", {"class": "ref"})
        for id in ids:
            etree.SubElement(span, "a", {"class": "ref__link", "data-fact": id, "href": f"#source-{id}"})
            if id in facts and facts[id].confidence == "low":
                etree.SubElement(span, "span", {"class": "ref__unsure"}).text = self._data.unsure
        return span

    def _value(self, id: str) -> etree.Element:
        """Return the value of a fact with its reference."""
        span = etree.Element("span", {"class": "fact"})
        if id in self._data.facts:
            span.append(value_link(self._data.facts[id].value))
        span.append(self._reference([id]))
        return span

    def _day(self, id: str) -> etree.Element:
        """Return the words of a day of the timetable."""
        words = AtomicString(self._data.when(id))
        return _element("span", words, {"class": "when", "data-when": id})

    def _finished(self, body: etree.Element) -> etree.Element:
        """Replace the marks in the text of a tree by elements."""
        body.tag = "body"
        self._markdown.treeprocessors["inline"].run(body)
        _mark_steps(body)
        _mark_headings(body)
        _align_cells(body)
        self._set_addresses(body)
        self._markdown.treeprocessors["prettify"].run(body)
        if self._data.language.joins_lines:
            join_lines(body)
        return body

    def _set_addresses(self, body: etree.Element) -> None:
        """Replace the targets of links, which are files, by addresses on the site, and mark links out of the edition."""
        elsewhere = self._data.ui.get("nav", {}).get("elsewhere") if self._data.language.written else ""
        for element in body.iter():
            for attribute in ("href", "src"):
                target = element.get(attribute)
                if target and not element.get("class"):  # those with a class are made by this module
                    address = self._link(target)
                    element.set(attribute, address)
                    if elsewhere and address.startswith("../../"):
                        element.tail = f" {elsewhere}{element.tail or ''}"


class _Mark(InlineProcessor):
    """A mark of syntax.py, and the function that makes an element of it."""

    def __init__(self, pattern: re.Pattern[str], make: Make, md: markdown.Markdown) -> None:
        super().__init__(pattern.pattern, md)
        self._make = make

    def handleMatch(self, m, data):  # noqa: N802  # the framework's name
        return self._make(m), m.start(0), m.end(0)


def _element(tag: str, text: str, attributes: dict[str, str] | None = None) -> etree.Element:
    """Return an element with text, which may contain other marks."""
    element = etree.Element(tag, attributes or {})
    element.text = text
    return element


def _link_element(match: re.Match[str]) -> etree.Element:
    """Return a link or a picture, with the target as it was typed."""
    if match["image"]:
        return etree.Element("img", {"alt": match["text"], "src": match["href"]})
    return _element("a", match["text"], {"href": match["href"]})


def _indented(lines: list[str]) -> list[str]:
    """Indent what is below an item as Markdown needs it: four spaces a level, a blank line between kinds of blocks.

    People type two spaces under `- ` and three under `1. `. A line belongs to the innermost item that begins to its left.
    """
    out: list[str] = []
    items: list[int] = []
    above = (0, "")
    for line in lines:
        text = line.lstrip(" ")
        if not text:
            out.append("")
            continue
        column = len(line) - len(text)
        while items and column <= items[-1]:
            items.pop()
        item = "step" if STEP.match(text) else "item" if ITEM.match(text) else ""
        kind = item or ("row" if text[0] == "|" else "text")
        here = (len(items), kind)
        if out and out[-1] and _are_parted(above, here):
            out.append("")
        out.append("    " * len(items) + text)
        if item:
            items.append(column)
        above = here
    return out


def _are_parted(above: tuple[int, str], here: tuple[int, str]) -> bool:
    """Tell whether a blank line is needed between two lines, given the depth and kind of each."""
    listed = ("item", "step")
    if above[0] == here[0] == 0:
        return False  # the linter requires it in the text
    if above[1] in listed and here[1] in listed:
        return above[1] == "step" and here[0] > above[0]
    return above != here


STEP_MARK = re.compile(r"\s*\{#([a-z0-9-]+)((?:\s+\w+=\w+)*)\s*\}\s*$")
HEADING_MARK = re.compile(r"\s+\{#([^}\s]+)\}\s*$")


def _mark_steps(body: etree.Element) -> None:
    """Move the id and the options of a step from its text to attributes of the list item."""
    for item in body.iter("li"):
        paragraph = item.find("p")
        line = item if paragraph is None else paragraph
        found = STEP_MARK.search(line[-1].tail or "") if len(line) else None
        if found:
            line[-1].tail = found.string[: found.start()]
            line.text = re.sub(r"^\[[ xX]?\]\s*", "", line.text or "")
            item.set("data-step", found[1])
            for option in found[2].split():
                key, _, value = option.partition("=")
                item.set(f"data-{key}", value)


def _mark_headings(body: etree.Element) -> None:
    """Move the id of a heading from its text to an attribute."""
    for heading in (*body.iter("h2"), *body.iter("h3")):
        last, side = (heading[-1], "tail") if len(heading) else (heading, "text")
        if found := HEADING_MARK.search(getattr(last, side) or ""):
            setattr(last, side, found.string[: found.start()])
            heading.set("id", found[1])


def _align_cells(body: etree.Element) -> None:
    """Align cells by a class: the security policy of our pages allows no style attributes."""
    for cell in body.iter():
        if side := re.fullmatch(r"text-align: (\w+);", cell.attrib.pop("style", "")):
            cell.set("class", f"align-{side[1]}")
