"""Verification: each fault that one page can have, as a tiny sheet."""

import re
from io import BytesIO

import pikepdf
import pytest
from weasyprint import HTML

from handouts.pdf.verify import printed_text, prove
from tests.build_tools import GUIDES, a4
from tests.sheet_tools import faults

TEXT = "停卡之前先换号码"
GOOD = a4(f"<p>{TEXT}</p><p>Wi-Fi 上网，résilier</p>")
HYPHENS = a4(f'<p style="width: 40mm">{"Wi-Fi office fluffy naïve — résilié; " * 8}</p>')
LAST = f"<main><p>{TEXT}</p><p>最后一行</p></main>"
MANY = f"<main>{f'<p>{TEXT}</p>' * 90}<p>最后一行</p></main>"


@pytest.fixture(scope="module")
def pdf(tiny):
    """Set HTML with our fonts and the margins of a sheet."""
    return lambda html: tiny.write(tiny.lay_out(html))


@pytest.mark.parametrize("html", [GOOD, HYPHENS], ids=["whole", "hyphens, ligatures and accents"])
def test_a_whole_sheet_has_no_fault(pdf, html):
    assert faults(pdf(html), html) == []


FAULTY = {
    # what is printed, in which style, and the fault that is found
    "two pages": ('<p>一</p><p style="break-before: page">二</p>', "", "^it has 2 pages$"),
    "cut off by a box": (MANY, "body { height: 20mm; overflow: hidden }", ""),
    "running off the foot": (MANY, "html, body { height: 100% } main { position: absolute }", ""),
    "not shown": (LAST, "p:last-child { display: none }", "its text differs"),
    "moved out of sight": (LAST, "p:last-child { position: absolute; left: -400mm }", ""),
    "beyond the right edge": (f'<p style="white-space: nowrap">{TEXT * 8}</p>', "", "runs into the margin"),
    "a line in the margin": (f'<p>{TEXT}</p><div style="border-top: 1pt solid; width: 200mm"></div>', "", "^a line or box runs into the margin$"),
    "added by the style sheet": (f"<p>{TEXT}</p>", 'p::after { content: "免费" }', "came out as “免费”"),
    "another order": ("<p>一</p><p>二</p>", "body { display: flex; flex-direction: column-reverse }", "its text differs"),
    "another page size": (f"<p>{TEXT}</p>", "@page { size: letter; margin: 12mm }", "^the page is not A4$"),
    **{
        f"in the margin, {place}": (f"<p>{TEXT}</p>", f"html {{ height: 277mm }} p {{ position: absolute; {place} }}", "runs into the margin")
        for place in ("top: -4mm", "left: -4mm", "right: -4mm", "bottom: -6mm")
    },
}  # fmt: skip


def test_only_the_running_text_may_be_in_the_margins_of_a_numbered_page(pdf):
    number = '@page { @bottom-center { content: "- 1 / 1 -" } }'
    inside, outside = (
        a4(f'<p style="position: relative; top: {top}mm">{TEXT}</p>', number) for top in (0, -4)
    )

    found = [prove(pdf(html), printed_text(html), running=r"-\d/\d-").faults for html in (inside, outside)]

    assert found[0] == ()
    assert "runs into the margin" in found[1][0]


@pytest.mark.parametrize(("body", "style", "fault"), FAULTY.values(), ids=FAULTY)
def test_a_fault_is_found(pdf, body, style, fault):
    """Also on one page: a page count would not see it."""
    html = a4(body, style)
    found = faults(pdf(html), html)
    assert any(re.search(fault, one) for one in found)
    assert "2 pages" in fault or not any("pages" in one for one in found)


def test_text_that_is_doubled_or_changed_is_a_fault_that_names_its_place(pdf):
    (doubled,) = faults(pdf(a4(f"<p>{TEXT}</p><p>{TEXT}</p>")), a4(f"<p>{TEXT}</p>"))
    (changed,) = faults(pdf(a4("<p>停卡不花钱</p>")), a4("<p>停卡要花钱</p>"))
    assert "its text differs" in doubled
    assert changed == "its text differs after “停卡”: “要花钱” came out as “不花钱”"


def test_a_font_that_is_another_or_not_embedded_is_a_fault(pdf):
    """WeasyPrint by itself takes any font of the machine for a family that is not there."""
    html = a4("<p>card</p>", "@page { size: 210mm 297mm; margin: 10mm }")
    (fault,) = faults(HTML(string=html).write_pdf(), html)
    assert re.fullmatch(r"it uses the font [A-Z]{6}\+\S+", fault)

    out = BytesIO()
    with pikepdf.open(BytesIO(pdf(GOOD))) as document:
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor":
                for key in thing.keys() & {"/FontFile", "/FontFile2", "/FontFile3"}:
                    del thing[key]
        document.save(out)
    assert any("is not embedded" in fault for fault in faults(out.getvalue(), GOOD))


def test_how_far_down_a_sheet_reaches_is_measured_in_mm(pdf):
    html = a4('<div style="background: black; height: 100mm"></div>')
    assert prove(pdf(html), "").lowest_mm == pytest.approx(110, abs=0.1)


@pytest.mark.parametrize("guide", GUIDES)
def test_a_real_sheet_says_what_its_twin_says(site, guide):
    """The page on the web and the paper are two renderings of one text."""
    twin = (site / guide / "sheet/index.html").read_text("utf-8")
    assert faults((site / f"handouts/{guide}.pdf").read_bytes(), twin) == []
