"""Our marks on top of Markdown, as one extension of Python-Markdown.

In: text with the marks of grammar.py. Out: elements that carry what they mean: `data-step`, `data-fact`,
`lang`. Raw HTML is not passed through: it comes out as the text it is.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable
from urllib.parse import urlsplit

import markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from ..model import Fact
from .syntax import CITE, FOREIGN, OURS, PHONE, VALUE, WHEN, cited_ids

When = Callable[[str], str]
"""Turns the id of a milestone into words: 起飞前 30 天."""

Link = Callable[[str], str]
"""Turns the target a writer typed (`../pages/lost.md#block`) into the address on the site."""


class References:
    """The facts an article cites, numbered in the order a reader meets them.

    Markdown converts blocks before the cells and items inside them, so numbers are given afterwards.
    """

    def __init__(self, facts: dict[str, Fact]) -> None:
        self.facts = facts
        self.cited: dict[str, int] = {}

    def number(self, element: etree.Element) -> None:
        """Number the references in a finished element."""
        for link in element.iter("a"):
            id = link.get("data-fact")
            if id:
                link.text = f"[{self.cited.setdefault(id, len(self.cited) + 1)}]"


class Marks(Extension):
    """Our marks on top of Markdown.

    | what          | where            | name       | priority |
    | ------------- | ---------------- | ---------- | -------- |
    | _Indent       | preprocessors    | indent     | 25       |
    | _Cite         | inlinePatterns   | cite       | 178      |
    | _Value        | inlinePatterns   | value      | 177      |
    | _Foreign      | inlinePatterns   | foreign    | 176      |
    | _WhenMark     | inlinePatterns   | when       | 175      |
    | _Steps        | treeprocessors   | steps      | 12: after inline (20) |
    | _Ids          | treeprocessors   | ids        | 12       |
    | _Links        | treeprocessors   | links      | 11       |

    What Markdown has beyond these is switched off: raw HTML, bare addresses, links by reference. Nor is its
    attr_list used: it would let a text set any attribute, onclick among them.
    """

    def __init__(self, references: References, link: Link, when: When) -> None:
        super().__init__()
        self._references = references
        self._link = link
        self._when = when

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802, the framework's name
        for registry, name in (
            (md.preprocessors, "html_block"),
            (md.parser.blockprocessors, "reference"),
            (md.inlinePatterns, "html"),
            (md.inlinePatterns, "autolink"),
            (md.inlinePatterns, "automail"),
            (md.inlinePatterns, "reference"),
            (md.inlinePatterns, "image_reference"),
            (md.inlinePatterns, "short_reference"),
            (md.inlinePatterns, "short_image_ref"),
        ):
            registry.deregister(name)
        md.preprocessors.register(_Indent(md), "indent", 25)
        md.inlinePatterns.register(_Cite(CITE.pattern, md, self._references), "cite", 178)
        md.inlinePatterns.register(_Value(VALUE.pattern, md, self._references), "value", 177)
        md.inlinePatterns.register(_Foreign(FOREIGN.pattern, md), "foreign", 176)
        md.inlinePatterns.register(_Ours(OURS.pattern, md), "ours", 176)
        md.inlinePatterns.register(_WhenMark(WHEN.pattern, md, self._when), "when", 175)
        md.treeprocessors.register(_Steps(md), "steps", 12)
        md.treeprocessors.register(_Ids(md), "ids", 12)
        md.treeprocessors.register(_Links(md, self._link), "links", 11)


class _Indent(Preprocessor):
    """Set what follows an item two spaces in as paragraphs of that item.

    Markdown wants four spaces and a blank line before and after; two spaces under `- ` are what people type.
    """

    def run(self, lines: list[str]) -> list[str]:
        out: list[str] = []
        for line in lines:
            above = out[-1] if out else ""
            indented = line.startswith(" ") and bool(line.strip())
            begins = indented and re.match(r"(?:- |\d+\. )", above)
            ends = not indented and line.strip() and above.startswith(" ")
            if begins or ends:
                out.append("")
            out.append(f"    {line.strip()}" if indented else line)
        return out


class _Cite(InlineProcessor):
    """`[@a; @b]`: references to facts, with 未核实 beside unsure ones."""

    def __init__(self, pattern: str, md: markdown.Markdown, references: References) -> None:
        super().__init__(pattern, md)
        self._references = references

    def handleMatch(self, m, data):  # noqa: N802
        return reference(self._references, cited_ids(m)), m.start(0), m.end(0)


class _Value(_Cite):
    """`[=id]`: the value of a fact with its reference; phone numbers and mail addresses are links."""

    def handleMatch(self, m, data):  # noqa: N802
        fact = self._references.facts.get(m["id"])
        whole = etree.Element("span", {"class": "fact"})
        if fact:
            whole.append(value_link(fact.value))
        whole.append(reference(self._references, [m["id"]]))
        return whole, m.start(0), m.end(0)


class _Foreign(InlineProcessor):
    """`[résilier]{fr}`: a phrase in another language."""

    def handleMatch(self, m, data):  # noqa: N802
        span = etree.Element("span", {"lang": m["lang"]})
        span.text = m["text"]
        return span, m.start(0), m.end(0)


class _Ours(InlineProcessor):
    """`[约 20 分钟]{ours}`: our own advice or estimate; it reads as plain text."""

    def handleMatch(self, m, data):  # noqa: N802
        span = etree.Element("span", {"class": "ours"})
        span.text = m["text"]
        return span, m.start(0), m.end(0)


class _WhenMark(InlineProcessor):
    """`[~submit]`: a day of the timetable in words; `data-when` lets a script put the reader's own date there."""

    def __init__(self, pattern: str, md: markdown.Markdown, when: When) -> None:
        super().__init__(pattern, md)
        self._when = when

    def handleMatch(self, m, data):  # noqa: N802
        span = etree.Element("span", {"class": "when", "data-when": m["id"]})
        span.text = self._when(m["id"])
        return span, m.start(0), m.end(0)


