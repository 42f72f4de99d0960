"""Convert Markdown with our marks to the element tree that web and paper share.

In: text with the marks of syntax.py, and the facts it may cite. Out: a tree of HTML in which
  - every citation is a numbered reference to the article's list of sources,
  - every foreign phrase has a `lang`,
  - every step is `<li data-step="id">`,
  - there is no white space between two Chinese characters: browsers and WeasyPrint would show a gap.

Only the marks of syntax.py are converted. Other Markdown (raw HTML, code, quotes, addresses, links by reference, escapes,
attributes) stays as it is typed; the linter reports it.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable

import markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString, Registry

from ..model import Fact
from .html import join_lines, value_link
from .syntax import BOLD, CITE, DIAL, FOREIGN, ITEM, LINK, OURS, SLANTED, STEP, VALUE, WHEN, cited_ids

When = Callable[[str], str]
"""Returns in words when a milestone is: 起飞前 30 天."""

Link = Callable[[str], str]
"""Returns the address on the site for the target that a writer typed: `../pages/lost.md#block`."""


Make = Callable[[re.Match[str]], "etree.Element | str"]
"""Makes an element, or plain text, of a match of an inline mark."""


class Converter:
    """Converts one article. Call `references.number` on the results in reading order."""

    def __init__(
        self,
        facts: dict[str, Fact],
        link: Link,
        when: When,
        unsure: str,
        *,
        joins_lines: bool = True,
        elsewhere: str = "",
    ) -> None:
        """Take the facts that may be cited, the addresses of links, the words of days, and those beside an unverified fact.

        `joins_lines` is False where words have spaces between them; `elsewhere` is added to links out of the edition.
        """
        self.references = References(facts, unsure)
        self._joins_lines = joins_lines
        marks = Marks(self.references, link, when, elsewhere)
        self._markdown = markdown.Markdown(extensions=["tables", "sane_lists", marks])

    def blocks(self, text: str) -> etree.Element:
        """Convert text to blocks; return them in a `<body>`."""
        lines = text.split("\n")
        for step in self._markdown.preprocessors:
            lines = step.run(lines)
        return self._finished(self._markdown.parser.parseDocument(lines).getroot())

    def paragraph(self, text: str) -> etree.Element:
        """Convert one line of text to a `<p>` and number its references; it can hold no block."""
        body = etree.Element("body")
        etree.SubElement(body, "p").text = text
        self.references.number(self._finished(body))
        return body[0]

    def _finished(self, body: etree.Element) -> etree.Element:
        """Replace the marks in the text of a tree by elements."""
        body.tag = "body"
        for step in self._markdown.treeprocessors:
            step.run(body)
        if self._joins_lines:
            join_lines(body)
        return body


# --- References ---------------------------------------------------------------------------------------------------


class References:
    """The facts that an article cites, numbered in reading order.

    Markdown does not convert in reading order (blocks before the cells and items in them), so they are numbered afterwards.
    """

    def __init__(self, facts: dict[str, Fact], unsure: str) -> None:
        self.facts, self.unsure = facts, unsure
        self.cited: dict[str, int] = {}

    def number(self, element: etree.Element) -> None:
        for link in element.iter("a"):
            id = link.get("data-fact")
            if id:
                link.text = f"[{self.cited.setdefault(id, len(self.cited) + 1)}]"


def reference(references: References, ids: list[str]) -> etree.Element:
    """Return `<span class="ref">` with one numbered link per fact to the list of sources, 未核实 beside unsure ones."""
    span = etree.Element("span", {"class": "ref"})
    for id in ids:
        etree.SubElement(span, "a", {"class": "ref__link", "data-fact": id, "href": f"#source-{id}"})
        fact = references.facts.get(id)
        if fact and fact.confidence == "low":
            etree.SubElement(span, "span", {"class": "ref__unsure"}).text = references.unsure
    return span


# --- Our marks as an extension ----------------------------------------------------------------------------------


class Marks(Extension):
    """Our marks instead of Markdown's.

    Inline marks are found in the order of the table: a mark may contain those below it, not those above.
    """

    def __init__(self, references: References, link: Link, when: When, elsewhere: str) -> None:
        super().__init__()
        self._link, self._elsewhere = link, elsewhere
        self._inline: tuple[tuple[re.Pattern[str], Make], ...] = (
            (DIAL, lambda m: AtomicString(m[0])),
            (CITE, lambda m: reference(references, cited_ids(m))),
            (VALUE, lambda m: _value(references, m["id"])),
            (
                WHEN,
                lambda m: _element(
                    "span", AtomicString(when(m["id"])), {"class": "when", "data-when": m["id"]}
                ),
            ),
            (OURS, lambda m: _element("span", m["text"], {"class": "ours"})),
            (FOREIGN, lambda m: _element("span", m["text"], {"lang": m["lang"]})),
            (LINK, _link_element),
            (BOLD, lambda m: _element("strong", m["text"])),
            (SLANTED, lambda m: _element("em", m["text"])),
        )

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802  # the framework's name
        for registry, names in (
            (md.preprocessors, ("html_block",)),
            (md.parser.blockprocessors, ("code", "quote", "setextheader", "hr", "reference")),
            (md.treeprocessors, ("unescape",)),
        ):
            for name in names:
                registry.deregister(name)
        md.inlinePatterns = md.treeprocessors["inline"].inlinePatterns = Registry()
        for at, (pattern, make) in enumerate(self._inline):
            md.inlinePatterns.register(_Mark(pattern, make, md), f"mark-{at}", len(self._inline) - at)
        md.preprocessors.register(_Indent(md), "indent", 25)
        for step in (_Steps(md), _Ids(md), _Cells(md), _Links(md, self._link, self._elsewhere)):
            md.treeprocessors.register(step, type(step).__name__, 12)  # after inline (20)


class _Mark(InlineProcessor):
    """A mark of syntax.py, and the function that makes an element of it."""

    def __init__(self, pattern: re.Pattern[str], make: Make, md: markdown.Markdown) -> None:
        super().__init__(pattern.pattern, md)
        self._make = make

    def handleMatch(self, m, data):  # noqa: N802
        return self._make(m), m.start(0), m.end(0)


def _element(tag: str, text: str, attributes: dict[str, str] | None = None) -> etree.Element:
    """Return an element with text, which may contain other marks."""
    element = etree.Element(tag, attributes or {})
    element.text = text
    return element


def _value(references: References, id: str) -> etree.Element:
    """Return the value of a fact with its reference."""
    span = etree.Element("span", {"class": "fact"})
    if id in references.facts:
        span.append(value_link(references.facts[id].value))
    span.append(reference(references, [id]))
    return span


def _link_element(match: re.Match[str]) -> etree.Element:
    """Return a link or a picture, with the target as it was typed; _Links replaces it."""
    if match["image"]:
        return etree.Element("img", {"alt": match["text"], "src": match["href"]})
    return _element("a", match["text"], {"href": match["href"]})


class _Indent(Preprocessor):
    """Indent what is below an item as Markdown needs it: four spaces a level, a blank line between kinds of blocks.

    People type two spaces under `- ` and three under `1. `. A line belongs to the innermost item that begins to its left.
    """

    def run(self, lines: list[str]) -> list[str]:
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
            kinds = {"step": STEP.match(text), "item": ITEM.match(text), "row": text[0] == "|", "text": True}
            kind = next(name for name, matches in kinds.items() if matches)
            here = (len(items), kind)
            if out and out[-1] and self._parted(above, here):
                out.append("")
            out.append("    " * len(items) + text)
            if kind in ("item", "step"):
                items.append(column)
            above = here
        return out

    @staticmethod
    def _parted(above: tuple[int, str], here: tuple[int, str]) -> bool:
        """Tell whether a blank line is needed between two lines, given the depth and kind of each."""
        listed = ("item", "step")
        if above[0] == here[0] == 0:
            return False  # the linter requires it in the text
        if above[1] in listed and here[1] in listed:
            return above[1] == "step" and here[0] > above[0]
        return above != here


class _Steps(Treeprocessor):
    """Move the id and the options of a step from its text to attributes of the list item."""

    MARK = re.compile(r"\s*\{#([a-z0-9-]+)((?:\s+\w+=\w+)*)\s*\}\s*$")

    def run(self, root: etree.Element) -> None:
        for item in root.iter("li"):
            line = item.find("p")
            if line is None:
                line = item
            last = line[-1] if len(line) else None
            found = self.MARK.search((last.tail if last is not None else line.text) or "")
            if not found or last is None:
                continue
            last.tail = self.MARK.sub("", last.tail or "")
            line.text = re.sub(r"^\[[ xX]?\]\s*", "", line.text or "")
            item.set("data-step", found[1])
            for option in found[2].split():
                key, _, value = option.partition("=")
                item.set(f"data-{key}", value)


class _Ids(Treeprocessor):
    """Move the id of a heading from its text to an attribute."""

    MARK = re.compile(r"\s+\{#([^}\s]+)\}\s*$")

    def run(self, root: etree.Element) -> None:
        for heading in (*root.iter("h2"), *root.iter("h3")):
            last, side = (heading[-1], "tail") if len(heading) else (heading, "text")
            found = self.MARK.search(getattr(last, side) or "")
            if found:
                setattr(last, side, self.MARK.sub("", getattr(last, side)))
                heading.set("id", found[1])


class _Cells(Treeprocessor):
    """Align cells by a class: the security policy of our pages allows no style attributes."""

    def run(self, root: etree.Element) -> None:
        for cell in root.iter():
            side = re.fullmatch(r"text-align: (\w+);", cell.attrib.pop("style", ""))
            if side:
                cell.set("class", f"align-{side[1]}")


class _Links(Treeprocessor):
    """Replace the targets of links, which are files, by addresses on the site, and mark links out of the edition."""

    def __init__(self, md: markdown.Markdown, link: Link, elsewhere: str) -> None:
        super().__init__(md)
        self._link, self._elsewhere = link, elsewhere

    def run(self, root: etree.Element) -> None:
        for element in root.iter():
            for attribute in ("href", "src"):
                target = element.get(attribute)
                if target and not element.get("class"):  # those with a class are made by this module
                    element.set(attribute, self._link(target))
                    if self._elsewhere and self._link(target).startswith("../../"):
                        element.tail = f" {self._elsewhere}{element.tail or ''}"
