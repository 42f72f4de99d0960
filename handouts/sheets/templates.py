"""Set a guide into the sheet's template.

In: a Guide, perhaps one Operator, the Data, what the sheet must say of itself.
Out: a complete HTML document, the same for paper and for its twin on the web.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

import jinja2
import segno
from markupsafe import Markup

from .. import paths
from ..cache.disk import key
from ..cache.memoize import remembered
from ..content.data import Data
from ..content.syntax import VALUE
from ..model import Fact, Guide, Milestone, Operator, Phrase, PrintedText
from ..paper import A4, Format
from .filters import FILTERS, JINJA_OPTIONS, spaced


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One way to set a sheet: how large the type is and which notes had to leave."""

    points: str
    """Size of the steps, in points, as written in the style sheet: `10.5`."""
    dropped: frozenset[str] = frozenset()
    """Ids of the steps whose optional note is left out."""

    @property
    def named(self) -> tuple:
        """Return what names it: in each process the same."""
        return (self.points, *sorted(self.dropped))


POINTS, VERSION, CODE = "\ufdd0", "\ufdd1", "\ufdd2"
"""Stand in a sheet for what is known only when it is printed. Unicode keeps these for a program's own use, and no
content may hold them."""
NOT_PRINTED = {POINTS, VERSION, CODE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A guide for everybody, or for the customers of one operator."""

    guide: Guide
    operator: Operator | None = None

    @property
    def name(self) -> str:
        """Return the name of its PDF, without the ending: `prepaid`, `prepaid-base`."""
        return paths.sheet_name(self.guide.slug, self.operator.id if self.operator else "")

    @property
    def named(self) -> tuple:
        """Return what names all of it: in each process the same."""
        return self.guide.digest, self.operator


PREPAID_TOPICS = ("prepaid_end", "prepaid_validity", "refund", "phone", "phone_abroad", "email", "post")
PLAN_TOPICS = ("cancel", "account", "confirm", "phone", "phone_abroad", "email", "post", "device")
"""What the sheet of one operator says of it; the best answer to each."""
LONGEST_VALUE = 60
"""Characters; a longer value, such as the address of a web page, is for the web."""

FALLBACK = "in-writing"
"""The phrase that stands for a way to end a contract, where none is known."""
CALLS = 2
"""Lines to note calls on, on the sheet of one operator; what is copied from the bill takes their place."""


class SheetTemplate:
    """The templates of sheets and other papers, loaded once for all."""

    def __init__(
        self,
        templates: Path,
        data: Data,
        site: str,
        paper: Format = A4,
        compiled: jinja2.BytecodeCache | None = None,
    ) -> None:
        """Take the templates, what they may say, the site's address, the paper, and where compiled templates are kept.

        The templates are read at once, so that all sheets are set by the same.
        """
        files = _read(templates)

        def source(name: str) -> tuple[str, str, None] | None:
            return (files[name].decode(), str(templates / name), None) if name in files else None

        environment = jinja2.Environment(
            loader=jinja2.FunctionLoader(source), bytecode_cache=compiled, **JINJA_OPTIONS
        )
        environment.filters.update(FILTERS)
        self._own = (key(*chain.from_iterable(files.items())), data.digest, site, paper)
        """What names the input of the methods below, beside their arguments."""
        self._environment = environment
        self._data = data
        self._site = site if paths.is_public(site) else ""
        self.paper = paper

    def _set(self, template: str, **values: object) -> str:
        """Return a template filled in; VERSION stands where `version` belongs if it is not given."""
        values = {"ui": self._data.ui, "phrases": self._data.phrases, "version": VERSION, **values}
        return spaced(self._environment.get_template(template).render(**values))

    @remembered(lambda self, edition: (self._own, edition.named), stored=True)
    def model(self, edition: Edition) -> str:
        """Return the sheet with every note, and with marks where size, version and code belong: all that it may say."""
        return self._sheet(edition, Setting(points=POINTS), VERSION, CODE)

    @remembered(
        lambda self, edition, setting, version: (self._own, edition.named, setting.named, version),
        stored=True,
    )
    def twin(self, edition: Edition, setting: Setting, version: str) -> str:
        """Return the web page that looks like the sheet."""
        return self._sheet(edition, setting, version, self._code_of(edition, version), web=True)

    def render(self, edition: Edition, setting: Setting, *, version: str = "", measured: bool = False) -> str:
        """Return the sheet as HTML: the model with its marks replaced, unless a note left it.

        `measured` adds an id for each step, to ask where it stands.
        """
        code = self._code_of(edition, version)
        if setting.dropped or measured:
            return self._sheet(edition, setting, version, code, measured=measured)
        marks = {POINTS: setting.points.replace(".", "-"), VERSION: version, CODE: code}
        return self.model(edition).translate(str.maketrans(marks))

    @remembered(lambda self, edition: (self._own, edition.named), stored=True)
    def phone(self, edition: Edition) -> str:
        """Return what the sheet says as a page for the screen of a phone."""
        version = self.version(edition)
        return self._set(
            "phone.html", **self._known(edition), version=version, qr=self._code_of(edition, version)
        )

    def _sheet(self, edition: Edition, setting: Setting, version: str, code: str, **how: bool) -> str:
        """Return the sheet from its template; `how` says if it is a twin (web), or measured."""
        return self._set(
            "sheet.html",
            **self._known(edition),
            points=setting.points,
            paper=self.paper.name,
            dropped=setting.dropped,
            version=version,
            qr=code,
            web=how.get("web", False),
            measured=how.get("measured", False),
        )

    def _known(self, edition: Edition) -> dict[str, object]:
        """Return what a sheet says, on paper and on a phone."""
        guide, operator = edition.guide, edition.operator
        copied, due = self._copied(edition), self._due(guide)
        return {
            "guide": guide,
            "operator": operator,
            "contacts": [] if operator else self._contacts(guide),
            "topics": self._topics(guide, operator) if operator else {},
            "copied": copied,
            "fallback": self._fallback(edition),
            "calls": max(1, CALLS - len(copied)) if operator else 1,
            "due": due,
            "notes": {step.id: _beside(step.note, due.get(step.id)) for step in guide.steps},
            "again": self._again(guide),
            "said": guide.phrases[: self.paper.phrases],
            "oldest": self.oldest(edition),
            "url": self._page(guide.slug),
        }

    def _page(self, path: str) -> str:
        """Return the address of a page as papers print it; nothing where the site has none."""
        return f"{self._site}/{path}/" if self._site else ""

    def _code_of(self, edition: Edition, version: str) -> str:
        """Return the code on a sheet; nothing where the site has no address."""
        return qr_code(self.address(edition.guide, version)) if self._site else ""

    def address(self, guide: Guide, version: str) -> str:
        """Return what the code on a guide's sheets leads to: its page, told which sheet somebody holds."""
        return f"{self._site}/{guide.slug}/?v={mark(guide, version)}"

    def version(self, edition: Edition) -> str:
        """Return eight characters that change when anything printed on the sheet changes."""
        return short_hash(self.model(edition))

    @remembered(lambda self, guide, pages=0: (self._own, guide.digest, pages), stored=True)
    def large(self, guide: Guide, pages: int = 0) -> tuple[str, date | None]:
        """Return the large print of a guide, which says how many pages it has, and its oldest date."""
        edition = Edition(guide=guide)
        oldest, version = self.oldest(edition), self.version(edition)
        html = self._set(
            "large.html",
            guide=guide,
            operator=None,
            contacts=self._contacts(guide),
            pages=pages,
            version=version,
            oldest=oldest,
            again=self._again(guide),
            url=self._page(guide.slug),
            qr=self._code_of(edition, version),
        )
        return html, oldest

    @remembered(lambda self, kind, lang: (self._own, kind, lang), stored=True)
    def letter(self, kind: str, lang: str) -> tuple[str, None]:
        """Return a letter in one language, which rests on no fact."""
        return self._set("letter.html", **self._of_letter(kind, lang, "title")), None

    @remembered(lambda self, kind, lang, updated: (self._own, kind, lang, updated), stored=True)
    def notes(self, kind: str, lang: str, updated: date) -> tuple[str, date | None]:
        """Return what a letter means, with where to send it, and its oldest date."""
        addresses = []
        for operator in self._data.operators_for(()):
            post, email = (next(iter(self._printable(ids)), None) for ids in (operator.post, operator.email))
            addresses.append((operator, post, email))
        oldest = min((fact.read for _, *known in addresses for fact in known if fact), default=None)
        html = self._set(
            "letter-notes.html",
            **self._of_letter(kind, lang, "notes"),
            kind=kind,
            name=paths.letter_name(kind, lang),
            notes=paths.notes_name(kind, lang),
            addresses=addresses,
            updated=updated,
            oldest=oldest,
            url=self._page("letters"),
            qr=qr_code(self._page("letters")) if self._site else "",
        )
        return _versioned(html), oldest

    def letter_title(self, kind: str, lang: str, of: str = "title") -> str:
        """Return what readers call a letter, or `of` its notes."""
        ui = self._data.ui
        return (
            ui["letter"][of]
            .replace("{kind}", ui["letters"][kind])
            .replace("{language}", ui["language"][lang])
        )

    def _of_letter(self, kind: str, lang: str, title: str) -> dict[str, object]:
        """Return what a letter and its notes say."""
        return {
            "lang": lang,
            "lines": self._data.letters[kind],
            "title": self.letter_title(kind, lang, title),
        }

    @remembered(lambda self, updated: (self._own, updated), stored=True)
    def card(self, updated: date) -> tuple[str, None]:
        """Return the card of phrases, which rests on no fact."""
        return _versioned(self._set("phrases.html", updated=updated)), None

    @remembered(lambda self, updated: (self._own, updated), stored=True)
    def phrases_phone(self, updated: date) -> str:
        """Return the phrases as pages for the screen of a phone."""
        phrases = [phrase for id, phrase in self._data.phrases.items() if id != FALLBACK]
        half = (len(phrases) + 1) // 2
        html = self._set(
            "phrases-phone.html",
            groups=[phrases[:half], phrases[half:]],
            updated=updated,
            url=self._page("phrases"),
            qr=qr_code(self._page("phrases")) if self._site else "",
        )
        return _versioned(html)

    def contents(self, entries: list[tuple[str, int]], updated: date) -> str:
        """Return the first page of the volume that binds all papers: (title, page) of each."""
        return _versioned(self._set("contents.html", entries=entries, updated=updated))

    def oldest(self, edition: Edition) -> date | None:
        """Return when the oldest fact on the sheet was read."""
        return min((fact.read for fact in self.facts(edition)), default=None)

    def facts(self, edition: Edition) -> list[Fact]:
        """Return the facts that the sheet rests on; unsure ones stand on the web only, below what is printed."""
        ids = {id: None for text in self.printed(edition) for id in (*text.facts, *text.support)}
        facts = (self._data.facts[id] for id in ids if id in self._data.facts)
        return [fact for fact in facts if fact.confidence != "low"]

    def printed(self, edition: Edition) -> Iterator[PrintedText]:
        """Yield every text of the content that the sheet prints; beside these stand words of ui.toml only."""
        data = self._data
        for text in edition.guide.printed:
            yield text
            for match in VALUE.finditer(text.text):
                yield _value(data.facts[match["id"]])
        for operator in [edition.operator] if edition.operator else data.operators_for(edition.guide.cards):
            yield PrintedText("data/operators.toml", operator.lines["name"], operator.name)
        fallback = self._fallback(edition)
        for phrase in [
            *(data.phrases[id] for id in edition.guide.phrases),
            *([fallback] if fallback else []),
        ]:
            for lang in ("zh", "fr", "nl", "en"):
                yield PrintedText("data/phrases.toml", phrase.lines[lang], getattr(phrase, lang))
        for fact in self._listed(edition):
            yield _value(fact)

    def _listed(self, edition: Edition) -> list[Fact]:
        """Return the facts of the sheet's table: of one operator, or the numbers of all."""
        if edition.operator:
            topics = self._topics(edition.guide, edition.operator)
            return [fact for known in topics.values() for fact in known]
        return [fact for _, *known in self._contacts(edition.guide) for fact in known if fact]

    def _contacts(self, guide: Guide) -> list[tuple[Operator, Fact | None, Fact | None]]:
        """Return (operator, number inside Belgium, number from abroad) of those that can be phoned.

        A number that can be called from everywhere is told once, as it is called from abroad.
        """
        rows = []
        for operator in self._data.operators_for(guide.cards):
            inside, abroad = (
                next(iter(self._printable(ids)), None) for ids in (operator.phone, operator.phone_abroad)
            )
            if inside and abroad and _digits(abroad) == f"32{_digits(inside).removeprefix('0')}":
                inside = None
            if inside or abroad:
                rows.append((operator, inside, abroad))
        return rows

    def _topics(self, guide: Guide, operator: Operator) -> dict[str, list[Fact]]:
        """Return what is known of an operator for this kind of card, topic by topic."""
        names = PREPAID_TOPICS if "prepaid" in guide.cards else PLAN_TOPICS
        return {name: self._printable(getattr(operator, name))[:1] for name in names}

    def _due(self, guide: Guide) -> dict[str, Milestone | None]:
        """Return the day of each step, by its id: one that its words name, or the title of its part.

        Before the last part, only days up to the flight: a later one is a date to write, not the day to do it.
        """
        due: dict[str, Milestone | None] = {}
        parts = [section for section in guide.sections if section.letter]
        for part in parts:
            for step in part.printed:
                named = self._days(step.lead + step.note) + (
                    self._days(part.hint) if step is part.printed[0] else []
                )
                fit = (
                    day
                    for day in named
                    if part is parts[-1] or (day.counts_from == "flight" and day.days <= 0)
                )
                due[step.id] = next(fit, None)
        return due

    def _again(self, guide: Guide) -> list[Milestone]:
        """Return the days after which the reader looks again: those of the last part."""
        last = [section for section in guide.sections if section.letter][-1]
        named = self._days(Markup("").join([last.hint, *(step.lead + step.note for step in last.printed)]))
        return [day for day in named if day.months or day.days > 0]

    def _days(self, html: Markup) -> list[Milestone]:
        """Return the days of the timetable that a text prints."""
        ids = dict.fromkeys(re.findall(r'data-when="([^"]*)"', str(html)))
        return [self._data.timetable[id] for id in ids]

    def _copied(self, edition: Edition) -> list[str]:
        """Return what the reader copies from the bill, because the sheet of an operator does not know it."""
        if not edition.operator:
            return []
        topics = self._topics(edition.guide, edition.operator)
        return [name for name in ("phone", "post") if not topics[name]]

    def _fallback(self, edition: Edition) -> Phrase | None:
        """Return the sentence that works everywhere, for the sheet of an operator that names no way to end or write."""
        if not edition.operator:
            return None
        topics = self._topics(edition.guide, edition.operator)
        known = any(topics.get(name) for name in ("cancel", "prepaid_end", "email", "post"))
        return None if known else self._data.phrases.get(FALLBACK)

    def _printable(self, ids: tuple[str, ...]) -> list[Fact]:
        """Return the sure facts whose values are short enough for paper."""
        return [
            fact
            for fact in self._data.sure(ids)
            if len(fact.value) <= LONGEST_VALUE and not fact.value.startswith("http")
        ]


def _beside(note: Markup, due: Milestone | None) -> Markup:
    """Return the note of a step as it stands beside the rail: a day before the flight that it begins with is left out."""
    if due is None or due.counts_from != "flight" or due.days > 0:
        return note
    return Markup(
        re.sub(
            rf'^<span class="when" data-when="{due.id}">[^<]*</span>前?(?:[换改]完)?[：，]?', "", str(note)
        )
    )


def _digits(fact: Fact) -> str:
    """Return the digits of a number."""
    return re.sub(r"\D", "", fact.value)


def _value(fact: Fact) -> PrintedText:
    """Return the value of a fact as a printed text."""
    return PrintedText("data/facts.toml", fact.lines["value"], fact.value, (fact.id,))


def _read(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by their names in it, without an editor's own."""
    files = sorted(path for path in folder.rglob("[!.]*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def mark(guide: Guide, version: str) -> str:
    """Return what the code on a sheet says of it: its date and half its version, as in `261120-79d7`.

    Short, so that the squares of the code stay large. The page reads from the date what changed since.
    """
    return f"{guide.updated:%y%m%d}-{version[:4]}"


def _versioned(html: str) -> str:
    """Return a paper with the hash of the rest as its version."""
    return html.replace(VERSION, short_hash(html))


def short_hash(html: str) -> str:
    """Return eight characters that name this text."""
    return hashlib.sha256(html.encode()).hexdigest()[:8]


@remembered(lambda url: url, stored=True)
def qr_code(url: str) -> str:
    """Return a QR code as a data URI of SVG: level M, quiet zone of 4 modules (ISO/IEC 18004)."""
    return segno.make(url, error="m", micro=False).svg_data_uri(border=4, scale=1, omitsize=True)
