"""The words of this project: what a guide, a step, a fact are.

Nothing here knows Markdown, templates, PDF or Pelican. Text fields of type Markup are inline or block
HTML that is safe to print; plain `str` fields are plain text and are escaped by the templates.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from hashlib import sha256
from typing import Literal

from markupsafe import Markup

Confidence = Literal["high", "medium", "low"]
Kind = Literal["law", "operator", "service", "history"]
Language = Literal["zh", "fr", "nl", "de", "en"]

REVIEW_AFTER: dict[str, timedelta] = {
    "law": timedelta(days=365),
    "operator": timedelta(days=120),
    "service": timedelta(days=180),
    "history": timedelta(days=730),
}
"""How long a fact of each kind may be trusted after somebody read its sources."""

CARDS = ("prepaid", "plan", "pack", "data")
"""Kinds of card: paid before, monthly, part of a pack, for data only."""

FOREIGN_LANGUAGES = ("fr", "nl", "de", "en")
"""Languages a Chinese text may quote, as BCP 47 codes; each needs its own `lang` (WCAG 3.1.2)."""

SECTION_IDS = (
    "answer", "which", "before", "submit", "after", "bring",
    "operators", "say", "money", "special", "faq", "complain", "changes",
)  # fmt: skip
"""The h2 ids of a guide in the only order they may have."""

PHASES = {"before": "A", "submit": "B", "after": "C"}
"""The pause points of a checklist and the letter each carries on web and paper."""

DIAGRAMS = ("which-card", "timeline", "port-or-cancel")
"""The drawings of theme/templates/diagrams that a guide or page may show."""


NOTHING = Markup()
"""Text that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A table of a data file."""

    id: str
    lines: dict[str, int] = field(default_factory=dict, repr=False, compare=False)
    """The line of each of its keys; under no name that of the table itself."""

    @property
    def line(self) -> int:
        """The line where its table begins."""
        return self.lines.get("", 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Record):
    """A page somebody read."""

    publisher: str
    title: str
    """What the page is, in Chinese and in our words."""
    url: str
    language: Language
    page_date: str = ""
    """The date the page shows, as far as it shows one: `2024-05-21`, `2022-12`, `2013`."""
    link: bool = True
    """False for hosts that readers must not be sent to: test copies, paid letter sites."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Record):
    """One statement about law, an operator or a service, with what it rests on."""

    statement: str
    sources: tuple[str, ...]
    confidence: Confidence
    kind: Kind
    read: date
    """The day the sources were read for this fact."""
    live: bool = False
    """True when the live page was opened (核对), False when an archived copy was read (资料读取)."""
    value: str = ""
    """The short string that `[=id]` prints: an amount, a number, an address."""
    review_by: date | None = None
    note: str = ""
    """What a maintainer should look for at the next check; never shown to readers."""

    @property
    def due(self) -> date:
        """The last day on which this fact may be published without a new look."""
        return self.review_by or self.read + REVIEW_AFTER[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator(Record):
    """A brand that sells or sold SIM cards. Everything but its name and state is said by fact ids.

    An empty list means: looked for and not found. Pages and sheets say so.
    """

    name: str
    status: Literal["active", "merged", "ended"]
    summary: str
    """One sentence: what is known best and what is missing."""
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
        """Every fact said of this brand, in the order of the topics, each once."""
        return tuple(dict.fromkeys(id for topic in TOPICS for id in getattr(self, topic)))


TOPICS = (
    "cancel", "confirm", "account", "phone", "phone_abroad", "email", "post", "shop",
    "prepaid_end", "prepaid_validity", "refund", "keep_number", "device", "lost", "esim",
    "traps", "group", "network", "site",
)  # fmt: skip
"""What is said of an operator, in the order a reader needs it."""


def compared_topics(cards: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a guide's table of operators tells of each; no cards: an overview of all."""
    if not cards:
        return ("cancel", "phone", "phone_abroad", "prepaid_validity")
    if "prepaid" in cards:  # a prepaid card is not cancelled like a plan
        return ("prepaid_end", "prepaid_validity", "refund", "phone", "phone_abroad")
    return ("cancel", "phone", "phone_abroad")


SINGLE_TOPICS = ("site", "group", "network", "phone_abroad")
"""Topics with one answer: two sure facts that differ contradict each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase(Record):
    """A sentence to point at across the counter."""

    zh: str
    fr: str
    nl: str
    en: str
    de: str
    use: str
    """When to point at it, a few characters of Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Record):
    """One line of letters in every language; {…} stands for what the sender fills in."""

    zh: str
    fr: str
    nl: str
    de: str
    en: str
    letters: tuple[str, ...] = ()
    """The letters it is in, as in LETTERS; none for all."""
    optional: bool = False
    """True when the sender may leave it out."""


LETTERS = ("termination", "reminder", "credit", "complaint", "proxy")
"""To end a contract, to ask for its confirmation, for a refund after porting, to complain, to let somebody else act."""

LETTER_PARTS = (
    "subject", "greeting", "closing", "label-name", "label-street", "label-town", "label-operator",
    "label-place-date", "label-signature",
)  # fmt: skip
"""Ids of the lines that every letter has; between them stand those of its own. `subject` is that of the termination, the
others are called `subject-…`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone(Record):
    """A day on which something is advised or due, counted from a day that the reader knows."""

    counts_from: Literal["flight", "submission", "porting", "end"]
    """The flight, the day the notice was sent, the day the number was ported, or the end date of the contract."""
    what: str
    """What to do then, in a few words: one line of the timetable, the calendar and the list of days."""
    days: int = 0
    """Days from there; negative before it."""
    months: int = 0
    """Calendar months from there, in place of days: a limit of the law or of a contract."""
    cards: tuple[str, ...] = ()
    """The kinds of card it is for, as in CARDS; none for all."""
    facts: tuple[str, ...] = ()
    """The facts that set the day; none where it is our own advice."""

    @property
    def short(self) -> str:
        """Return the day as the sheet's rail of time shows it: −30, +14, +1 月."""
        if self.months:
            return f"+{self.months} 月"
        return f"{self.days:+}".replace("-", "−") if self.days else "当天"

    @property
    def words(self) -> str:
        """The key of `[when]` in ui.toml whose words say when it is."""
        count = self.months or self.days
        side = "months" if self.months else "before" if count < 0 else "after" if count else "same"
        return f"{self.counts_from}_{side}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Record):
    """A Belgian word with its neighbours."""

    zh: tuple[str, ...]
    fr: tuple[str, ...]
    nl: tuple[str, ...]
    en: tuple[str, ...]
    de: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    """Chinese words that people search for."""
    avoid: tuple[str, ...] = ()
    """Chinese words that our texts do not use for it, though readers may search for them."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PrintedText:
    """A text that a sheet prints, and where a writer changes it."""

    path: str
    line: int
    text: str
    """As it was written, marks included."""
    facts: tuple[str, ...] = ()
    """Ids of the facts that it rests on."""
    support: tuple[str, ...] = ()
    """Ids of the facts that its explanation on the web rests on; an unsure one is marked there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Record):
    """What readers type into the search that no text says, and the place that answers it."""

    to: str
    """The address below the site's root: `lost/`, `prepaid/#claim`."""
    typed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line a reader ticks off."""

    id: str
    """Never changes: saved ticks, links and tests hang on it."""
    lead: Markup
    """What to do; the bold words, printed on the sheet."""
    note: Markup = NOTHING
    """A few words beside the lead, on web and paper."""
    note_optional: bool = False
    """True when the note may leave the sheet so that the type can stay large."""
    body: Markup = NOTHING
    """The explanation, on the web only."""
    on_sheet: bool = True
    facts: tuple[str, ...] = ()
    """Ids of the facts that lead, note and body rest on, in order."""
    line: int = 0
    """Where the step starts in its file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What stands under one h2."""

    id: str
    title: Markup
    hint: Markup = NOTHING
    """When or how often, beside the title: 回国前 30 天开始."""
    intro: Markup = NOTHING
    """Blocks before the steps; everything, when there are no steps."""
    steps: tuple[Step, ...] = ()
    rest: Markup = NOTHING
    """Blocks after the steps, such as the channels of 提交."""
    line: int = 0

    @property
    def letter(self) -> str:
        """A, B or C for a pause point, else nothing."""
        return PHASES.get(self.id, "")

    @property
    def printed(self) -> tuple[Step, ...]:
        """The steps that stand on paper."""
        return tuple(step for step in self.steps if step.on_sheet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """One guide: the page, its sheet and what both rest on."""

    path: str
    """The file, as messages name it."""
    slug: str
    lang: str
    title: str
    sheet_title: str
    name: str
    """What the card is called in lists: 预付卡."""
    home: Markup
    """One line for the home page."""
    card: Markup
    """The kind of card with its Belgian names, above the title."""
    updated: date
    order: int
    who: Markup
    start: Markup
    takes: Markup
    costs: Markup
    cards: tuple[str, ...]
    """The kinds of card it is about, as in CARDS; none for an overview of all."""
    phrases: tuple[str, ...]
    fields: tuple[str, ...]
    aliases: tuple[str, ...]
    answer: Markup
    """The first paragraph: what the sheet prints under the title."""
    description: str
    """The answer as plain text, for search engines and shared links."""
    sections: tuple[Section, ...]
    """What stands under each h2, in order."""
    citations: tuple[str, ...]
    """Ids of all facts cited, in order of first use: reference 1 is the first."""
    printed: tuple[PrintedText, ...]
    """What its sheet prints of its text, shared texts included."""
    diagrams: tuple[str, ...] = ()
    """Drawings it shows, as in DIAGRAMS."""
    digest: str = field(init=False, repr=False, compare=False)
    """What names all of this."""

    def __post_init__(self) -> None:
        """Work out the digest, once: a guide is asked for by it again and again."""
        said = [getattr(self, part.name) for part in fields(self) if part.name != "digest"]
        object.__setattr__(self, "digest", sha256(repr(said).encode()).hexdigest())

    def section(self, id: str) -> Section | None:
        """Return the section with that id, or None when the guide has none."""
        return next((section for section in self.sections if section.id == id), None)

    @property
    def compared(self) -> tuple[str, ...]:
        """The topics of its table of operators."""
        return compared_topics(self.cards)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step to tick, in reading order (packing list included)."""
        ticked = (*PHASES, "bring")
        return tuple(step for section in self.sections if section.id in ticked for step in section.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A reference page or a post: prose with citations."""

    path: str
    slug: str
    lang: str
    title: str
    summary: str
    day: date
    """When a page was last changed, or when a post was published."""
    aliases: tuple[str, ...]
    html: Markup
    citations: tuple[str, ...]
    diagrams: tuple[str, ...] = ()
    """Drawings it opens with, as in DIAGRAMS."""
