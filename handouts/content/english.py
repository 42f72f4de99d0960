"""English text: what is wrong with how it is written, and the numbers in it.

In: a piece of English. Out: a sentence for each fault; its numbers in digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..text import HAN

WIDE = r"\u3000-\u303f\uff00-\uffef"
"""Full-width punctuation and letters, as the inside of a character class."""

FAULTS = (
    (rf"[{HAN}]+", "is Chinese. Say it in English."),
    (rf"[{WIDE}]", "is a full-width mark. Write the English one."),
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


def in_digits(text: str) -> str:
    """Return a text with months, and numbers of counted things, in digits."""
    text = DATE.sub(lambda match: str(MONTHS.index(match[1] or match[2]) + 1), text)
    return COUNT.sub(lambda match: str(NUMERALS.index(match[1].lower()) + 1), text)
