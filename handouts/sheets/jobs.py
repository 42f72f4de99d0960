"""List what a site prints.

In: the Content, the templates. Out: a PrintJob for each PDF.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from itertools import groupby, product
from operator import attrgetter

from .. import paths
from ..content.loader import Content
from ..model import LETTERS
from ..paper import A4
from .documents import PaperJob, PrintJob, SheetJob, VolumeJob
from .manifest import Handout
from .selection import Variant
from .templates import SheetTemplate

STAGES = (0, 1, 2)
"""The builds of a preview after a save: pages only, then the sheets of the guides, then everything."""
MOST_PARTS = 30
"""Papers in a volume at most: all of them are in memory at once. A larger site has no volume."""


def print_jobs(content: Content, template: SheetTemplate) -> Iterator[PrintJob]:
    """Yield the jobs of the sheets, then of the other papers."""
    for guide, variants_of in groupby(variants(content), key=attrgetter("guide")):
        of_guide = list(variants_of)
        characters = "".join(sorted(set("".join(map(template.model, of_guide)))))
        for variant in of_guide:
            yield SheetJob(
                name=variant.name,
                title=guide.sheet_title,
                lang=guide.lang,
                home=guide.path,
                guide=guide.slug,
                characters=characters,
                oldest=template.selection.oldest(variant),
                bound=variant.operator is None,
                variant=variant,
                template=template,
            )
    if not content.data.letters or not content.guides:
        return
    folder, lang, updated = content.folder / "data", content.data.language.code, last_change(content)
    for kind, theirs in product(content.data.letters, paths.LETTER_LANGUAGES):
        yield PaperJob(
            name=paths.letter_name(kind, theirs),
            title=template.letter_title(kind, theirs),
            lang=theirs,
            home=str(folder / "letters.toml"),
            template=partial(template.letter, kind, theirs),
            style="letter.css",
            bound=kind == LETTERS[0],
            pages=1,
            one_sided=True,
        )
        yield PaperJob(
            name=paths.notes_name(kind, theirs),
            title=template.letter_title(kind, theirs, "notes"),
            lang=lang,
            home=str(folder / "letters.toml"),
            template=partial(template.notes, kind, theirs, updated),
            style="letter.css",
            oldest=template.selection.oldest_address(),
            bound=kind == LETTERS[0],
        )
    if content.data.phrases:
        yield PaperJob(
            name=paths.PHRASES,
            title=content.data.ui["card"]["title"],
            lang=lang,
            home=str(folder / "phrases.toml"),
            template=partial(template.card, updated),
            phone_template=partial(template.phrases_phone, updated),
            style="card.css",
            bound=True,
            pages=1,
        )
    for guide in content.guides:
        yield PaperJob(
            name=paths.large_name(guide.slug),
            lang=guide.lang,
            home=guide.path,
            guide=guide.slug,
            template=partial(template.large, guide),
            style="large.css",
            oldest=template.selection.oldest(Variant(guide=guide)),
            numbered=True,
        )


def volume_job(
    content: Content, template: SheetTemplate, jobs: Iterable[PrintJob], made: dict[str, Handout]
) -> PrintJob | None:
    """Return the job of the volume that binds what is printed; None when it has no parts, or too many."""
    bound = [job for job in jobs if job.bound and job.name in made]
    if not bound or len(bound) > MOST_PARTS:
        return None
    parts = [(job, job.as_printed(made[job.name])) for job in bound]
    contents = partial(template.contents, updated=last_change(content))
    return VolumeJob(
        name=paths.VOLUME,
        lang=content.data.language.code,
        home=str(content.folder / "guides"),
        oldest=min((job.oldest for job in bound if job.oldest), default=None),
        parts=parts,
        contents=contents,
        sizes=(A4, template.paper),
    )


def last_change(content: Content) -> date:
    """Return the day of the last change of a guide: the date of papers that have no date."""
    return max(guide.updated for guide in content.guides)


def variants(content: Content) -> Iterator[Variant]:
    """Yield the variants of each guide: for everybody, then for each operator that sells its kind of card."""
    for guide in content.guides:
        yield Variant(guide=guide)
        for operator in content.data.operators_for(guide.cards) if guide.cards else ():
            yield Variant(guide=guide, operator=operator)
