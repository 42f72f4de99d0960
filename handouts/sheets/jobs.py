"""List what a site prints.

In: the Content, the templates. Out: a PrintJob for each PDF, with the key under which its result is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from .. import paths
from ..cache.disk import key
from ..content.loader import Content
from ..model import LETTERS
from .documents import bind, make
from .fit import fit
from .manifest import Handout
from .selection import Variant
from .templates import SheetTemplate

STAGES = (0, 1, 2)
"""The builds of a preview after a save: pages only, then the sheets of the guides, then everything."""
THICKEST = 30
"""Papers in a volume at most: all of them are in memory at once. A larger site has no volume."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PrintJob:
    """A PDF to print."""

    name: str
    title: str
    """Its title in the contents of the volume."""
    key: str
    """The key of its result: it is made of all inputs of the PDF."""
    html: Callable[[], str]
    """Returns the HTML that it may print."""
    phone: Callable[[], str] = str
    """Returns the HTML of its pictures for a phone; an empty text if it has none."""
    work: Callable
    """Prints it; takes the templates, a typesetter, and the list of problems."""
    variant: Variant | None = None
    """The variant that a sheet is of; None for other papers."""
    style: str = "sheet.css"
    oldest: date | None = None
    bound: bool = False
    """True if it is part of the volume."""

    @property
    def first(self) -> bool:
        """Tell whether it is the general sheet of a guide, which has a picture and a web page."""
        return self.variant is not None and self.variant.operator is None

    @property
    def stage(self) -> int:
        """Return the first stage of a preview that prints it: sheets of guides come first."""
        return 1 if self.first else 2


def print_jobs(content: Content, template: SheetTemplate, inputs: str) -> Iterator[PrintJob]:
    """Yield the jobs of the sheets, then of the other papers; `inputs` is a key for fonts and styles."""
    for variant in variants(content):
        yield PrintJob(
            name=variant.name,
            title=variant.guide.sheet_title,
            key=key(inputs, variant.name, template.model(variant), template.phone(variant)),
            html=partial(template.model, variant),
            phone=partial(template.phone, variant),
            work=partial(fit, variant),
            variant=variant,
            oldest=template.selection.oldest(variant),
            bound=variant.operator is None,
        )
    if not content.data.letters or not content.guides:
        return
    data, updated, ui = content.folder / "data", last_change(content), content.data.ui
    for kind, lang in product(content.data.letters, paths.LETTER_LANGUAGES):
        usual = kind == LETTERS[0]
        for name, text, of in (
            (paths.letter_name(kind, lang), partial(template.letter, kind, lang), "title"),
            (paths.notes_name(kind, lang), partial(template.notes, kind, lang, updated), "notes"),
        ):
            yield _document(
                inputs,
                name=name,
                title=template.letter_title(kind, lang, of),
                text=text,
                style="letter.css",
                lang=lang if of == "title" else content.data.language.code,
                home=data / "letters.toml",
                pages=1 if of == "title" else None,
                bound=usual,
                one_sided=of == "title",
            )
    if content.data.phrases:
        yield _document(
            inputs,
            name=paths.PHRASES,
            title=ui["card"]["title"],
            text=partial(template.card, updated),
            style="card.css",
            lang=content.data.language.code,
            home=data / "phrases.toml",
            pages=1,
            bound=True,
            phone=partial(template.phrases_phone, updated),
        )
    for guide in content.guides:
        yield _document(
            inputs,
            name=paths.large_name(guide.slug),
            title=guide.sheet_title,
            text=partial(template.large, guide),
            style="large.css",
            lang=guide.lang,
            home=Path(guide.path),
            guide=guide.slug,
            numbered=True,
        )


def _document(
    inputs: str,
    *,
    title: str,
    text: Callable[..., tuple[str, date | None]],
    bound: bool = False,
    **known: Any,
) -> PrintJob:
    """Return the job of a letter, the card or a large print."""
    html, oldest = text()
    phone = known.get("phone", str)
    return PrintJob(
        name=known["name"],
        title=title,
        key=key(inputs, known["name"], html, phone()),
        html=lambda: text()[0],
        phone=phone,
        work=partial(make, text=text, **known),
        style=known["style"],
        oldest=oldest,
        bound=bound,
    )


def volume_job(
    content: Content, template: SheetTemplate, inputs: str, jobs: Iterable[PrintJob], made: dict[str, Handout]
) -> PrintJob | None:
    """Return the job of the volume that binds what is printed; None when it has no parts, or too many."""
    parts = [job for job in jobs if job.bound and job.name in made]
    if not parts or len(parts) > THICKEST:
        return None
    htmls = [_as_printed(job, template, made[job.name]) for job in parts]
    updated = last_change(content)
    entries = [(job.title, html, job.style) for job, html in zip(parts, htmls, strict=True)]
    oldest = min((job.oldest for job in parts if job.oldest), default=None)
    contents = template.contents([(job.title, 1) for job in parts], updated)
    return PrintJob(
        name=paths.VOLUME,
        title="",
        key=key(inputs, paths.VOLUME, contents, *htmls),
        html=lambda: "".join([contents, *htmls]),
        work=partial(
            bind,
            names=[job.name for job in parts],
            parts=entries,
            updated=updated,
            oldest=oldest,
            home=content.folder / "guides",
            lang=content.data.language.code,
        ),
    )


def _as_printed(job: PrintJob, template: SheetTemplate, made: Handout) -> str:
    """Return the HTML of a part of the volume as it was printed."""
    if job.variant and made.setting:
        return template.render(job.variant, made.setting, version=made.version)
    return job.html()


def last_change(content: Content) -> date:
    """Return the day of the last change of a guide: the date of papers that have no date."""
    return max(guide.updated for guide in content.guides)


def variants(content: Content) -> Iterator[Variant]:
    """Yield the variants of each guide: for everybody, then for each operator that sells its kind of card."""
    for guide in content.guides:
        yield Variant(guide=guide)
        for operator in content.data.operators_for(guide.cards) if guide.cards else ():
            yield Variant(guide=guide, operator=operator)
