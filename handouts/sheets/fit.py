"""Fit a guide on one page, in the largest type size that fits, and verify the PDF.

In: a Variant, the templates, a typesetter. Out: the finished PDF, or a problem with its line.
Sizes are tried from 11 pt to 10 pt. At each size, optional notes are left out, the last first, before a smaller size is tried.
Below 10 pt nothing is tried: nobody could read it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import Problems, SheetError
from ..model import Guide
from ..paper import Format
from ..pdf.pictures import phone_pictures, picture
from ..pdf.verify import prove, text_below
from .manifest import Printed, printed
from .selection import Variant
from .templates import Setting, SheetTemplate, mark

if TYPE_CHECKING:
    from ..pdf.typesetter import Document, Typesetter  # importing WeasyPrint takes longer than a cached build

LADDER = ("11", "10.5", "10")
"""Type sizes in points, largest first. CLREQ: 10.5 pt is body size, 9 pt the floor of small print."""

MARGIN_MM = 10
ENDLESS = "@page { size: %smm 4000mm } @page letter { size: %smm 4000mm }"
"""A page on which anything fits, to measure by how much a sheet is too long."""
PX = 25.4 / 96
"""Millimetres in a CSS pixel."""
ROW_MM = 6.5
"""About the height of a step of one line."""


OnePage = tuple["Document", str]
"""A document that is one page, and the text it must show."""


def fit(
    variant: Variant, template: SheetTemplate, typesetter: Typesetter, problems: Problems
) -> Printed | None:
    """Return the sheet in the largest size that fits; None after adding a problem."""
    guide, version = variant.guide, template.version(variant)
    sheet = f"The sheet for {variant.operator.name}" if variant.operator else "The sheet"

    def html(setting: Setting, measured: bool = False) -> str:
        return template.render(variant, setting, version=version, measured=measured)

    def set_in(setting: Setting) -> OnePage | None:
        page = typesetter.read(html(setting))
        document = typesetter.lay_out(page)
        return (document, text_below(page.etree_element)) if len(document.pages) == 1 else None

    try:
        fitted = _largest(guide, set_in)
        if fitted is None:
            line, text = _too_long(guide, html, typesetter, template.paper)
            problems.add(guide.path, line, f"{sheet} {text}")
            return None
        setting, (document, text) = fitted
        pdf = typesetter.write(document)
        phone = phone_pictures(template.phone(variant), typesetter)
    except SheetError as error:
        problems.add(guide.path, 1, f"{sheet} cannot be set: {error}. Change what it names.")
        return None
    proof = prove(pdf, text, sizes=(template.paper,))
    for fault in proof.faults:
        problems.add(guide.path, 1, f"{sheet} is not whole: {fault}. Shorten or rewrite that place.")
    if proof.faults:
        return None
    used = (proof.lowest_mm - MARGIN_MM) / (template.paper.height - 2 * MARGIN_MM)
    made = printed(
        pdf,
        phone,
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
    return made if variant.operator else replace(made, picture=picture(pdf))


def _largest(guide: Guide, set_in: Callable[[Setting], OnePage | None]) -> tuple[Setting, OnePage] | None:
    """Return the largest size at which the sheet is one page, with as many notes as fit."""
    optional = [step.id for step in guide.steps if step.note and step.note_optional and step.on_sheet]
    for points in LADDER:
        entire = Setting(points=points)
        done = set_in(entire)
        if done:
            return entire, done
        if not optional:
            continue
        setting = Setting(points=points, dropped=frozenset(optional))
        done = set_in(setting)
        if done is None:
            continue
        # Fewer notes never make a sheet longer, so the number to leave out is found by bisection.
        low, high = 1, len(optional)
        while low < high:
            middle = (low + high) // 2
            fewer = Setting(points=points, dropped=frozenset(optional[-middle:]))
            found = set_in(fewer)
            if found:
                high, setting, done = middle, fewer, found
            else:
                low = middle + 1
        return setting, done
    return None


def _too_long(
    guide: Guide, html: Callable[[Setting, bool], str], typesetter: Typesetter, paper: Format
) -> tuple[int, str]:
    """Return the line and the sentence that tell a writer what to shorten."""
    optional = frozenset(step.id for step in guide.steps if step.note_optional)
    smallest = Setting(points=LADDER[-1], dropped=optional)
    endless = ENDLESS % (paper.width, paper.width)
    anchors = typesetter.lay_out(html(smallest, True), extra=endless).pages[0].anchors
    excess = anchors["foot"][3] * PX - (paper.height - MARGIN_MM)
    heights = {
        step: (anchors[f"step-{step.id}"][3] - anchors[f"step-{step.id}"][1]) * PX
        for step in guide.steps
        if f"step-{step.id}" in anchors
    }
    tallest = sorted(heights, key=lambda step: (-heights[step], step.line))[:3]
    names = ", ".join(f"`{step.id}` (line {step.line})" for step in tallest)
    rows = max(1, round(excess / ROW_MM))
    return (
        tallest[0].line if tallest else 1,
        f"is {excess:.0f} mm too long at {LADDER[-1]} pt. Take about {rows} step{'s' * (rows > 1)} off paper "
        f"(sheet=no) or shorten these, the tallest: {names}.",
    )
