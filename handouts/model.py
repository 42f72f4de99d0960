"""The model: guides, steps, facts, operators.

It does not depend on Markdown, templates, PDF or Pelican. Fields of type Markup are safe HTML; fields of type `str` are plain
text, which templates escape.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Literal

from markupsafe import Markup

Confidence = Literal["high", "medium", "low"]
Kind = Literal["law", "operator", "service", "history"]
LanguageCode = Literal["zh", "fr", "nl", "de", "en"]

REVIEW_AFTER: dict[str, timedelta] = {
    "law": timedelta(days=365),
    "operator": timedelta(days=120),
    "service": timedelta(days=180),
    "history": timedelta(days=730),
}
"""How long a fact of each kind is trusted after its sources were read."""

CARDS = ("prepaid", "plan", "pack", "data")
"""Kinds of card: prepaid, monthly plan, part of a pack, data only."""

FOREIGN_LANGUAGES = ("fr", "nl", "de", "en")
"""Languages of foreign words in a text, as BCP 47 codes for `lang` (WCAG 3.1.2)."""

SECTION_IDS = (
    "answer", "which", "before", "submit", "after", "bring",
    "operators", "say", "money", "special", "faq", "complain", "changes",
)  # fmt: skip
"""The h2 ids of a guide in the only order they may have."""

PHASES = {"before": "A", "submit": "B", "after": "C"}
"""The pause points of a checklist, and the letter of each on web and paper."""

TICKED = (*PHASES, "bring")
"""Sections whose steps have a box to tick."""

DIAGRAMS = ("which-card", "timeline", "port-or-cancel")
"""The drawings of theme/templates/diagrams that a guide or page may show."""

NOTHING = Markup()
"""No text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digested:
    """A record with a digest for the keys of the cache. A field with `repr=False` is not part of it."""

    digest: str = field(init=False, repr=False, compare=False)
    """Changes when anything of this changes."""

    def __post_init__(self) -> None:
        """Compute the digest."""
        object.__setattr__(self, "digest", sha256(repr(self).encode()).hexdigest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A table of a data file."""

    id: str
    lines: dict[str, int] = field(default_factory=dict, repr=False, compare=False)
    """The line of each of its keys; under "" that of the table itself."""

    def line_of(self, key: str = "") -> int:
        """Return the line of a key; without that key, the line where the table begins."""
        return self.lines.get(key) or self.lines.get("", 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Record):
    """A page that somebody read."""

    publisher: str
    title: str
    """What the page is, in Chinese, in our words."""
    url: str
    language: LanguageCode
    page_date: str = ""
    """The date that the page shows: `2024-05-21`, `2022-12`, `2013`, or nothing."""
    link: bool = True
    """False for hosts that readers must not be sent to, such as paid letter services."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Record):
    """A statement about law, an operator or a service, with its sources."""

    statement: str
    sources: tuple[str, ...]
    confidence: Confidence
    kind: Kind
    read: date
    """The day on which the sources were read for this fact."""
    live: bool = False
    """True when the live page was opened (核对), False when an archived copy was read (资料读取)."""
    value: str = ""
    """The short string that `[=id]` prints: an amount, a number, an address."""
    review_by: date | None = None
    note: str = ""
    """What a maintainer should look for at the next check; never shown to readers."""

    @property
    def due(self) -> date:
        """The last day on which this fact may be published without reading its sources again."""
        return self.review_by or self.read + REVIEW_AFTER[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator(Record):
    """A brand that sells or sold SIM cards. Topics are lists of fact ids, the most trusted first.

    An empty list means that nothing was found; pages and sheets say so.
    """

    name: str
    status: Literal["active", "merged", "ended"]
    summary: str
    """One sentence: what is best known, and what is missing."""
    sells: tuple[str, ...] = ()
    """Kinds of card, as in CARDS."""
    prepaid_name: str = ""
    """What the brand calls its prepaid card: Pay&Go."""
    site: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    cancel: tuple[str, ...] = ()
    """Ways to end a plan, best proof first."""
    phone: tuple[str, ...] = ()
    phone_abroad: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    post: tuple[str, ...] = ()
    shop: tuple[str, ...] = ()
    prepaid_validity: tuple[str, ...] = ()
    prepaid_end: tuple[str, ...] = ()
    refund: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    confirm: tuple[str, ...] = ()
    device: tuple[str, ...] = ()
    esim: tuple[str, ...] = ()
    keep_number: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts of all topics, in order, each once."""
        return tuple(dict.fromkeys(id for topic in TOPICS for id in getattr(self, topic)))


TOPICS = (
    "cancel", "confirm", "account", "phone", "phone_abroad", "email", "post", "shop",
    "prepaid_end", "prepaid_validity", "refund", "keep_number", "device", "lost", "esim",
    "traps", "group", "network", "site",
)  # fmt: skip
"""The topics of an operator, in the order in which a reader needs them."""


def compared_topics(cards: tuple[str, ...]) -> tuple[str, ...]:
    """Return the topics of a guide's table of operators; a guide without cards is an overview of all."""
    if not cards:
        return ("cancel", "phone", "phone_abroad", "prepaid_validity")
    if "prepaid" in cards:  # a prepaid card is not cancelled like a plan
        return ("prepaid_end", "prepaid_validity", "refund", "phone", "phone_abroad")
    return ("cancel", "phone", "phone_abroad")


SINGLE_TOPICS = ("site", "group", "network", "phone_abroad")
"""Topics with one answer: two sure facts with different values contradict each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Multilingual(Record):
    """A text in every language."""

    zh: str
    fr: str
    nl: str
    en: str
    de: str

    def said_in(self, languages: Iterable[str]) -> dict[str, str]:
        """Return the text in each of these languages."""
        return {lang: getattr(self, lang) for lang in languages}


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase(Multilingual):
    """A sentence to point at across the counter."""

    use: str
    """When to point at it, in a few Chinese characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Multilingual):
    """A line of letters; {…} is a blank that the sender fills in."""

    letters: tuple[str, ...] = ()
    """Its letters, as in LETTERS; empty for all."""
    optional: bool = False
    """True when the sender may leave it out."""


LETTERS = ("termination", "reminder", "credit", "complaint", "proxy")
"""End a contract, ask for its confirmation, ask for a refund after porting, complain, authorise somebody else."""

LETTER_PARTS = (
    "subject", "greeting", "closing", "label-name", "label-street", "label-town", "label-operator",
    "label-place-date", "label-signature",
)  # fmt: skip
"""Ids of the lines that every letter has. `subject` is that of the termination; those of other letters are `subject-…`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone(Record):
    """A day on which something is advised or due, counted from a day that the reader knows."""

    counts_from: Literal["flight", "submission", "porting", "end"]
    """The flight, the sending of the notice, the porting of the number, or the end of the contract."""
    what: str
    """What to do then, in a few words, for the timetable, the calendar and the list of days."""
    days: int = 0
    """Days from there; negative before it."""
    months: int = 0
    """Calendar months from there, instead of days: a limit in law or contract."""
    cards: tuple[str, ...] = ()
    """Kinds of card, as in CARDS; empty for all."""
    facts: tuple[str, ...] = ()
    """The facts that set the day; empty for our own advice."""

    @property
    def short(self) -> str:
        """Return the days with their sign, as the sheet's rail of time shows them: −30, +14."""
        return f"{self.days:+}".replace("-", "−")

    @property
    def words(self) -> str:
        """The key of `[when]` in ui.toml whose words say when it is."""
        count = self.months or self.days
        side = "months" if self.months else "before" if count < 0 else "after" if count else "same"
        return f"{self.counts_from}_{side}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Record):
    """A Belgian word, with its translations."""

    zh: tuple[str, ...]
    fr: tuple[str, ...]
    nl: tuple[str, ...]
    en: tuple[str, ...]
    de: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    """Chinese words that people search for."""
    avoid: tuple[str, ...] = ()
    """Chinese words that our texts must not use for it."""
    note: str = ""
    explain: str = ""
    """A word of our texts and what it means: `ICCID：…`."""


@dataclass(frozen=True, slots=True)
class PrintedText:
    """A text that a sheet prints, and its place in the sources."""

    path: str
    line: int
    text: str
    """As it is written, with marks."""
    facts: tuple[str, ...] = ()
    """Ids of the facts that it rests on."""
    support: tuple[str, ...] = ()
    """Ids of the facts that its explanation on the web rests on; unsure ones are marked there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Record):
    """Words that readers type into the search and no text has, and the place that answers them."""

    to: str
    """The address below the site's root: `lost/`, `prepaid/#claim`."""
    typed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step to tick off."""

    id: str
    """Never changes: saved ticks and links depend on it."""
    lead: Markup
    """What to do: the bold words, which the sheet prints."""
    note: Markup = NOTHING
    """A few words beside the lead, on web and paper."""
    note_optional: bool = False
    """True when the sheet may leave out the note so that the type can be larger."""
    body: Markup = NOTHING
    """The explanation, on the web only."""
    on_sheet: bool = True
    facts: tuple[str, ...] = ()
    """Ids of the facts of lead, note and body, in order."""
    line: int = 0
    """The line of its file where the step begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """An h2 and what is below it."""

    id: str
    title: Markup
    hint: Markup = NOTHING
    """When or how often, beside the title: 回国前 30 天开始."""
    intro: Markup = NOTHING
    """Blocks before the steps; all blocks if there are no steps."""
    steps: tuple[Step, ...] = ()
    rest: Markup = NOTHING
    """Blocks after the steps, such as the channels of 提交."""
    line: int = 0

    @property
    def letter(self) -> str:
        """A, B or C for a pause point; else empty."""
        return PHASES.get(self.id, "")

    @property
    def printed(self) -> tuple[Step, ...]:
        """The steps that the sheet prints."""
        return tuple(step for step in self.steps if step.on_sheet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Digested):
    """What guides, reference pages and posts have in common."""

    path: str
    """The file, as messages name it."""
    slug: str
    lang: str
    title: str
    aliases: tuple[str, ...]
    citations: tuple[str, ...]
    """Ids of all cited facts in the order of their numbers."""
    diagrams: tuple[str, ...] = ()
    """Drawings it shows, as in DIAGRAMS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide(Article):
    """A guide: the content of its page and its sheet."""

    sheet_title: str
    name: str
    """What the card is called in lists: 预付卡."""
    home: Markup
    """One line for the home page."""
    card: Markup
    """The kind of card with its Belgian names; shown above the title."""
    updated: date
    order: int
    who: Markup
    start: Markup
    takes: Markup
    costs: Markup
    cards: tuple[str, ...]
    """Kinds of card, as in CARDS; empty for an overview of all."""
    phrases: tuple[str, ...]
    fields: tuple[str, ...]
    answer: Markup
    """The first paragraph: what the sheet prints under the title."""
    description: str
    """The answer as plain text, for search engines and shared links."""
    sections: tuple[Section, ...]
    """In the order of the file."""
    printed: tuple[PrintedText, ...]
    """What its sheet prints of its text and of shared texts."""

    def section(self, id: str) -> Section | None:
        """Return the section with this id; None if the guide has none."""
        return next((section for section in self.sections if section.id == id), None)

    @property
    def optional_notes(self) -> tuple[str, ...]:
        """The ids of the steps whose note the sheet may leave out, in order."""
        return tuple(step.id for step in self.steps if step.note and step.note_optional and step.on_sheet)

    @property
    def compared(self) -> tuple[str, ...]:
        """The topics of its table of operators."""
        return compared_topics(self.cards)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps to tick, in reading order, with the packing list."""
        return tuple(step for section in self.sections if section.id in TICKED for step in section.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Article):
    """A reference page or a post: prose with citations."""

    summary: str
    day: date
    """When a page was last changed, or when a post was published."""
    html: Markup
