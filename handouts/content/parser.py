"""Turn checked drafts into the model.

In: a Draft that passed the linter, the Data it cites, and a function that returns the address of a linked file.
Out: a Guide or a Text, made from the one element tree of the converter.
"""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Hashable, Iterable
from datetime import date
from itertools import chain, pairwise

from markupsafe import Markup

from ..cache.memoize import remembered
from ..model import PHASES, Guide, Section, Step, Text, compared_topics
from .data import Data
from .html import inner, text_of
from .markdown import Converter, Link
from .printed import printed_texts
from .syntax import ANCHOR, LINK, STEP, Draft, section_id

DATE_LENGTH = len("2026-11-20")
"""Characters of the date at the start of a change."""


def _converter(data: Data, link: Link) -> Converter:
    """Return a converter for one article."""
    elsewhere = data.ui.get("nav", {}).get("elsewhere", "") if data.language.written else ""
    return Converter(
        data.facts,
        link,
        data.when,
        data.unsure,
        joins_lines=data.language.joins_lines,
        elsewhere=elsewhere,
    )


def _input(draft: Draft, data: Data, link: Link) -> Hashable:
    """Return a key for the arguments of parse_text and parse_guide; the addresses of links depend on other files."""
    lines = chain(draft.front.values(), draft.body, *(part.body for part in draft.shared))
    targets = (link(match["href"]) for line in lines for match in LINK.finditer(line))
    return (draft.written, data.digest, *targets)


@remembered(_input, stored=True)
def parse_text(draft: Draft, data: Data, link: Link) -> Text:
    """Return a page or post."""
    converter = _converter(data, link)
    body = converter.blocks("\n".join(draft.body))
    converter.references.number(body)
    return Text(
        path=str(draft.path),
        slug=draft.front["slug"],
        lang=data.language.code,
        title=draft.front["title"],
        summary=draft.front["summary"],
        day=date.fromisoformat(draft.front.get("date") or draft.front["updated"]),
        aliases=tuple(draft.front.get("aliases", "").split()),
        html=inner(body),
        citations=tuple(converter.references.cited),
        diagrams=tuple(draft.front.get("diagram", "").split()),
    )


@remembered(_input, stored=True)
def parse_guide(draft: Draft, data: Data, link: Link) -> Guide:
    """Return a guide, with the texts that it shares with others."""
    front = draft.front
    converter = _converter(data, link)
    body = converter.blocks("\n".join(_with_shared(draft)))
    lines = draft.anchors()
    for part in draft.shared:
        lines |= part.anchors()
    cards = _ids(front.get("cards", "").split())
    # References are numbered in the order of the page: the answer, what it takes and costs, the rest.
    opening, rest = _halves(body)
    for element in opening:
        converter.references.number(element)
    takes, costs = (inner(converter.paragraph(front[key])) for key in ("takes", "costs"))
    for element in rest:
        converter.references.number(element)
    inline = {key: converter.paragraph(front[key]) for key in ("home", "card", "who", "start")}
    first = opening[1]
    sections = tuple(_sections(body, lines, data))
    return Guide(
        path=str(draft.path),
        slug=front["slug"],
        lang=data.language.code,
        title=front["title"],
        sheet_title=front["sheet"],
        name=front["name"],
        home=inner(inline["home"]),
        card=inner(inline["card"]),
        updated=date.fromisoformat(front["updated"]),
        order=int(front["order"]),
        who=inner(inline["who"]),
        start=inner(inline["start"]),
        takes=takes,
        costs=costs,
        cards=cards,
        phrases=_ids(front["phrases"].split()),
        fields=_ids(front["fields"].split()),
        aliases=tuple(front["aliases"].split()),
        answer=inner(first),
        description=text_of(first).strip(),
        sections=sections,
        citations=_ids((*converter.references.cited, *_compared(cards, data))),
        printed=tuple(text for part in (draft, *draft.shared) for text in printed_texts(part, data)),
        diagrams=tuple(front.get("diagram", "").split()),
    )


def _ids(found: Iterable[str]) -> tuple[str, ...]:
    """Return ids in order, each once."""
    return tuple(dict.fromkeys(found))


def _halves(body: etree.Element) -> tuple[list[etree.Element], list[etree.Element]]:
    """Return the blocks of the first section, and those of all others."""
    starts = [n for n, block in enumerate(body) if block.tag == "h2"]
    end = starts[1] if len(starts) > 1 else len(body)
    return list(body)[:end], list(body)[end:]


