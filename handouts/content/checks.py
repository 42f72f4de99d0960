"""Check the records of the data folder against each other.

In: the records of one or more files. Out: findings, (line, sentence) each: a fact without a source, an operator with a fact
that does not exist, a letter whose languages differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from ..model import (
    CARDS,
    FOREIGN_LANGUAGES,
    LETTER_PARTS,
    LETTERS,
    SINGLE_TOPICS,
    TOPICS,
    Fact,
    Line,
    Milestone,
    Operator,
    Source,
    Term,
)
from .syntax import PHONE
from .toml import Table

Findings = Iterator[tuple[int, str]]

BLANK = re.compile(r"\{([a-z-]*)\}")
SET_BLANK = re.compile(r"(?:^|(?<= ))\{([a-z-]+)\}(?=[^\w\s{}]*(?: |$))")
"""A blank that the template of letters can draw: with a space before it, and one after it and its punctuation."""

AVOIDED = "`{word}` is not used here. Write `{right}`, as glossary.toml says."

SEARCHED = ("aliases", "avoid", "typed")
"""Keys whose words are typed into the search or listed as wrong; readers see none of them."""

YEARS = range(2000, 2100)
"""Years in which somebody may have read a page; another year is a mistake, and date arithmetic could fail on it."""


def check_facts(facts: dict[str, Fact], sources: dict[str, Source]) -> Findings:
    """A fact has known sources and possible dates; a value that begins like a phone number is one."""
    for fact in facts.values():
        if not fact.sources:
            yield fact.line_of("sources"), f"`{fact.id}` has no source. Add one."
        for id in fact.sources:
            if id not in sources:
                text = f"`{fact.id}` cites the unknown source `{id}`. Add it to sources.toml."
                yield fact.line_of("sources"), text
        if fact.read.year not in YEARS:
            text = f"`{fact.id}` was read on {fact.read}? Write the day somebody read its pages."
            yield fact.line_of("read"), text
        elif fact.due <= fact.read:
            text = f"`{fact.id}` is to be reviewed before it was read. Set a later review_by."
            yield fact.line_of("review_by"), text
        if re.match(r"\+\d\d", fact.value) and "%" not in fact.value and not PHONE.fullmatch(fact.value):
            text = f"`{fact.value}` is no phone number. Write it like +32 2 223 09 09."
            yield fact.line_of("value"), text


def check_sources(sources: dict[str, Source], facts: dict[str, Fact]) -> Findings:
    """A source has a web address and is cited."""
    cited = {id for fact in facts.values() for id in fact.sources}
    for source in sources.values():
        if not _is_address(source.url):
            yield source.line_of("url"), f"`{source.url}` is no web address. Copy it whole, with https://."
        if source.id not in cited:
            yield source.line_of("url"), f"No fact cites `{source.id}`. Cite it or delete it."


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and " " not in url


def _unknown_cards(cards: tuple[str, ...]) -> Iterator[str]:
    for card in cards:
        if card not in CARDS:
            yield f"`{card}` is no kind of card. Use {', '.join(CARDS)}."


def _unknown_facts(ids: tuple[str, ...], facts: dict[str, Fact]) -> Iterator[str]:
    for id in ids:
        if id not in facts:
            yield f"The fact `{id}` is not in facts.toml. Add it, with its source."


def check_operators(operators: dict[str, Operator], facts: dict[str, Fact]) -> Findings:
    """An operator names facts that exist, and no two that contradict each other."""
    for operator in operators.values():
        for text in _unknown_cards(operator.sells):
            yield operator.line_of("sells"), text
        for topic in TOPICS:
            ids = getattr(operator, topic)
            for text in _unknown_facts(ids, facts):
                yield operator.line_of(topic), text
            values = {facts[id].value for id in ids if id in facts and facts[id].confidence != "low"}
            if topic in SINGLE_TOPICS and len(values) > 1:
                yield (
                    operator.line_of(topic),
                    f"`{topic}` of `{operator.id}` has different values: {', '.join(sorted(values))}. "
                    "Keep the right fact, or lower the confidence of the other.",
                )


def check_timetable(
    timetable: dict[str, Milestone], facts: dict[str, Fact], words: dict[str, str]
) -> Findings:
    """A milestone counts in one unit, names facts and cards that exist, and has words in `[when]` of ui.toml."""
    for day in timetable.values():
        for text in _unknown_cards(day.cards):
            yield day.line_of("cards"), text
        for text in _unknown_facts(day.facts, facts):
            yield day.line_of("facts"), text
        if day.days and day.months:
            yield day.line_of("months"), f"`{day.id}` counts days and months. Keep one of them."
        if day.months < 0:
            yield day.line_of("months"), f"`{day.id}` counts months backwards. Count in days before."
        if day.words not in words:
            text = f"[when] of ui.toml cannot say `{day.id}`. Add `{day.words}` there."
            yield day.line_of("counts_from"), text


def letters_of(lines: dict[str, Line]) -> dict[str, dict[str, Line]]:
    """Return the lines of each letter in order, then the labels of its blanks. The id of its subject is `subject`."""
    letters = {}
    for name in LETTERS:
        lines_of = [line for line in lines.values() if not line.letters or name in line.letters]
        body = {line.id: line for line in lines_of if not line.id.startswith("label-")}
        blanks = {blank for line in body.values() for blank in BLANK.findall(line.zh)}
        wanted = {f"label-{blank}" for blank in blanks} | set(LETTER_PARTS)
        subject = next((id for id in body if id.startswith("subject")), None)
        if subject:
            labels = {
                line.id: line for line in lines_of if line.id.startswith("label-") and line.id in wanted
            }
            letters[name] = {"subject" if id == subject else id: line for id, line in body.items()} | labels
    return letters


def check_letters(lines: dict[str, Line]) -> Findings:
    """The letters have all their parts; a blank has a label, is the same in all languages, and can be set."""
    for id in LETTER_PARTS:
        if id not in lines:
            yield 1, f"The letter has no line `{id}`. Add a table [{id}]."
    unlabelled: dict[str, int] = {}
    for line in lines.values():
        for name in line.letters:
            if name not in LETTERS:
                yield line.line_of("letters"), f"`{name}` is no letter. Use {', '.join(LETTERS)}."
        blanks = set(BLANK.findall(line.zh))
        for lang in FOREIGN_LANGUAGES:
            text = getattr(line, lang)
            if set(BLANK.findall(text)) != blanks:
                wrong = f"`{lang}` of `{line.id}` has other blanks than `zh`. Use the same in all languages."
                yield line.line_of(lang), wrong
            elif text.count("{") != len(SET_BLANK.findall(text)):
                wrong = f"A blank of `{line.id}` is not set off. Write a space before and after it."
                yield line.line_of(lang), wrong
        for blank in blanks:
            if f"label-{blank}" not in lines:
                unlabelled.setdefault(blank, line.line_of())
    for blank, number in unlabelled.items():
        yield number, f"The blank `{blank}` has no label. Add a table [label-{blank}]."


def avoided_words(text: str, terms: dict[str, Term]) -> Iterator[tuple[str, str]]:
    """Yield each word of a text that glossary.toml avoids, and the word to use.

    Text in quotes is a quotation, and a word that is part of a longer word of the glossary is not meant.
    """
    use = {word: term.zh[0] for term in terms.values() for word in term.avoid if term.zh}
    text = re.sub("“[^”]*”", "；", text)
    for word in sorted((word for term in terms.values() for word in term.zh), key=len, reverse=True):
        if word not in use:
            text = text.replace(word, "；")
    for word, right in use.items():
        if word in text:
            yield word, right


def check_avoided(table: Table, terms: dict[str, Term]) -> Findings:
    """No text of a data file uses a word that glossary.toml avoids."""
    for id, record in table.values.items():
        for key, value in record.items() if isinstance(record, dict) else ():
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str) and key not in SEARCHED:
                    for word, right in avoided_words(text, terms):
                        yield table.line(id, key), AVOIDED.format(word=word, right=right)
