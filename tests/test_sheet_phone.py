"""Pictures for a phone: as wide as they should be, light, large enough to read, and with all that the sheet says."""

import json
import re
from io import BytesIO

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
import zxingcpp
from PIL import Image

from handouts.content.html import bare
from handouts.content.languages import EN, HANT
from handouts.sheets.jobs import variants
from handouts.sheets.templates import SheetTemplate
from handouts.text import tree
from tests.build_tools import GUIDES, ROOT, SITE, guide_text

PX = 72 / 96
"""Points in a pixel of the picture."""


@pytest.fixture(scope="module")
def pictures(site, listing) -> dict[str, list[bytes]]:
    """The pictures of each PDF that has some, in order."""
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


def test_a_sheet_has_two_pictures_in_each_edition(whole_site):
    listed = json.loads((whole_site / "handouts.json").read_text(encoding="utf-8"))
    counts = {path: len(one["phone"]) for path, one in listed.items() if one["phone"]}

    assert {path.partition("handouts/")[0] for path in counts} == {"", f"{HANT.folder}/", f"{EN.folder}/"}
    assert {path: count for path, count in counts.items() if count != 2} == {}


def test_a_picture_is_1080_pixels_wide_no_higher_than_4500_and_at_most_250_kb(pictures):
    for path, of_path in pictures.items():
        for raw in of_path:
            with Image.open(BytesIO(raw)) as picture:
                assert picture.width == 1080
                assert picture.height <= 4500, path
                assert picture.mode == "P"
                assert len(picture.getcolors()) <= 16
            assert len(raw) <= 250_000, path


@pytest.mark.parametrize("guide", GUIDES)
def test_the_code_in_the_last_picture_leads_to_the_guide(pictures, guide):
    with Image.open(BytesIO(pictures[f"handouts/{guide}.pdf"][-1])) as picture:
        (code,) = zxingcpp.read_barcodes(picture.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)

    assert code.text.startswith(f"{SITE}/{guide}/?v=")


@pytest.fixture(scope="module")
def pages(real_content) -> dict[str, str]:
    """The HTML of the pictures of each sheet."""
    template = SheetTemplate(ROOT / "theme/templates", real_content.data, SITE)
    return {variant.name: template.phone(variant) for variant in variants(real_content)}


def test_text_is_40_pixels_or_more(printer, real_content):
    template = SheetTemplate(ROOT / "theme/templates", printer.data, SITE)
    html = template.phone(printer.variant(guide_text()))
    pdf = pdfium.PdfDocument(printer.typesetter.draw(printer.typesetter.lay_out(html, "phone.css")))
    sizes = {
        item.get_font_size() * abs(item.get_matrix().a) / PX
        for page in pdf
        for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT])
    }

    assert min(sizes) >= 39.9


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
