"""Rules about the structure of a guide: its sections and steps."""

from __future__ import annotations

import re
from itertools import chain, pairwise

from ...errors import Findings
from ...model import SECTION_IDS, TICKED
from .. import syntax
from ..data import Data
from ..draft import Draft, printed_texts
from ..syntax import is_day

REQUIRED = ("answer", "before", "submit", "after", "bring", "say", "complain", "changes")
RULE = re.compile(r"\s*([-=*_])(\s*\1)*\s*")
"""A line of one mark only; hyphens below a paragraph would make it a heading."""
CHANGE = re.compile(r"- (?P<day>\d{4}-\d\d-\d\d)：.+。")
"""A line that says what changed on a day, for people with an older sheet."""
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


def headings_have_ids(draft: Draft, data: Data) -> Findings:
    """Every heading is h2 or h3 and has an id; no id occurs twice in a file."""
    lines_of: dict[str, int] = {}
    elsewhere = {id: part.path for part in draft.shared for id in part.anchors()}
    for number, line in draft.numbered:
        heading, step = syntax.HEADING.match(line), syntax.STEP.match(line)
        if heading:
            if heading["marks"] not in ("##", "###"):
                yield number, "Only ## and ### are used for headings. The title is in the front matter."
            if not heading["id"]:
                yield number, "The heading has no id. End the line with {#an-id}."
            if not line.removeprefix(heading["marks"]).startswith(" "):
                yield number, "The heading needs a space behind its #. Write `## …`."
        elif line.lstrip().startswith("#"):
            yield number, "The heading is indented. Start it at the beginning of the line."
        elif RULE.fullmatch(line):
            yield number, "Markdown makes a heading or a rule of this line. Remove it, or write words."
        begin = heading or step
        id = begin["id"] if begin else None
        if not id:
            continue
        if not syntax.SLUG.fullmatch(id):
            yield number, f"`{id}` is not an id. Use lower-case letters, digits and hyphens."
        if id in lines_of:
            yield number, f"The id `{id}` is already on line {lines_of[id]}. Choose another."
        elif id in elsewhere:
            yield number, f"The id `{id}` is already in {elsewhere[id]}. Choose another."
        elif syntax.RESERVED_IDS.fullmatch(id):
            yield number, f"The id `{id}` is used by the pages themselves. Choose another."
        lines_of.setdefault(id, number)


def all_text_is_in_sections(draft: Draft, data: Data) -> Findings:
    """Nothing is above the first section of a guide."""
    above = next(draft.sections()).first_paragraph() if draft.kind == "guides" else []
    for number, _ in above[:1]:
        yield number, "Nothing shows what is above the first section. Move it below a heading."


def sections_in_order(draft: Draft, data: Data) -> Findings:
    """A guide has the sections of the model, in their order, each once."""
    sections = [section for section in draft.sections() if section.id]
    for id in REQUIRED:
        if all(section.id != id for section in sections):
            yield draft.offset, f"The section `{id}` is missing. Add `## … {{#{id}}}`."
    for section in sections:
        if section.id not in SECTION_IDS:
            yield section.line, f"`{section.id}` is not a section. Use one of: {', '.join(SECTION_IDS)}."
    known = [section for section in sections if section.id in SECTION_IDS]
    for before, after in pairwise(known):
        if SECTION_IDS.index(before.id) > SECTION_IDS.index(after.id):
            yield after.line, f"`{after.id}` must come before `{before.id}`. Order: {' '.join(SECTION_IDS)}."


def steps_are_complete(draft: Draft, data: Data) -> Findings:
    """A step is one line: box, bold lead, perhaps a note in italics, id, options."""
    for number, line in draft.numbered:
        match = syntax.STEP.match(line)
        if not match:
            if syntax.ALMOST_STEP.match(line):
                yield number, "This looks like a step. Write `- [ ] **lead** {#an-id}`."
            continue
        if not match["id"]:
            yield number, "The step has no id. End the line with {#an-id}."
        if not syntax.LEAD.fullmatch(syntax.without_dials(match["text"]).strip()):
            yield number, "The step has no bold lead. Write `**what to do。**`, then a *note* if any."
        for option in (match["options"] or "").split():
            if option not in syntax.OPTIONS:
                yield number, f"`{option}` is not an option of a step. Use note=optional or sheet=no."


def lists_hold_only_steps(draft: Draft, data: Data) -> Findings:
    """In a list of steps everything else is indented; plain items are in other lists."""
    above, in_steps = "", None
    for number, line in draft.numbered:
        step, item = bool(syntax.STEP.match(line)), bool(re.match(r"[-*+] ", line))
        if syntax.STEP.match(above) and re.match(r"[^\s#]", line) and not step and not item:
            yield number, "The line below the step is not indented. Indent it by two spaces."
        if item and in_steps is not None and step != in_steps:
            yield number, "A step and a plain item are in one list. Put a line of text between them."
        if re.match(r"\S", line):
            in_steps = step if item else None
        above = line


