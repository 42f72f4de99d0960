"""Which rules each kind of file follows."""

from __future__ import annotations

from collections.abc import Callable

from ...errors import Findings
from ..data import Data
from ..draft import Draft
from . import citing, front, guide, marks, numbers, text

Rule = Callable[[Draft, Data], Findings]

EVERYWHERE: tuple[Rule, ...] = (
    marks.stars_in_pairs, marks.brackets_have_a_meaning, marks.no_other_marks, marks.lists_have_one_mark,
    marks.tables_are_complete, marks.no_odd_spaces,
    text.no_raw_html, text.no_stray_braces, text.no_code_blocks, text.blank_lines_around, text.no_overlong_words,
    text.no_advertisement,
    citing.known_facts, citing.known_languages, citing.known_milestones, citing.links_are_plain, citing.no_bare_links,
    guide.headings_have_ids,
)  # fmt: skip
CHINESE: tuple[Rule, ...] = (
    text.full_width_punctuation, text.space_between_scripts, text.no_doubled_marks, text.preferred_terms,
    numbers.numbers_are_facts,
)  # fmt: skip
STRUCTURE: tuple[Rule, ...] = (
    guide.all_text_is_in_sections, guide.steps_are_complete, guide.lists_hold_only_steps,
)  # fmt: skip
TRANSLATION: tuple[Rule, ...] = (*EVERYWHERE, front.no_marks, front.no_blocks, *STRUCTURE)
"""Rules for a translation of any kind of file. The other rules hold for its source, with which it is compared."""
WRITING: dict[str, tuple[Rule, ...]] = {"en": (text.english,)}
"""How a language is written, by its code."""
PUBLISHED: tuple[Rule, ...] = (front.forms, front.title, front.no_marks, front.known_ids)
GUIDE: tuple[Rule, ...] = (
    front.no_blocks, *STRUCTURE, guide.sections_in_order, guide.steps_stand_in_phases, guide.steps_before_channels,
    guide.number_of_steps, guide.length_of_leads, guide.answer_is_short, guide.changes_are_dated, guide.paper_is_certain,
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
