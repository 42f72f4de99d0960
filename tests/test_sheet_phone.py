"""Pictures of sheets: what a chat shows, and those for a phone with all that the sheet says, large enough to read."""

import json
import re
import struct
from io import BytesIO

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
import zxingcpp
from PIL import Image

from handouts.content.html import bare
from handouts.content.languages import EN, HANT
from handouts.pdf.pictures import phone_pictures, picture
from handouts.pdf.verify import tree
from handouts.sheets.jobs import variants
from handouts.sheets.templates import SheetTemplate
from tests.build_tools import GUIDES, ROOT, SITE, a4, guide_text

PX = 72 / 96
"""Points in a pixel of the picture."""


@pytest.fixture(scope="module")
def pictures(site, listing) -> dict[str, list[bytes]]:
    return {
        path: [(site / name).read_bytes() for name in one["phone"]]
        for path, one in listing.items()
        if one["phone"]
    }


def test_every_sheet_and_the_phrases_have_pictures_named_after_them(listing):
    with_pictures = {path for path, one in listing.items() if one["phone"]}

    assert with_pictures == {path for path, one in listing.items() if one.get("version")} | {
        "handouts/phrases.pdf"
    }
    for path in with_pictures:
        name = path.removesuffix(".pdf")
        assert listing[path]["phone"] == [f"{name}-phone.png", f"{name}-phone-2.png"]


def test_a_sheet_has_two_pictures_in_each_edition_no_higher_than_4500_pixels(whole_site):
    listed = json.loads((whole_site / "handouts.json").read_text(encoding="utf-8"))
    counts = {path: len(one["phone"]) for path, one in listed.items() if one["phone"]}

    assert {path.partition("handouts/")[0] for path in counts} == {"", f"{HANT.folder}/", f"{EN.folder}/"}
    assert {path: count for path, count in counts.items() if count != 2} == {}
    for name in (name for one in listed.values() for name in one["phone"]):
        with Image.open(whole_site / name) as picture:
            assert picture.width == 1080, name
            assert picture.height <= 4500, name


def test_a_picture_is_1080_pixels_wide_in_16_greys_and_at_most_250_kb(pictures):
    for path, of_path in pictures.items():
        for raw in of_path:
            with Image.open(BytesIO(raw)) as picture:
                assert picture.width == 1080
                assert picture.mode == "P"
                assert len(picture.getcolors()) <= 16
            assert len(raw) <= 250_000, path


@pytest.mark.parametrize("guide", GUIDES)
def test_the_code_in_the_last_picture_leads_to_the_guide_and_a_chat_shows_a_small_a4(site, pictures, guide):
    with Image.open(BytesIO(pictures[f"handouts/{guide}.pdf"][-1])) as picture:
        (code,) = zxingcpp.read_barcodes(picture.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)

    assert code.text.startswith(f"{SITE}/{guide}/?v=")
    with Image.open(site / guide / "sheet.png") as picture:
        assert picture.size == (1240, 1754)  # at 150 dpi
    assert (site / guide / "sheet.png").stat().st_size < 300_000


@pytest.fixture(scope="module")
def pages(real_content) -> dict[str, str]:
    template = SheetTemplate(ROOT / "theme/templates", real_content.data, SITE)
    return {variant.name: template.phone(variant) for variant in variants(real_content)}


def test_text_is_40_pixels_or_more(printer):
    template = SheetTemplate(ROOT / "theme/templates", printer.data, SITE)
    html = template.phone(printer.variant(guide_text()))
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
                    words = re.sub(r"<[^>]*>|\s", "", str(bare(text))).removesuffix("。")
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
