"""What is left of a sheet in chats and on paper: its pictures, for a phone too, and the photocopy of a photocopy."""

import json
import random
import re
import struct
from collections.abc import Iterator
from io import BytesIO

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

from handouts.content.html import bare
from handouts.content.languages import EN, HANT
from handouts.pdf.pictures import picture
from handouts.sheets.jobs import variants
from handouts.text import HAN, tree
from tests.build_tools import GUIDES, SITE, a4, guide_text, sheet_template
from tests.sheet_tools import Leaf, in_pdfium

DPI = 200
PIXEL = 25.4 / DPI
"""Millimetres in a pixel: 200 to the inch, what a simple office copier scans."""
COPIED = "handouts/prepaid.pdf"
READABLE = 0.97
"""The share of small characters that must still be nearer to themselves than to any other."""


def photocopy(image: Image.Image, seed: int) -> Image.Image:
    """Return a bad copy: shrunk to fit the page, out of focus, too contrasty, speckled; the same each time."""
    width, height = image.size
    shrunk = image.resize((round(width * 0.96), round(height * 0.96)), Image.Resampling.BILINEAR)
    blurred = shrunk.filter(ImageFilter.GaussianBlur(0.7))
    noise = Image.frombytes("L", blurred.size, random.Random(seed).randbytes(blurred.width * blurred.height))
    speckled = ImageChops.add(blurred, noise.point([grey // 4 for grey in range(256)]), offset=-32)
    return speckled.point([min(255, max(0, round((grey - 128) * 2.2 + 128))) for grey in range(256)])


def copied_twice(image: Image.Image) -> Image.Image:
    return photocopy(photocopy(image, 1), 2).resize(image.size, Image.Resampling.BILINEAR)


def code_in(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)]


def small_characters(pdf: bytes) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
    """Yield the Chinese characters set in 9 pt, the smallest there are, with their place in a picture."""
    leaf = Leaf(pdf, "")
    for one, after in zip(leaf.glyphs, leaf.glyphs[1:], strict=False):
        if re.match(f"[{HAN}][{HAN}，、。：]", one.char + after.char) and 3.1 < after.x - one.x < 3.25:
            x, y = one.x / PIXEL, one.baseline / PIXEL
            yield one.char, (round(x), round(y) - 22, round(x) + 25, round(y) + 4)


def recognised(clean: Image.Image, copy: Image.Image, places: list[tuple[str, tuple]]) -> float:
    clean, copy = (ImageOps.autocontrast(one.filter(ImageFilter.GaussianBlur(1))) for one in (clean, copy))
    known = [(char, clean.crop(box)) for char, box in places]
    seen = [(char, copy.crop(box)) for char, box in places[::3]]
    right = [char == min(known, key=lambda one: _distance(one[1], blot))[0] for char, blot in seen]
    return sum(right) / len(right)


def _distance(one: Image.Image, other: Image.Image) -> float:
    return ImageStat.Stat(ImageChops.difference(one, other)).sum2[0]


@pytest.fixture(scope="module")
def addresses(listing, real_content) -> dict[str, str]:
    """What the code on each sheet must say: its guide, the guide's date, half of the sheet's version."""
    dates = {guide.slug: f"{guide.updated:%y%m%d}" for guide in real_content.guides}
    sheets = {path: one for path, one in listing.items() if one.get("version") and one["pages"] == 1}
    codes = {path: f"?v={dates[one['guide']]}-{one['version'][:4]}" for path, one in sheets.items()}
    return {path: f"{SITE}/{sheets[path]['guide']}/{code}" for path, code in codes.items()}


@pytest.mark.parametrize("guide", GUIDES)
def test_the_code_in_the_pictures_of_a_sheet_can_be_scanned_and_a_chat_shows_a_small_a4(
    site, addresses, guide
):
    small = site / guide / "sheet.png"
    for path in (small, site / f"handouts/{guide}-phone-2.png"):
        with Image.open(path) as picture:
            assert code_in(picture.convert("L")) == [addresses[f"handouts/{guide}.pdf"]], path
            assert path != small or picture.size == (1240, 1754)  # at 150 dpi
    assert small.stat().st_size < 300_000


def test_the_code_of_every_printed_sheet_is_that_of_its_guide_and_version(site, addresses):
    assert len(addresses) > 40
    for path, address in addresses.items():
        page = pdfium.PdfDocument(site / path)[0]
        left = page.get_width() * 0.8
        head = page.render(scale=DPI / 72, grayscale=True, crop=(left, page.get_height() * 0.8, 0, 0))
        assert code_in(head.to_pil()) == [address], path


OTHERS = ("handouts/5g.pdf", "handouts/4g-proximus.pdf")


@pytest.mark.parametrize("path", [COPIED, *(pytest.param(one, marks=pytest.mark.thorough) for one in OTHERS)])
def test_a_photocopy_of_a_photocopy_is_still_read(site, path):
    """By a phone, and by a reader: each small character is nearer to itself than to any other on the page."""
    pdf = (site / path).read_bytes()
    clean = in_pdfium(pdf, DPI)
    copy = copied_twice(clean)

    assert code_in(copy) == code_in(clean)
    assert len(code_in(copy)) == 1
    places = list(small_characters(pdf))
    assert len(places) > 100
    assert recognised(clean, copy, places) >= READABLE


def test_what_is_set_at_half_the_size_is_not_read_in_a_photocopy(site):
    pdf = (site / COPIED).read_bytes()
    clean = in_pdfium(pdf, DPI)
    half = clean.resize((clean.width // 2, clean.height // 2), Image.Resampling.BILINEAR)
    copy = copied_twice(half).resize(clean.size, Image.Resampling.BILINEAR)

    assert recognised(clean, copy, list(small_characters(pdf))) < READABLE


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
