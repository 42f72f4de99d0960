"""Fit a guide on one page, in the largest type size that fits, and verify the PDF.

In: a Variant, the templates, a typesetter. Out: the finished PDF, or a SheetError that names the tallest steps.
Sizes are tried from 11 pt to 10 pt. At each size, optional notes are left out, the last first, before a smaller size is tried.
Below 10 pt nothing is tried: nobody could read it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from ..errors import SheetError
from ..model import Guide
from ..pdf.pictures import phone_pictures, picture
from ..pdf.verify import prove, text_below
from .manifest import Printed, printed
from .selection import Variant
from .templates import Setting, SheetTemplate, mark

if TYPE_CHECKING:
    from ..pdf.typesetter import Document, Typesetter  # importing WeasyPrint takes longer than a cached build

TYPE_SIZES = ("11", "10.5", "10")
"""Type sizes in points, largest first. CLREQ: 10.5 pt is body size, 9 pt the floor of small print."""

MARGIN_MM = 10
ENDLESS_PAGE = "@page { size: %smm 4000mm } @page letter { size: %smm 4000mm }"
"""A page on which anything fits, to measure by how much a sheet is too long."""
PX = 25.4 / 96
"""Millimetres in a CSS pixel."""
ROW_MM = 6.5
"""About the height of a step of one line."""


OnePage = tuple["Document", str]
"""A document that is one page, and the text it must show."""


def fit(
    variant: Variant, template: SheetTemplate, typesetter: Typesetter, characters: str | None = None
) -> Printed:
    """Return the sheet in the largest size that fits; SheetError if none does. `characters` of its fonts: by default its own."""
    guide, version = variant.guide, template.version(variant)

    def set_in(setting: Setting) -> OnePage | None:
        page = typesetter.read(template.render(variant, setting, version=version))
        document = typesetter.lay_out(page, text=characters)
        return (document, text_below(page.etree_element)) if len(document.pages) == 1 else None

    fitted = _largest(guide, set_in)
    if fitted is None:
        raise _too_long(variant, template, typesetter)
    setting, (document, text) = fitted
    pdf = typesetter.write(document)
    proof = prove(pdf, text, sizes=(template.paper,))
    proof.raise_for_faults()
    used = (proof.lowest_mm - MARGIN_MM) / (template.paper.height - 2 * MARGIN_MM)
    return printed(
        pdf,
        picture=b"" if variant.operator else picture(pdf),
        phone=phone_pictures(template.phone(variant), typesetter),
        name=variant.name,
        lang=guide.lang,
        guide=guide.slug,
        operator=variant.operator.id if variant.operator else "",
        fonts=proof.fonts,
        oldest=template.selection.oldest(variant),
        setting=setting,
        version=version,
        mark=mark(guide, version),
        fill=round(used, 3),
    )


def _largest(guide: Guide, set_in: Callable[[Setting], OnePage | None]) -> tuple[Setting, OnePage] | None:
    """Return the largest size at which the sheet is one page, with as many notes as fit."""
    optional = guide.optional_notes
    for points in TYPE_SIZES:
        all_kept_to_none = (frozenset(optional[kept:]) for kept in range(len(optional), -1, -1))
        settings = [Setting(points=points, dropped=dropped) for dropped in all_kept_to_none]
        page = cache(lambda at, settings=settings: set_in(settings[at]))
        # Fewer notes never make a sheet longer, so the first setting that fits is found by bisection.
        low, high = 0, 0 if page(0) else len(optional)
        while low < high and page(high):
            middle = (low + high) // 2
            low, high = (low, middle) if page(middle) else (middle + 1, high)
        if fitted := page(low):
            return settings[low], fitted
    return None


def _too_long(variant: Variant, template: SheetTemplate, typesetter: Typesetter) -> SheetError:
    """Return the error that tells a writer what to shorten."""
    steps, paper, optional = variant.guide.steps, template.paper, frozenset(variant.guide.optional_notes)
    html = template.render(variant, Setting(points=TYPE_SIZES[-1], dropped=optional), measured=True)
    endless = ENDLESS_PAGE % (paper.width, paper.width)
    anchors = typesetter.lay_out(html, extra=endless).pages[0].anchors
    excess = anchors["foot"][3] * PX - (paper.height - MARGIN_MM)
    places = {step: anchors[f"step-{step.id}"] for step in steps if f"step-{step.id}" in anchors}
    heights = {step: bottom - top for step, (_, top, _, bottom) in places.items()}
    tallest = sorted(heights, key=lambda step: (-heights[step], step.line))[:3]
    names = ", ".join(f"`{step.id}` (line {step.line})" for step in tallest)
    rows = max(1, round(excess / ROW_MM))
    return SheetError(
        f"is {excess:.0f} mm too long at {TYPE_SIZES[-1]} pt. Take about {rows} step{'s' * (rows > 1)} off paper "
        f"(sheet=no) or shorten these, the tallest: {names}.",
        tallest[0].line if tallest else 1,
    )
