"""Rules about citations, foreign words and links."""

from __future__ import annotations

from ...errors import Findings, did_you_mean
from ...model import FOREIGN_LANGUAGES
from ..data import Data
from ..draft import Draft
from ..syntax import FOREIGN, INLINE, LINK, VALUE, WHEN, facts_in


def known_facts(draft: Draft, data: Data) -> Findings:
    """A cited fact exists, and one whose value is printed has a value."""
    if data.faulty is None:  # facts.toml cannot be read: every fact would be missing
        return
    for number, line in draft.lines(INLINE):
        for id in dict.fromkeys(facts_in(line)):
            if id not in data.facts and id not in data.faulty:
                hint = did_you_mean(id, data.facts, "Add it, with its source.")
                yield number, f"The fact `{id}` is not in facts.toml. {hint}"
        for match in VALUE.finditer(line):
            id = match["id"]
            if id in data.facts and not data.facts[id].value:
                yield number, f"The fact `{id}` has no value to print. Add one, or cite it with [@{id}]."


def known_milestones(draft: Draft, data: Data) -> Findings:
    """A day is a row of the timetable."""
    for number, line in draft.lines(INLINE):
        for match in WHEN.finditer(line):
            if match["id"] not in data.timetable and match["id"] not in (data.faulty or ()):
                hint = did_you_mean(match["id"], data.timetable, "Add it there.")
                yield number, f"The day `{match['id']}` is not in timetable.toml. {hint}"


def known_languages(draft: Draft, data: Data) -> Findings:
    """A foreign word names its language, which is one of those at Belgian counters."""
    for number, line in draft.lines(INLINE):
        for match in FOREIGN.finditer(line):
            if match["lang"] not in FOREIGN_LANGUAGES:
                languages = ", ".join(FOREIGN_LANGUAGES)
                yield number, f"`{match['lang']}` is no language here. Use {languages}."


def links_are_plain(draft: Draft, data: Data) -> Findings:
    """A link is written [text](file.md#id); other forms would not be checked."""
    for number, line in draft.lines(INLINE):
        if "](" in LINK.sub("", line):
            yield number, "This is almost a link. Write [text](file.md#id): no spaces, brackets or title."


def no_bare_links(draft: Draft, data: Data) -> Findings:
    """Links lead to a file of this site; pages elsewhere are sources of facts."""
    for number, line in draft.lines(INLINE):
        for match in LINK.finditer(line):
            if ":" in match["href"].partition("#")[0] or match["href"].startswith("//"):
                yield number, f"`{match['href']}` leads elsewhere. Cite a fact that has it as source."
        rest = LINK.sub("", line)
        if "://" in rest or "www." in rest:
            yield number, "A web address is in the text. Print a fact's value with [=id]."
