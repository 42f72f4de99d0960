"""Turn checked drafts into the model.

In: a Draft that passed the linter, the Data it cites, the address of every other file.
Out: a Guide or a Text. The parser reads the converted HTML, which is what the web shows;
a Markdown tree still holds placeholders where the reader sees quotes and entities.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as etree
from collections.abc import Hashable, Iterable
from datetime import date
from itertools import chain

from markupsafe import Markup

from ..cache.memoize import remembered
from ..model import PHASES, Guide, Section, Step, Text, compared_topics
from ..text import tree
from .data import Data
from .markdown import Link
from .markup import Converter, inner, text_of
from .printed import printed_texts
from .syntax import LINK, Draft

DEFAULT_LANGUAGE = "zh-Hans"


def _input(draft: Draft, data: Data, link: Link, shared: dict[str, Draft] | None = None) -> Hashable:
    """Return what names the input of the two functions below: where links lead depends on other files."""
    parts = (shared or {}).values()
    lines = chain(draft.front.values(), draft.body, *(part.body for part in parts))
    targets = (link(match["href"]) for line in lines for match in LINK.finditer(line))
    return (draft.written, data.digest, *targets, *(part.written for part in parts))


@remembered(_input, stored=True)
def parse_text(draft: Draft, data: Data, link: Link) -> Text:
    """Return a page or post."""
    converter = Converter(data.facts, link, data.when)
    body = converter.blocks("\n".join(draft.body))
    converter.references.number(body)
    return Text(
        path=str(draft.path),
        slug=draft.front["slug"],
        lang=draft.front.get("lang", DEFAULT_LANGUAGE),
        title=draft.front["title"],
        summary=draft.front["summary"],
        day=date.fromisoformat(draft.front.get("date") or draft.front["updated"]),
        aliases=tuple(draft.front.get("aliases", "").split()),
        html=inner(body),
        citations=tuple(converter.references.cited),
        diagrams=tuple(draft.front.get("diagram", "").split()),
    )


@remembered(_input, stored=True)
def parse_guide(draft: Draft, data: Data, link: Link, shared: dict[str, Draft]) -> Guide:
    """Return a guide; sections whose text all guides share come from `shared`, by section id."""
    front = draft.front
    converter = Converter(data.facts, link, data.when)
    body = converter.blocks("\n".join(_with_shared(draft, shared)))
    lines = draft.anchors()
    for part in shared.values():
        lines |= part.anchors()
    cards = _ids(front.get("cards", "").split())
    # The order of the page: the answer, what it takes and costs, then the rest.
    opening, rest = _halves(body)
    for element in opening:
        converter.references.number(element)
    takes, costs = converter.inline(front["takes"]), converter.inline(front["costs"])
    for element in rest:
        converter.references.number(element)
    sections = tuple(_sections(body, lines))
    answer = next(section for section in sections if section.id == "answer")
    first = _fragment(answer.intro)[0]
    return Guide(
        path=str(draft.path),
        slug=front["slug"],
        lang=front.get("lang", DEFAULT_LANGUAGE),
        title=front["title"],
        sheet_title=front["sheet"],
        name=front["name"],
        home=converter.inline(front["home"]),
        card=converter.inline(front["card"]),
        updated=date.fromisoformat(front["updated"]),
        order=int(front["order"]),
        who=converter.inline(front["who"]),
        start=converter.inline(front["start"]),
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
        printed=tuple(text for part in (draft, *shared.values()) for text in printed_texts(part, data)),
        diagrams=tuple(front.get("diagram", "").split()),
    )


def _ids(found: Iterable[str]) -> tuple[str, ...]:
    """Return ids in order, each once; guides that name the same hold it together."""
    return tuple(dict.fromkeys(map(sys.intern, found)))


def _halves(body: etree.Element) -> tuple[list[etree.Element], list[etree.Element]]:
    """Return the blocks of the first section, and those of all others."""
    starts = [n for n, block in enumerate(body) if block.tag == "h2"]
    end = starts[1] if len(starts) > 1 else len(body)
    return list(body)[:end], list(body)[end:]


def _compared(cards: tuple[str, ...], data: Data) -> Iterable[str]:
    """Yield the facts that the guide's table of operators rests on: the first sure one of each topic."""
    for operator in data.operators_for(cards):
        for topic in compared_topics(cards):
            yield from (fact.id for fact in data.sure(getattr(operator, topic))[:1])


def _with_shared(draft: Draft, shared: dict[str, Draft]) -> Iterable[str]:
    """Yield the guide's lines, each shared text at the end of its section."""
    pending: tuple[str, ...] = ()
    for line in draft.body:
        if line.startswith("## "):
            yield from pending
            id = next((id for id in shared if f"{{#{id}}}" in line), "")
            pending = ("", *shared[id].body, "") if id else ()
        yield line
    yield from pending


def _fragment(html: Markup) -> etree.Element:
    """Return block HTML of our own making as a tree again."""
    return tree(str(html))


def _sections(body: etree.Element, lines: dict[str, int]) -> Iterable[Section]:
    """Split the article at its h2."""
    heading, blocks = None, []
    for element in (*body, etree.Element("h2")):
        if element.tag != "h2":
            blocks.append(element)
            continue
        if heading is not None:
            yield _section(heading, blocks, lines)
        heading, blocks = element, []


def _section(heading: etree.Element, blocks: list[etree.Element], lines: dict[str, int]) -> Section:
    """Split one section into what stands before, in and after its list of steps."""
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
        steps=tuple(_step(item, lines) for item in steps),
        rest=_html(blocks[at + 1 :]),
        line=lines.get(id, 0),
    )


def _mark_days(blocks: Iterable[etree.Element]) -> None:
    """Make the date that each change begins with a <time>."""
    for item in (item for block in blocks for item in block.iter("li")):
        day, mark, rest = (item.text or "").partition("：")
        time = etree.Element("time")
        time.text, time.tail, item.text = day, mark + rest, ""
        item.insert(0, time)


def _is_steps(block: etree.Element) -> bool:
    """Tell whether a list is one of steps."""
    return block.tag in ("ul", "ol") and block.find("li[@data-step]") is not None


def _html(blocks: Iterable[etree.Element]) -> Markup:
    """Return blocks as HTML, one after the other."""
    parts = []
    for block in blocks:
        block.tail = "\n"
        parts.append(etree.tostring(block, encoding="unicode", method="html"))
    return Markup("".join(parts).strip())


def _step(item: etree.Element, lines: dict[str, int]) -> Step:
    """Return one step of a list."""
    line = item.find("p")
    blocks = [child for child in item if child.tag in ("p", "ul", "ol", "table")]
    explanation = [block for block in blocks if block is not line]
    head = line if line is not None else item
    lead, note = head.find("strong"), head.find("em")
    return Step(
        id=item.get("data-step", ""),
        lead=inner(lead) if lead is not None else Markup(),
        note=inner(note) if note is not None else Markup(),
        note_optional=item.get("data-note") == "optional",
        body=_html(explanation),
        on_sheet=item.get("data-sheet") != "no",
        facts=tuple(_facts(item)),
        line=lines.get(item.get("data-step", ""), 0),
    )


def _facts(element: etree.Element) -> Iterable[str]:
    """Return the ids of the facts cited in an element, in order, each once."""
    return dict.fromkeys(link.get("data-fact", "") for link in element.iter("a") if link.get("data-fact"))