def reference(references: References, ids: list[str]) -> etree.Element:
    """Return `<span class="ref">` with one numbered link per fact to the list of sources."""
    whole = etree.Element("span", {"class": "ref"})
    for id in ids:
        etree.SubElement(whole, "a", {"href": f"#source-{id}", "class": "ref__link", "data-fact": id})
        fact = references.facts.get(id)
        if fact and fact.confidence == "low":
            unsure = etree.SubElement(whole, "span", {"class": "ref__unsure"})
            unsure.text = "未核实"
    return whole


def value_link(value: str) -> etree.Element:
    """Return a value as an element that does not break, linked where a tap should act."""
    if PHONE.fullmatch(value):
        element = etree.Element("a", {"href": f"tel:{value.replace(' ', '')}", "class": "fact__value"})
    elif re.fullmatch(r"[\w.+-]+@[\w-]+\.[\w.]+", value):
        element = etree.Element("a", {"href": f"mailto:{value}", "class": "fact__value"})
    elif re.fullmatch(r"https?://\S+", value):
        element = etree.Element("a", {"href": value, "rel": "noreferrer", "class": "fact__value"})
        value = urlsplit(value).netloc  # the whole address is a hundred letters that nobody types
    elif re.fullmatch(r"[\d ]+", value):  # a short code or a number for inside the country: no link
        element = etree.Element("span", {"class": "fact__value fact__value--number"})
    else:
        return _value_text(value)
    element.text = value
    return element


def _value_text(value: str) -> etree.Element:
    """Return a value that is words; foreign ones are marked as in running text."""
    element = etree.Element("span", {"class": "fact__value"})
    end = 0
    for match in FOREIGN.finditer(value):
        _append(element, value[end : match.start()])
        word = etree.SubElement(element, "span", {"lang": match["lang"]})
        word.text, end = match["text"], match.end()
    _append(element, value[end:])
    return element


def _append(element: etree.Element, text: str) -> None:
    """Add text at the end of an element."""
    if len(element):
        element[-1].tail = text
    else:
        element.text = text


class _Steps(Treeprocessor):
    """Give each list item that is a step its id and options, and take the marks off the text."""

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
            last.tail = self.MARK.sub("", last.tail)
            line.text = re.sub(r"^\[[ xX]?\]\s*", "", line.text or "")
            item.set("data-step", found[1])
            for option in found[2].split():
                key, _, value = option.partition("=")
                item.set(f"data-{key}", value)


class _Ids(Treeprocessor):
    """Give each heading its id and take the mark off the text."""

    MARK = re.compile(r"\s+\{#([^}\s]+)\}\s*$")

    def run(self, root: etree.Element) -> None:
        for heading in root.iter():
            if heading.tag not in ("h2", "h3"):
                continue
            last, side = (heading[-1], "tail") if len(heading) else (heading, "text")
            found = self.MARK.search(getattr(last, side) or "")
            if found:
                setattr(last, side, self.MARK.sub("", getattr(last, side)))
                heading.set("id", found[1])


class _Links(Treeprocessor):
    """Point the writers' links at the pages they become."""

    def __init__(self, md: markdown.Markdown, link: Link) -> None:
        super().__init__(md)
        self._link = link

    def run(self, root: etree.Element) -> None:
        for element in root.iter():
            for attribute in ("href", "src"):
                target = element.get(attribute, "")
                ours = element.tag in ("a", "img") and element.get("class", "")
                if target and not ours:
                    element.set(attribute, self._link(target))