def no_tick_boxes(draft: Draft, data: Data) -> Findings:
    """Only guides have boxes to tick."""
    for number, line in draft.numbered:
        if syntax.ALMOST_STEP.match(line):
            yield number, "A tick box is outside a guide. Write a plain item, `- `."


def steps_come_first_in_phases(draft: Draft, data: Data) -> Findings:
    """Tick boxes are only in before, submit, after and bring, first and together; h3 parts and other text follow."""
    for section in draft.sections():
        for number, _ in section.boxes() if section.id not in ("", *TICKED) else ():
            yield number, f"A tick box is in `{section.id}`. Move it to {', '.join(TICKED)}."
        part, begun = 0, False
        for number, line in section.lines:
            step = line.startswith("- [") and syntax.STEP.match(line)
            if step and part:
                yield number, f"Line {part} separates this step from those above. Move it below the steps."
            elif line.startswith("###") or (begun and not step and re.match(r"\S", line)):
                part = part or number
            begun = begun or bool(step)


def number_of_steps(draft: Draft, data: Data) -> Findings:
    """A pause point has 3 to 10 steps, 3 to 7 of them on paper; shared steps count."""
    shared = [section for part in draft.shared for section in part.sections()]
    for section in (one for one in draft.sections() if one.id in TICKED):
        id = section.id
        boxes = chain(section.boxes(), *(one.boxes() for one in shared if one.id == id))
        on_sheet = ["sheet=no" not in (step["options"] or "").split() for _, step in boxes]
        steps, printed = len(on_sheet), sum(on_sheet)
        if not STEPS[0] <= steps <= STEPS[1]:
            yield section.line, f"`{id}` has {steps} steps. It needs {STEPS[0]} to {STEPS[1]}."
        elif not PRINTED[0] <= printed <= PRINTED[1]:
            less, more = "Mark the least urgent with sheet=no.", "Take sheet=no off the most urgent."
            advice = less if printed > PRINTED[1] else more
            text = f"`{id}` prints {printed} steps; the sheet allows {PRINTED[0]} to {PRINTED[1]}. {advice}"
            yield section.line, text


def length_of_leads(draft: Draft, data: Data) -> Findings:
    """A lead has at most 26 Han characters, a note 30 and no full stop."""
    for number, line in draft.numbered:
        step = syntax.STEP.match(line)
        lead = step and syntax.LEAD.fullmatch(syntax.without_dials(step["text"]).strip())
        if not lead:
            continue
        if syntax.width(lead["lead"]) > MAX_LEAD:
            yield number, f"The lead is longer than {MAX_LEAD} Han characters. Move the rest below it."
        if lead["note"] and syntax.width(lead["note"]) > MAX_NOTE:
            yield number, f"The note is longer than {MAX_NOTE} Han characters. Move the rest below it."
        if lead["note"] and lead["note"].endswith("。"):
            yield number, "The note ends with a full stop. Notes have none."


def answer_is_short(draft: Draft, data: Data) -> Findings:
    """The answer starts with a bold sentence and fits two lines of the sheet."""
    for section in draft.sections():
        if section.id == "answer":
            first = section.first_paragraph() or [(section.line, "")]
            start, answer = first[0][0], "".join(text for _, text in first)
            if not re.match(r"\*\*[^*]+\*\*", answer):
                yield start, "The answer has no bold sentence. Start its first paragraph with **…**."
            if syntax.width(answer) > MAX_ANSWER:
                yield start, f"The answer is longer than {MAX_ANSWER} Han characters. Start a new paragraph."


def changes_are_dated(draft: Draft, data: Data) -> Findings:
    """Each change is a line with its date, the newest first, and the newest is the day of `updated`."""
    updated = draft.front.get("updated", "")
    for section in (one for one in draft.sections() if one.id == "changes"):
        days = []
        for number, text in section.lines:
            match = CHANGE.fullmatch(text)
            if match:
                days.append((number, match["day"]))
            if text.strip() and not (match and is_day(match["day"])):
                yield number, "This is not a change. Write `- 2026-11-20：what changed。`, one a line."
        for (_, above), (number, day) in pairwise(days):
            if day >= above:
                yield number, f"{day} is below {above}. Put the newest change first, one line a day."
        if not section.first_paragraph():
            yield section.line, "No change is listed. Write `- 2026-11-20：what changed。` below the heading."
        for number, newest in days[:1]:
            if is_day(updated) and newest != updated:
                wrong = f"`updated` is {updated}, the newest change {newest}. Say in a new line what changed."
                yield number, wrong


def paper_is_certain(draft: Draft, data: Data) -> Findings:
    """Nothing that is printed rests on a fact of low confidence."""
    for printed in printed_texts(draft, data):
        for id in printed.facts:
            if id in data.facts and not data.is_sure(id):
                yield printed.line, f"The sheet prints this, and `{id}` is unsure. Say it further down."
