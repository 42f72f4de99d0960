"""Rules about the build of a guide: its sections and its steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ..data import Data
from ..grammar import CITE, HEADING, LEAD, OPTIONS, SLUG, STEP, VALUE, Draft, cited_ids, width
from ..model import PHASES, SECTION_IDS

REQUIRED = ("answer", "before", "submit", "after", "bring", "say", "complain")
TICKED = (*PHASES, "bring")
ON_PAPER = ("card", "who", "start")
"""Front matter that the sheet prints."""

MAX_LEAD = 26
"""Han characters of a lead: one line of the sheet at 11 pt with its tick box."""
MAX_NOTE = 30
"""Han characters of a note: one line of the sheet."""
MAX_ANSWER = 80
"""Han characters of the answer: two lines beside the QR code."""
STEPS = (3, 10)
"""Fewest and most steps of a pause point: USWDS process list."""
PRINTED = (3, 7)
"""Fewest and most steps of a pause point on paper: Gawande and Boorman's checklist for checklists."""


def _sections(draft: Draft) -> Iterator[tuple[int, str, list[tuple[int, str]]]]:
    """Yield (line, id, lines) of each h2."""
    current: tuple[int, str, list[tuple[int, str]]] | None = None
    for number, line in draft.numbered:
        match = HEADING.match(line)
        if match and match["marks"] == "##":
            if current:
                yield current
            current = number, match["id"] or "", []
        elif current:
            current[2].append((number, line))
    if current:
        yield current


def headings_have_ids(draft: Draft, data: Data) -> Iterator[tuple[int, str]]:
    """Every heading is h2 or h3 with an explicit id, and no id stands twice in a file."""
    lines_of: dict[str, int] = {}
    for number, line in draft.numbered:
        heading, step = HEADING.match(line), STEP.match(line)
        if heading:
            if heading["marks"] not in ("##", "###"):
                yield number, "Only ## and ### are used for headings. The title is in the front matter."
            if not heading["id"]:
                yield number, "The heading has no id. End the line with {#an-id}."
        id = (heading or step or {"id": None})["id"]
        if not id:
            continue
        if not SLUG.fullmatch(id):
            yield number, f"`{id}` is no id. Use lower-case letters, digits and hyphens."
        if id in lines_of:
            yield number, f"The id `{id}` stands already on line {lines_of[id]}. Choose another."
        lines_of.setdefault(id, number)


def sections_in_order(draft: Draft, data: Data) -> Iterator[tuple[int, str]]:
    """A guide has the sections of the model, in their order, each once."""
    found = [(line, id) for line, id, _ in _sections(draft)]
    for id in REQUIRED:
        if id not in [one for _, one in found]:
            yield draft.offset, f"The section `{id}` is missing. Add `## … {{#{id}}}`."
    for line, id in found:
        if id and id not in SECTION_IDS:
            yield line, f"`{id}` is no section. Use one of: {', '.join(SECTION_IDS)}."
    known = [(line, id) for line, id in found if id in SECTION_IDS]
    for (_, before), (line, after) in pairwise(known):
        if SECTION_IDS.index(before) > SECTION_IDS.index(after):
            yield line, f"`{after}` must stand before `{before}`. Order: {' '.join(SECTION_IDS)}."


def steps_are_whole(draft: Draft, data: Data) -> Iterator[tuple[int, str]]:
    """A step is one line: box, bold lead, slanted note if any, id; its options are known."""
    for number, line in draft.numbered:
        match = STEP.match(line)
        if not match:
            if re.match(r"\s*[-*+] ?\[", line):
                yield number, "This is almost a step. Write `- [ ] **lead** {#an-id}`."
            continue
        if not match["id"]:
            yield number, "The step has no id. End the line with {#an-id}."
        if not LEAD.fullmatch(match["text"].strip()):
            yield number, "The step has no bold lead. Write `**what to do。**`, then a *note* if any."
        for option in (match["options"] or "").split():
            key, _, value = option.partition("=")
            if OPTIONS.get(key) != value:
                yield number, f"`{option}` is no option of a step. Use note=optional or sheet=no."


