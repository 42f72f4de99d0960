"""Fit a guide on one page, as large as it goes, and prove it.

In: a Guide and the means to set it. Out: a Sheet, or the reason why there is none, with its line.
The ladder: 11 pt, then 10.5, then 10; at each size the optional notes leave, last first, before the
type shrinks. Below 10 pt nothing is tried: a sheet that cannot be read is worse than none.
"""

from __future__ import annotations

from dataclasses import dataclass

from .errors import Problems
from .model import Guide
from .pdf import SheetError, Typesetter
from .proof import faults, lowest_mm
from .render import Setting, SheetTemplate

LADDER = ("11", "10.5", "10")
"""Type sizes in points, largest first. CLREQ: 10.5 pt is body size, 9 pt the floor of small print."""

PAGE_BOTTOM_MM = 287
PAGE_TOP_MM = 10
ENDLESS = "@page { size: 210mm 4000mm }"
"""A page on which anything fits, to measure by how much a sheet is too long."""
PX = 25.4 / 96
"""Millimetres in a CSS pixel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A finished sheet, proven to be one whole page."""

    guide: Guide
    setting: Setting
    version: str
    pdf: bytes
    fill: float
    """How much of the page's height is used, from 0 to 1."""


def fit(guide: Guide, template: SheetTemplate, typesetter: Typesetter, problems: Problems) -> Sheet | None:
    """Return the sheet set as large as it goes; None after noting why it cannot be printed."""
    version = template.version(guide)

    def html(setting: Setting) -> str:
        return template.render(guide, setting, version=version)

    def fits(setting: Setting) -> bool:
        return len(typesetter.lay_out(html(setting)).pages) == 1

    try:
        setting = _largest(guide, fits)
        if setting is None:
            line, text = _too_long(guide, html, typesetter)
            problems.add(guide.path, line, text)
            return None
        pdf = typesetter.write(typesetter.lay_out(html(setting)))
    except SheetError as warning:
        problems.add(guide.path, 1, f"The sheet cannot be set: {warning}. Change what it names.")
        return None
    found = faults(pdf, html(setting))
    for fault in found:
        problems.add(guide.path, 1, f"The sheet is not whole: {fault}. Shorten or rewrite that place.")
    if found:
        return None
    used = (lowest_mm(pdf) - PAGE_TOP_MM) / (PAGE_BOTTOM_MM - PAGE_TOP_MM)
    return Sheet(guide=guide, setting=setting, version=version, pdf=pdf, fill=round(used, 3))


def _largest(guide: Guide, fits) -> Setting | None:
    """Return the first rung of the ladder on which the sheet is one page, keeping most notes."""
    optional = [step.id for step in guide.steps if step.note and step.note_optional and step.on_sheet]
    for points in LADDER:
        if fits(Setting(points=points)):
            return Setting(points=points)
        bare = Setting(points=points, dropped=frozenset(optional))
        if not optional or not fits(bare):
            continue
        # Fewer notes never make a sheet longer, so the number that must leave can be bisected.
        low, high = 1, len(optional)
        while low < high:
            middle = (low + high) // 2
            if fits(Setting(points=points, dropped=frozenset(optional[-middle:]))):
                high = middle
            else:
                low = middle + 1
        return Setting(points=points, dropped=frozenset(optional[-low:]))
    return None


def _too_long(guide: Guide, html, typesetter: Typesetter) -> tuple[int, str]:
    """Return the line and the sentence that tell a writer what is too much."""
    optional = frozenset(step.id for step in guide.steps if step.note_optional)
    smallest = Setting(points=LADDER[-1], dropped=optional)
    anchors = typesetter.lay_out(html(smallest), extra=ENDLESS).pages[0].anchors
    excess = anchors["foot"][3] * PX - PAGE_BOTTOM_MM
    heights = {
        step: (anchors[f"step-{step.id}"][3] - anchors[f"step-{step.id}"][1]) * PX
        for step in guide.steps
        if f"step-{step.id}" in anchors
    }
    tallest = sorted(heights, key=lambda step: (-heights[step], step.line))[:3]
    names = ", ".join(f"`{step.id}` (line {step.line})" for step in tallest)
    rows = max(1, round(excess / 6.5))
    return (
        tallest[0].line if tallest else 1,
        f"The sheet is {excess:.0f} mm too long at {LADDER[-1]} pt. Take about {rows} steps off paper "
        f"(sheet=no) or shorten these, the tallest: {names}.",
    )