def _compared(cards: tuple[str, ...], data: Data) -> Iterable[str]:
    """Yield the facts of the guide's table of operators: the first sure one of each topic."""
    for operator in data.operators_for(cards):
        for topic in compared_topics(cards):
            yield from (fact.id for fact in data.sure(getattr(operator, topic))[:1])


def _with_shared(draft: Draft) -> Iterable[str]:
    """Yield the guide's lines with each shared part in its section: steps after the guide's steps, the rest at the end."""
    shared: dict[str, list[str]] = {}
    for part in draft.shared:
        for id, numbered in part.parts().items():
            shared.setdefault(id, []).extend(("", *(line for _, line in numbered)))
    heading = ""
    lines: list[str] = []
    for line in (*draft.body, "## "):
        if line.startswith("## "):
            yield heading
            yield from _joined(lines, shared.pop(section_id(heading), []))
            heading, lines = line, []
        else:
            lines.append(line)


def _joined(lines: list[str], shared: list[str]) -> list[str]:
    """Return the lines of one section, with those of the shared files in place."""
    at = _end_of_steps(lines)
    steps = _end_of_steps(shared) if at else 0
    return [*lines[:at], *shared[:steps], *lines[at:], *shared[steps:], ""]


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


def _sections(body: etree.Element, lines: dict[str, int], data: Data) -> Iterable[Section]:
    """Split the article at its h2."""
    blocks = list(body)
    starts = [at for at, block in enumerate(blocks) if block.tag == "h2"]
    for start, end in pairwise([*starts, len(blocks)]):
        yield _section(blocks[start], blocks[start + 1 : end], lines, data)


def _section(
    heading: etree.Element, blocks: list[etree.Element], lines: dict[str, int], data: Data
) -> Section:
    """Return a section: its heading, and the blocks before, in and after its list of steps."""
    id = heading.get("id", "")
    last = heading[-1] if len(heading) else None
    hint = last if last is not None and last.tag == "em" and not (last.tail or "").strip() else None
    if hint is not None:
        heading.remove(hint)
    at = next((n for n, block in enumerate(blocks) if _is_steps(block)), len(blocks))
    steps = blocks[at] if at < len(blocks) else ()
    title = inner(heading)
    if id == "changes":
        _mark_days(blocks)
    if id in PHASES:
        title = Markup(title.removeprefix(PHASES[id]).strip())
    return Section(
        id=id,
        title=title,
        hint=inner(hint) if hint is not None else Markup(),
        intro=_html(blocks[:at]),
        steps=tuple(_step(item, lines, data) for item in steps),
        rest=_html(blocks[at + 1 :]),
        line=lines.get(id, 0),
    )


def _mark_days(blocks: Iterable[etree.Element]) -> None:
    """Put the date at the start of each change into a <time>."""
    for item in (item for block in blocks for item in block.iter("li")):
        text = item.text or ""
        time = etree.Element("time")
        time.text, time.tail, item.text = text[:DATE_LENGTH], text[DATE_LENGTH:], ""
        item.insert(0, time)


def _is_steps(block: etree.Element) -> bool:
    return block.tag in ("ul", "ol") and block.find("li[@data-step]") is not None


def _html(blocks: Iterable[etree.Element]) -> Markup:
    """Return blocks as HTML, one after the other."""
    parts = []
    for block in blocks:
        block.tail = "\n"
        parts.append(etree.tostring(block, encoding="unicode", method="html"))
    return Markup("".join(parts).strip())


def _step(item: etree.Element, lines: dict[str, int], data: Data) -> Step:
    """Return the step that an item of a list is."""
    line = item.find("p")
    head = line if line is not None else item
    lead, note = head.find("strong"), head.find("em")
    return Step(
        id=item.get("data-step", ""),
        lead=inner(lead) if lead is not None else Markup(),
        note=inner(note) if note is not None else Markup(),
        note_optional=item.get("data-note") == "optional",
        body=_html(block for block in item if block.tag in ("p", "ul", "ol", "table") and block is not line),
        on_sheet=item.get("data-sheet") != "no",
        facts=tuple(_facts(item, data)),
        line=lines.get(item.get("data-step", ""), 0),
    )


def _facts(element: etree.Element, data: Data) -> Iterable[str]:
    """Return the ids of the facts that an element cites, or that set a day it names, in order, each once."""
    found: list[str] = []
    for part in element.iter():
        fact, day = part.get("data-fact", ""), part.get("data-when", "")
        if fact:
            found.append(fact)
        elif day in data.timetable:
            found += data.timetable[day].facts
    return dict.fromkeys(found)
