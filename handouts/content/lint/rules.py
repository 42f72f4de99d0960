"""Which rules each kind of file follows."""

from __future__ import annotations

from collections.abc import Callable

from ...errors import Findings
from ..data import Data
from ..draft import Draft
from . import front, guide, marks, numbers, text

Rule = Callable[[Draft, Data], Findings]

EVERYWHERE: tuple[Rule, ...] = (
    text.no_raw_html, text.no_stray_braces, text.plain_blocks, text.no_overlong_words, text.no_advertisement,
    marks.known_names, marks.links_lead_to_files, marks.stars_in_pairs, marks.brackets_have_a_meaning,
    marks.no_other_marks, marks.lists_have_one_mark, marks.tables_are_complete, marks.no_odd_spaces,
    guide.headings_have_ids,
)  # fmt: skip
CHINESE: tuple[Rule, ...] = (text.typography, text.preferred_terms, numbers.numbers_are_facts)
STRUCTURE: tuple[Rule, ...] = (
    guide.all_text_is_in_sections, guide.steps_are_complete, guide.lists_hold_only_steps,
)  # fmt: skip
TRANSLATION: tuple[Rule, ...] = (*EVERYWHERE, front.no_marks, *STRUCTURE)
"""Rules for a translation of any kind of file. The other rules hold for its source, with which it is compared."""
WRITING: dict[str, tuple[Rule, ...]] = {"en": (text.english,)}
"""How a language is written, by its code."""
PUBLISHED: tuple[Rule, ...] = (front.forms, front.no_marks, front.known_ids)
GUIDE: tuple[Rule, ...] = (
    *STRUCTURE, guide.sections_in_order, guide.steps_come_first_in_phases, guide.number_of_steps,
    guide.length_of_leads, guide.answer_is_short, guide.changes_are_dated, guide.paper_is_certain,
)  # fmt: skip
RULES: dict[str, tuple[Rule, ...]] = {
    "guides": (*PUBLISHED, *EVERYWHERE, *CHINESE, *GUIDE),
    "pages": (*PUBLISHED, *EVERYWHERE, *CHINESE, guide.no_tick_boxes),
    "posts": (*PUBLISHED, *EVERYWHERE, *CHINESE, guide.no_tick_boxes),
    "shared": (*EVERYWHERE, *CHINESE, *STRUCTURE, guide.length_of_leads, guide.paper_is_certain),
}


def lint(draft: Draft, data: Data) -> Findings:
    """Yield every finding of every rule for this kind of file."""
    for rule in RULES[draft.kind]:
        yield from rule(draft, data)


def lint_translation(draft: Draft, data: Data) -> Findings:
    """Yield every finding of every rule for a translation."""
    for rule in (*TRANSLATION, *WRITING[data.language.primary]):
        yield from rule(draft, data)
