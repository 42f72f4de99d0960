"""Turn checked drafts into the model.

In: a Draft that passed the linter, the Data it cites, and a function that returns the address of a linked file.
Out: a Guide or a Text, made from the one element tree of the converter.
"""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from itertools import chain, pairwise
from typing import Any

from markupsafe import Markup

from ..cache.memoize import memoize
from ..model import PHASES, Guide, Section, Step, Text, compared_topics
from .data import Data
from .draft import Draft, printed_texts
from .html import inner, outer, text_of
from .markdown import Converter, Link
from .syntax import ANCHOR, LINK, STEP


def _input(draft: Draft, data: Data, link: Link) -> Hashable:
    """Return a key for the arguments of parse_text and parse_guide; the addresses of links depend on other files."""
    lines = chain(draft.front.values(), draft.body, *(part.body for part in draft.shared))
    targets = (link(match["href"]) for line in lines for match in LINK.finditer(line))
    return (repr(draft), data.digest, *targets)


@memoize(_input, stored=True)
def parse_text(draft: Draft, data: Data, link: Link) -> Text:
    """Return a page or post."""
    front = draft.front
    converter = Converter(data, link)
    body = converter.blocks("\n".join(draft.body))
    converter.number(body)
    return Text(
        **_common(draft, data),
        summary=front["summary"],
        day=date.fromisoformat(front.get("date") or front["updated"]),
        html=inner(body),
        citations=tuple(converter.cited),
    )


@memoize(_input, stored=True)
def parse_guide(draft: Draft, data: Data, link: Link) -> Guide:
    """Return a guide, with the texts that it shares with others."""
    front, cards, common = draft.front, draft.words("cards"), _common(draft, data)
    converter = Converter(data, link)
    blocks = list(converter.blocks("\n".join(_with_shared(draft))))
    starts = [at for at, block in enumerate(blocks) if block.tag == "h2"]
    sections = [blocks[start:end] for start, end in pairwise([*starts, len(blocks)])]
    lines = draft.anchors()
    for part in draft.shared:
        lines |= part.anchors()
    # References are numbered in the order of the page: the answer, what it takes and costs, the rest.
    for block in sections[0]:
        converter.number(block)
    common |= {key: inner(converter.paragraph(front[key])) for key in ("takes", "costs")}
    for block in chain(*sections[1:]):
        converter.number(block)
    common |= {key: inner(converter.paragraph(front[key])) for key in ("home", "card", "who", "start")}
    answer = sections[0][1]
    return Guide(
        **common,
        sheet_title=front["sheet"],
        name=front["name"],
        updated=date.fromisoformat(front["updated"]),
        order=int(front["order"]),
        cards=cards,
        phrases=draft.words("phrases"),
        fields=draft.words("fields"),
        answer=inner(answer),
        description=text_of(answer).strip(),
        sections=tuple(_section(heading, below, lines, data) for heading, *below in sections),
        citations=tuple(dict.fromkeys([*converter.cited, *_compared(cards, data)])),
        printed=tuple(text for part in (draft, *draft.shared) for text in printed_texts(part, data)),
    )


def _common(draft: Draft, data: Data) -> dict[str, Any]:
    """Return the fields of every article that come from front matter."""
    return {
        "path": str(draft.path),
        "slug": draft.front["slug"],
        "lang": data.language.code,
        "title": draft.front["title"],
        "aliases": draft.words("aliases"),
        "diagrams": draft.words("diagram"),
    }


def _compared(cards: tuple[str, ...], data: Data) -> Iterator[str]:
    """Yield the facts of the guide's table of operators: the first sure one of each topic."""
    for operator in data.operators_for(cards):
        for topic in compared_topics(cards):
            yield from (fact.id for fact in data.sure(getattr(operator, topic))[:1])


def _with_shared(draft: Draft) -> Iterator[str]:
    """Yield the guide's lines with each shared part in its section: steps after the guide's steps, the rest at the end."""
    shared: dict[str, list[str]] = {}
    for part in draft.shared:
        for section in part.sections():
            shared.setdefault(section.id, []).extend(["", *(line for _, line in section.lines)])
    for section in draft.sections():
        lines, more = [line for _, line in section.lines], shared.pop(section.id, [])
        at = _end_of_steps(lines)
        steps = _end_of_steps(more) if at else 0
        yield from (section.heading, *lines[:at], *more[:steps], *lines[at:], *more[steps:], "")


def _end_of_steps(lines: list[str]) -> int:
    """Return after how many lines the first list of steps ends; 0 if there is none."""
    end, inside = 0, False
    for at, line in enumerate(lines, 1):
        if line.startswith("#"):
            break
        if line.strip() and not line.startswith(" "):
            inside = bool(STEP.match(line) and ANCHOR.search(line))
        if inside:
            end = at
    return end


def _section(
    heading: etree.Element, blocks: list[etree.Element], lines: dict[str, int], data: Data
) -> Section:
    """Return a section: its heading, and the blocks before, in and after its list of steps."""
    id = heading.get("id", "")
    hint = etree.Element("em")
    if len(heading) and heading[-1].tag == "em" and not (heading[-1].tail or "").strip():
        hint = heading[-1]
        heading.remove(hint)
    lists = (n for n, block in enumerate(blocks) if block.find("li[@data-step]") is not None)
    at = next(lists, len(blocks))
    if id == "changes":
        _mark_days(blocks)
    return Section(
        id=id,
        title=Markup(inner(heading).strip().removeprefix(f"{PHASES.get(id, '')} ")),
        hint=inner(hint),
        intro=_html(blocks[:at]),
        steps=tuple(_step(item, lines, data) for steps in blocks[at : at + 1] for item in steps),
        rest=_html(blocks[at + 1 :]),
        line=lines.get(id, 0),
    )


def _mark_days(blocks: Iterable[etree.Element]) -> None:
    """Put the date at the start of each change into a <time>."""
    length = len("2026-11-20")
    for item in (item for block in blocks for item in block.iter("li")):
        paragraph = item.find("p")  # if there is a blank line between two items
        line = item if paragraph is None else paragraph
        text = line.text or ""
        time = etree.Element("time")
        time.text, time.tail = text[:length], text[length:]
        item.text, item[:] = "", [time, *line]


def _html(blocks: Iterable[etree.Element]) -> Markup:
    """Return blocks as HTML, one after the other."""
    parts = []
    for block in blocks:
        block.tail = "\n"
        parts.append(outer(block))
    return Markup("".join(parts).strip())


def _step(item: etree.Element, lines: dict[str, int], data: Data) -> Step:
    """Return the step that an item of a list is."""
    line = item.find("p")
    head = item if line is None else line
    lead, note = head.find("strong"), head.find("em")
    id = item.get("data-step", "")
    return Step(
        id=id,
        lead=Markup() if lead is None else inner(lead),
        note=Markup() if note is None else inner(note),
        note_optional=item.get("data-note") == "optional",
        body=_html(block for block in item if block.tag in ("p", "ul", "ol", "table") and block is not line),
        on_sheet=item.get("data-sheet") != "no",
        facts=tuple(dict.fromkeys(_facts(item, data))),
        line=lines.get(id, 0),
    )


def _facts(element: etree.Element, data: Data) -> Iterator[str]:
    """Yield the ids of the facts that an element cites, or that set a day it names."""
    for part in element.iter():
        if "data-fact" in part.attrib:
            yield part.attrib["data-fact"]
        elif part.get("data-when") in data.timetable:
            yield from data.timetable[part.attrib["data-when"]].facts