def steps_stand_in_phases(draft: Draft, data: Data) -> Iterator[tuple[int, str]]:
    """Tick boxes stand only in before, submit, after and bring."""
    for _, id, lines in _sections(draft):
        for number, line in lines:
            if line.startswith("- [") and STEP.match(line) and id not in TICKED:
                yield number, f"A tick box stands in `{id}`. Move it to {', '.join(TICKED)}."


def steps_before_channels(draft: Draft, data: Data) -> Iterator[tuple[int, str]]:
    """In a section the steps come first, then the h3 parts."""
    for _, _, lines in _sections(draft):
        part = 0
        for number, line in lines:
            if line.startswith("###"):
                part = part or number
            elif part and line.startswith("- [") and STEP.match(line):
                yield number, f"The step stands below the part on line {part}. Move it above."


def number_of_steps(draft: Draft, data: Data) -> Iterator[tuple[int, str]]:
    """A pause point has 3 to 10 steps, 3 to 7 of them on paper."""
    for line, id, lines in _sections(draft):
        if id not in TICKED:
            continue
        steps = [match for _, text in lines if (match := STEP.match(text)) and text.startswith("- [")]
        printed = [step for step in steps if "sheet=no" not in (step["options"] or "")]
        if not STEPS[0] <= len(steps) <= STEPS[1]:
            yield line, f"`{id}` has {len(steps)} steps. It needs {STEPS[0]} to {STEPS[1]}."
        if not PRINTED[0] <= len(printed) <= PRINTED[1]:
            yield (
                line,
                f"`{id}` prints {len(printed)} steps; paper takes {PRINTED[0]} to {PRINTED[1]}. "
                "Mark the least urgent with sheet=no.",
            )


def length_of_leads(draft: Draft, data: Data) -> Iterator[tuple[int, str]]:
    """A lead has at most 26 Han characters, a note 30 and no full stop."""
    for number, line in draft.numbered:
        step = STEP.match(line)
        lead = step and LEAD.fullmatch(step["text"].strip())
        if not lead:
            continue
        if width(lead["lead"]) > MAX_LEAD:
            yield number, f"The lead is longer than {MAX_LEAD} Han characters. Move the rest below it."
        if lead["note"] and width(lead["note"]) > MAX_NOTE:
            yield number, f"The note is longer than {MAX_NOTE} Han characters. Move the rest below it."
        if lead["note"] and lead["note"].endswith("。"):
            yield number, "The note ends with a full stop. Notes have none."


def answer_is_short(draft: Draft, data: Data) -> Iterator[tuple[int, str]]:
    """The answer starts with a bold sentence and fits two lines of the sheet."""
    for line, id, lines in _sections(draft):
        if id != "answer":
            continue
        first = next(((n, text) for n, text in lines if text.strip()), (line, ""))
        if not first[1].startswith("**"):
            yield first[0], "The answer has no bold sentence. Start its first paragraph with **…**."
        if width(first[1]) > MAX_ANSWER:
            yield first[0], f"The answer is longer than {MAX_ANSWER} Han characters. Start a new paragraph."


def paper_is_certain(draft: Draft, data: Data) -> Iterator[tuple[int, str]]:
    """What is printed, that is the answer, leads and notes, rests on no fact of low confidence."""
    answer = next((lines for _, id, lines in _sections(draft) if id == "answer"), [])
    printed = [(number, line) for number, line in draft.numbered if STEP.match(line)]
    printed += [(number, line) for number, line in answer if line.strip()][:1]
    printed += [(draft.front_lines[key], draft.front[key]) for key in ON_PAPER if key in draft.front]
    for number, line in printed:
        cited = [id for match in CITE.finditer(line) for id in cited_ids(match)]
        cited += [match["id"] for match in VALUE.finditer(line)]
        for id in dict.fromkeys(cited):
            if id in data.facts and data.facts[id].confidence == "low":
                yield number, f"The sheet prints this, and `{id}` is unsure. Say it further down."
