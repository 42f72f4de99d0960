"""Pictures of sheets: what a chat shows, and those for a phone with all that the sheet says, large enough to read."""

import json
import re
import struct
from io import BytesIO

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
from PIL import Image

from handouts.content.html import without_references
from handouts.content.languages import EN, HANT
from handouts.pdf.pictures import phone_pictures, picture
from handouts.pdf.verify import tree
from handouts.sheets.jobs import variants
from tests.build_tools import a4, guide_text, sheet_template

PX = 72 / 96
"""Points in a pixel of the picture."""


def test_every_sheet_of_every_edition_and_the_phrases_have_two_pictures_for_a_phone(whole_site):
    """Named after them, 1080 pixels wide and at most 4500 high, in 16 greys, at most 250 KB."""
    listed = json.loads((whole_site / "handouts.json").read_text(encoding="utf-8"))
    wanted = {path for path, one in listed.items() if one.get("version") or path.endswith("/phrases.pdf")}

    assert {path.partition("handouts/")[0] for path in wanted} == {"", f"{HANT.folder}/", f"{EN.folder}/"}
    assert {path for path, one in listed.items() if one["phone"]} == wanted
    for path in wanted:
        names = [path.replace(".pdf", end) for end in ("-phone.png", "-phone-2.png")]
        assert listed[path]["phone"] == names
        for name in names:
            with Image.open(whole_site / name) as picture:
                assert (picture.width, picture.mode) == (1080, "P"), name
                assert picture.height <= 4500, name
                assert len(picture.palette.palette) <= 3 * 16, name
            assert (whole_site / name).stat().st_size <= 250_000, name


@pytest.fixture(scope="module")
def pages(real_content) -> dict[str, str]:
    template = sheet_template(real_content.data)
    return {variant.name: template.phone(variant) for variant in variants(real_content)}


def test_text_is_40_pixels_or_more(printer):
    html = printer.template.phone(printer.variant(guide_text()))
    pdf = pdfium.PdfDocument(printer.typesetter.draw(printer.typesetter.read(html), "phone.css"))
    sizes = {
        item.get_font_size() * abs(item.get_matrix().a) / PX
        for page in pdf
        for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT])
    }

    assert min(sizes) >= 39.9


def test_what_does_not_fit_below_goes_to_another_picture(printer):
    rows = "".join(f'<li class="step"><b>停卡 {number}</b></li>' for number in range(60))
    name = '<p class="strip band band__brand">BASE</p>'
    html = f'{name}<ul class="strip">{rows}</ul><p class="strip strip--new">预付</p><p class="strip">卡</p>'

    pictures = phone_pictures(f'<html lang="zh-Hans"><body>{html}</body></html>', printer.typesetter)

    heights = [Image.open(BytesIO(raw)).height for raw in pictures]
    assert len(heights) == 3
    assert heights[2] < heights[1] < heights[0] <= 4500


def test_a_picture_says_every_step_with_its_note_every_phrase_and_every_number(pages, real_content):
    by_slug = {guide.slug: guide for guide in real_content.guides}
    for name, html in pages.items():
        said = re.sub(r"\s", "", "".join(tree(html).itertext()))
        guide = by_slug[name.partition("-")[0]]
        for step in guide.steps:
            if step.on_sheet:
                for text in (step.lead, step.note):
                    words = re.sub(r"<[^>]*>|\s", "", str(without_references(text))).removesuffix("。")
                    assert words in said, (name, step.id)
        for id in guide.phrases:
            assert re.sub(r"\s|/.*", "", real_content.data.phrases[id].fr) in said


def chunks(png: bytes) -> list[str]:
    """Return the names of a PNG's chunks, in order (PNG specification, 5.3)."""
    names, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        names.append(png[at + 4 : at + 8].decode())
        at += 12 + length
    return names


def test_a_picture_holds_no_date_and_no_text(tiny):
    """Chunks such as tIME and tEXt would change from build to build."""
    pdf = tiny.write(tiny.lay_out(a4("<p>停卡</p>")))
    assert set(chunks(picture(pdf))) == {"IHDR", "pHYs", "PLTE", "IDAT", "IEND"}


def test_a_picture_shows_the_slash_in_the_line_for_a_day(tiny):
    """What a field shows is no part of the page: a viewer draws it on top."""
    darkest = []
    for name in ("-done-", "-fill-"):
        body = f'<form><input name="x{name}1" title="x"></form>'
        pdf = tiny.write(tiny.lay_out(a4(body, "input { border: 0 }")))
        darkest.append(Image.open(BytesIO(picture(pdf))).convert("L").getextrema()[0])

    assert darkest[0] < 128 < darkest[1]
