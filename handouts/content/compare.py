"""Check a translation: how its English is written, and that it has the facts, days, links and numbers of its source.

In: a text of the source and its translation. Out: a sentence, or the end of one, for each fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256

from ..text import HAN
from .claims import normal
from .syntax import CITE, FOREIGN, LINK, OURS, VALUE, WHEN, cited_ids, ids_in, replaced, words_of

IGNORED = re.compile(r"[\s，。；：、！？“”「」（）]+")
"""What may change in a source without making its translations outdated."""
FIGURE = re.compile(r"\d+(?:\.\d+)?")

FAULTS = (
    (rf"[{HAN}]+", "is Chinese. Say it in English."),
    (r"[\u3000-\u303f\uff00-\uffef]", "is a full-width mark. Write the English one."),
    (r"""["']""", "is a straight quote. Write “ and ”, and ’ for the apostrophe."),
    (r"\S  +\S", "has a space too many. Remove it."),
    (r"\S +[,.;:!?](?=\s|$)", "has a space before the mark. Remove it."),
    (r"[a-z],(?=[A-Za-z])|[a-z][.;!?](?=[A-Z][a-z ])", "needs a space behind the mark."),
)
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NUMERALS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
)  # fmt: skip
COUNTED = r"(?:working |calendar |euro )?(?:day|week|month|year|hour|minute|euro)s?\b"
DATE = re.compile(rf"\b({'|'.join(MONTHS)})(?= \d)|(?<=\d )({'|'.join(MONTHS)})\b")
COUNT = re.compile(
    rf"\b({'|'.join(NUMERALS)})(?=(?: to (?:{'|'.join(NUMERALS)}))?[ -]{COUNTED})", re.IGNORECASE
)


def faults_of(text: str) -> Iterator[str]:
    """Yield a sentence for each fault in a piece of English."""
    for pattern, wrong in FAULTS:
        for match in re.finditer(pattern, text):
            yield f"`{match[0]}` {wrong}"


def state_of(text: str) -> str:
    """Return eight characters that change with a source, but not with its spaces and punctuation."""
    return sha256(IGNORED.sub("", text).encode()).hexdigest()[:8]


def differences(source: str, text: str) -> Iterator[str]:
    """Yield each difference between a source and its translation as the end of a sentence: `lacks the number 5.`"""
    here, there = _marks(text), _marks(source)
    for what in here:
        for one in dict.fromkeys([*here[what], *there[what]]):
            mine, theirs = here[what].count(one), there[what].count(one)
            if mine != theirs:
                yield f"has the {what} `{one}` {_times(mine)}, its source {_times(theirs)}."
    mine, theirs = len(OURS.findall(text)), len(OURS.findall(source))
    if mine != theirs:
        yield f"marks our own advice {_times(mine)}, its source {_times(theirs)}."
    translated, typed = _figures(_in_digits(_bare(text))), _bare(source)
    figures = _figures(typed)
    for figure in dict.fromkeys(figures):
        if figure not in translated:
            yield f"lacks the number {figure}."
    in_source = {*figures, *FIGURE.findall(normal(typed))}  # also numbers in Chinese numerals
    for figure in dict.fromkeys(translated):
        if figure not in in_source:
            yield f"has the number {figure}, which its source has not."


def _marks(text: str) -> dict[str, list[str]]:
    """Return what the marks of a text name, by the word for it."""
    return {
        "fact": cited_ids(text),
        "value": ids_in(VALUE, text),
        "day": ids_in(WHEN, text),
        "link": [match["href"] for match in LINK.finditer(text)],
        "words": [match["text"] for match in FOREIGN.finditer(text) if match["lang"] != "en"],
    }


def _times(count: int) -> str:
    """Return how often, in words."""
    return {0: "not at all", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _bare(text: str) -> str:
    """Return a text without ids, citations, values, days, addresses of links and the numbers of a list."""
    text = re.sub(r"\{#[^{}]*\}|^\d+\. ", "", text, flags=re.MULTILINE)
    return words_of(replaced(text, " ; ", CITE, VALUE, WHEN))


def _in_digits(text: str) -> str:
    """Return English with months, and numbers of counted things, in digits."""
    text = DATE.sub(lambda match: str(MONTHS.index(match[1] or match[2]) + 1), text)
    return COUNT.sub(lambda match: str(NUMERALS.index(match[1].lower()) + 1), text)


def _figures(text: str) -> list[str]:
    """Return the numbers of a text without commas, leading zeros and 万."""
    text = re.sub(r"(\d+) ?万", r"\g<1>0000", text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    return FIGURE.findall(re.sub(r"(?<![\d.])0+(?=\d)", "", text))
