"""Check the records of the data folder against each other.

In: the records of one or more files. Out: findings, (line, sentence) each.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from urllib.parse import urlsplit

from .. import model
from ..errors import Findings
from ..model import Fact, Line, Milestone, Operator, Record, Source, Term
from .syntax import PHONE
from .toml import Table

BLANK = re.compile(r"\{([a-z-]*)\}")
SET_BLANK = re.compile(r"(?:^|(?<= ))\{([a-z-]+)\}(?=[^\w\s{}]*(?: |$))")
"""A blank that the template of letters can draw: with a space before it, and one after it and its punctuation."""

NO_CARD = f"`{{}}` is not a kind of card. Use {', '.join(model.CARDS)}."
NO_FACT = "The fact `{}` is not in facts.toml. Add it, with its source."
NO_LETTER = f"`{{}}` is not a letter. Use {', '.join(model.LETTERS)}."
SEARCHED = ("aliases", "avoid", "typed")
"""Keys whose words are typed into the search or listed as wrong; readers see none of them."""


def _unknown(record: Record, key: str, known: Container[str], wrong: str) -> Findings:
    """Yield a finding for each id in a key of a record that does not exist; `{}` in the sentence is the id."""
    for id in getattr(record, key):
        if id not in known:
            yield record.line_of(key), wrong.format(id)


def check_facts(facts: dict[str, Fact], sources: dict[str, Source]) -> Findings:
    """A fact has known sources, and is reviewed after it was read; a value that begins like a phone number is one."""
    for id, fact in facts.items():
        wrong = f"`{id}` cites the unknown source `{{}}`. Add it to sources.toml."
        yield from _unknown(fact, "sources", sources, wrong)
        due, value = map(fact.line_of, ("review_by", "value"))
        if fact.due <= fact.read:
            yield due, f"`{id}` is to be reviewed before it was read. Set a later review_by."
        if re.match(r"\+\d\d", fact.value) and "%" not in fact.value and not PHONE.fullmatch(fact.value):
            yield value, f"`{fact.value}` is not a phone number. Write it like +32 2 223 09 09."


def check_sources(sources: dict[str, Source], facts: dict[str, Fact]) -> Findings:
    """A source has a web address and is cited."""
    cited = {id for fact in facts.values() for id in fact.sources}
    for source in sources.values():
        if not _is_address(source.url):
            yield source.line_of("url"), f"`{source.url}` is not a web address. Copy it whole, with https://."
        if source.id not in cited:
            yield source.line_of("url"), f"No fact cites `{source.id}`. Cite it or delete it."


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and " " not in url


def check_operators(operators: dict[str, Operator], facts: dict[str, Fact]) -> Findings:
    """An operator names facts that exist, and no two that contradict each other."""
    for operator in operators.values():
        yield from _unknown(operator, "sells", model.CARDS, NO_CARD)
        for topic in model.TOPICS:
            yield from _unknown(operator, topic, facts, NO_FACT)
        for topic in model.SINGLE_TOPICS:
            named = [facts[id] for id in getattr(operator, topic) if id in facts]
            values = sorted({fact.value for fact in named if fact.confidence != "low"})
            if len(values) > 1:
                wrong = f"`{topic}` of `{operator.id}` has different values: {', '.join(values)}."
                advice = "Keep the right fact, or lower the confidence of the other."
                yield operator.line_of(topic), f"{wrong} {advice}"


def check_timetable(
    timetable: dict[str, Milestone], facts: dict[str, Fact], words: dict[str, str]
) -> Findings:
    """A milestone counts in one unit, names facts and cards that exist, and has words in `[when]` of ui.toml."""
    for id, day in timetable.items():
        yield from _unknown(day, "cards", model.CARDS, NO_CARD)
        yield from _unknown(day, "facts", facts, NO_FACT)
        if day.days and day.months:
            yield day.line_of("months"), f"`{id}` counts days and months. Keep one of them."
        if day.months < 0:
            yield day.line_of("months"), f"`{id}` counts months backwards. Count in days before."
        if day.words not in words:
            counted = day.line_of("counts_from")
            yield counted, f"[when] of ui.toml cannot say `{id}`. Add `{day.words}` there."


def letters_of(lines: dict[str, Line]) -> dict[str, dict[str, Line]]:
    """Return the lines of each letter in order, then the labels of its blanks. The id of its subject is `subject`."""
    letters = {}
    for name in model.LETTERS:
        its_lines = {id: line for id, line in lines.items() if name in (line.letters or model.LETTERS)}
        body = {id: line for id, line in its_lines.items() if not id.startswith("label-")}
        blanks = {blank for line in body.values() for blank in BLANK.findall(line.zh)}
        wanted = {f"label-{blank}" for blank in blanks} | set(model.LETTER_PARTS)
        subject = next((id for id in body if id.startswith("subject")), None)
        if subject:
            letters[name] = {"subject" if id == subject else id: line for id, line in body.items()}
            letters[name] |= {id: line for id, line in its_lines.items() if id not in body and id in wanted}
    return letters


def check_letters(lines: dict[str, Line]) -> Findings:
    """The letters have all their parts; a blank has a label, is the same in all languages, and can be set."""
    for id in model.LETTER_PARTS:
        if id not in lines:
            yield 1, f"The letter has no line `{id}`. Add a table [{id}]."
    labelled = {id.removeprefix("label-") for id in lines}
    for line in lines.values():
        yield from _unknown(line, "letters", model.LETTERS, NO_LETTER)
        blanks = set(BLANK.findall(line.zh))
        for lang in model.FOREIGN_LANGUAGES:
            text, at = getattr(line, lang), line.line_of(lang)
            if set(BLANK.findall(text)) != blanks:
                wrong = f"`{lang}` of `{line.id}` has other blanks than `zh`. Use the same in all languages."
                yield at, wrong
            elif text.count("{") != len(SET_BLANK.findall(text)):
                yield at, f"A blank of `{line.id}` is not set off. Write a space before and after it."
        for blank in blanks - labelled:
            labelled.add(blank)
            yield line.line_of(), f"The blank `{blank}` has no label. Add a table [label-{blank}]."


def avoided_words(texts: Iterable[tuple[int, str]], terms: dict[str, Term]) -> Findings:
    """Yield a finding for each word of these texts, (line, text) each, that glossary.toml avoids.

    Text in quotes is a quotation, and a word that is part of a longer word of the glossary is not meant.
    """
    use = {word: term.zh[0] for term in terms.values() for word in term.avoid if term.zh}
    words = [word for term in terms.values() for word in term.zh if word not in use]
    longest_first = sorted(words, key=len, reverse=True)
    for number, text in texts:
        text = re.sub("“[^”]*”", "；", text)
        for word in longest_first:
            text = text.replace(word, "；")
        for word, right in use.items():
            if word in text:
                yield number, f"`{word}` is not used here. Write `{right}`, as glossary.toml says."


def check_avoided(table: Table, terms: dict[str, Term]) -> Findings:
    """No text of a data file uses a word that glossary.toml avoids."""
    texts = []
    for id, record in table.values.items():
        for key, value in record.items() if isinstance(record, dict) else ():
            shown = value if isinstance(value, list) else [value]
            if key not in SEARCHED:
                texts += [(table.line(id, key), text) for text in shown if isinstance(text, str)]
    return avoided_words(texts, terms)
