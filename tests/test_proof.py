"""Verification: each fault that one page can have, as a tiny sheet."""

import re

import pytest
from weasyprint import HTML

from handouts.pdf.verify import prove
from tests.build_tools import a4
from tests.sheet_tools import faults

TEXT = "停卡之前先换号码"
GOOD = a4(f"<p>{TEXT}</p><p>Wi-Fi 上网，résilier</p>")


@pytest.fixture(scope="module")
def pdf(tiny):
    """Set HTML with our fonts and the margins of a sheet."""
    return lambda html: tiny.write(tiny.lay_out(html))


def only_fault(found: list[str]) -> str:
    (fault,) = found
    return fault


def test_a_whole_sheet_has_no_fault(pdf):
    assert faults(pdf(GOOD), GOOD) == []


def test_two_pages_are_a_fault(pdf):
    html = a4('<p>一</p><p style="break-before: page">二</p>')

    assert faults(pdf(html), html) == ["it has 2 pages"]


@pytest.mark.parametrize(
    "style",
    [
        pytest.param("body { height: 20mm; overflow: hidden }", id="cut off by a box"),
        pytest.param("html, body { height: 100% } main { position: absolute }", id="running off the foot"),
        pytest.param("p:last-child { display: none }", id="not shown"),
        pytest.param("p:last-child { position: absolute; left: -400mm }", id="moved out of sight"),
    ],
)
def test_lost_text_is_a_fault(pdf, style):
    """On one page all the same: a page count would not see it."""
    html = a4(f"<main>{f'<p>{TEXT}</p>' * 90}<p>最后一行</p></main>", style)
    if "height: 100%" not in style and "20mm" not in style:
        html = a4(f"<main><p>{TEXT}</p><p>最后一行</p></main>", style)

    document = pdf(html)

    assert faults(document, html)
    assert "pages" not in faults(document, html)[0]


def test_text_beyond_the_right_edge_is_a_fault(pdf):
    html = a4(f'<p style="white-space: nowrap">{TEXT * 8}</p>')

    assert "runs into the margin" in faults(pdf(html), html)[-1]


@pytest.mark.parametrize(
    "place", ["top: -4mm", "left: -4mm", "right: -4mm", "bottom: -6mm"], ids=lambda place: place.split(":")[0]
)
def test_text_in_a_margin_is_a_fault(pdf, place):
    html = a4(f"<p>{TEXT}</p>", f"html {{ height: 277mm }} p {{ position: absolute; {place} }}")

    assert "runs into the margin" in only_fault(faults(pdf(html), html))


def test_a_line_in_the_margin_is_a_fault(pdf):
    html = a4(f'<p>{TEXT}</p><div style="border-top: 1pt solid; width: 200mm"></div>')

    assert only_fault(faults(pdf(html), html)) == "a line or box runs into the margin"


def test_doubled_text_is_a_fault(pdf):
    printed = a4(f"<p>{TEXT}</p><p>{TEXT}</p>")

    assert "its text differs" in only_fault(faults(pdf(printed), a4(f"<p>{TEXT}</p>")))


def test_text_that_the_style_sheet_adds_is_a_fault(pdf):
    html = a4(f"<p>{TEXT}</p>", 'p::after { content: "免费" }')

    assert "came out as “免费”" in only_fault(faults(pdf(html), html))


def test_another_order_is_a_fault(pdf):
    html = a4("<p>一</p><p>二</p>", "body { display: flex; flex-direction: column-reverse }")

    assert "its text differs" in only_fault(faults(pdf(html), html))


def test_a_changed_character_is_a_fault_that_names_its_place(pdf):
    fault = only_fault(faults(pdf(a4("<p>停卡不花钱</p>")), a4("<p>停卡要花钱</p>")))

    assert fault == "its text differs after “停卡”: “要” came out as “不”"


def test_another_font_is_a_fault():
    """WeasyPrint by itself takes any font of the machine for a family that is not there."""
    html = a4("<p>card</p>", "@page { size: 210mm 297mm; margin: 10mm }")

    assert re.fullmatch(
        r"it uses the font [A-Z]{6}\+\S+", only_fault(faults(HTML(string=html).write_pdf(), html))
    )


def test_another_page_size_is_a_fault(pdf):
    html = a4(f"<p>{TEXT}</p>", "@page { size: letter; margin: 12mm }")

    assert "the page is not A4" in faults(pdf(html), html)


def test_a_font_that_is_not_embedded_is_a_fault(pdf):
    """Made by taking the font files out of a good PDF."""
    from io import BytesIO

    import pikepdf

    out = BytesIO()
    with pikepdf.open(BytesIO(pdf(GOOD))) as document:
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor":
                for key in ("/FontFile", "/FontFile2", "/FontFile3"):
                    if key in thing:
                        del thing[key]
        document.save(out)

    assert any("is not embedded" in fault for fault in faults(out.getvalue(), GOOD))


def test_hyphens_ligatures_and_accents_read_back_as_written(pdf):
    html = a4(f'<p style="width: 40mm">{"Wi-Fi office fluffy naïve — résilié; " * 8}</p>')

    assert faults(pdf(html), html) == []


def test_how_far_down_a_sheet_reaches_is_measured_in_mm(pdf):
    html = a4('<div style="background: black; height: 100mm"></div>')

    assert prove(pdf(html), "").lowest_mm == pytest.approx(110, abs=0.1)


@pytest.mark.parametrize("guide", ["prepaid", "mobile", "4g", "5g", "data"])
def test_a_real_sheet_says_what_its_twin_says(site, guide):
    """The page on the web and the paper are two renderings of one text."""
    pdf = (site / f"handouts/{guide}.pdf").read_bytes()
    twin = (site / guide / "sheet/index.html").read_text(encoding="utf-8")

    assert faults(pdf, twin) == []
