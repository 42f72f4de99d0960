"""What is left of a sheet on paper and in chats: the picture of it, and the photocopy of a photocopy."""

import json
import random
import re
from collections.abc import Iterator

import pypdfium2 as pdfium
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

from handouts.text import HAN
from tests.build_tools import GUIDES, SITE
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

    def nearest(blot: Image.Image) -> str:
        return min(known, key=lambda one: ImageStat.Stat(ImageChops.difference(one[1], blot)).sum2[0])[0]

    return sum(char == nearest(blot) for char, blot in seen) / len(seen)


@pytest.fixture(scope="module")
def addresses(whole_site, real_content) -> dict[str, str]:
    """What the code on each sheet must say: its edition and guide, the guide's date, half of the sheet's version."""
    dates = {guide.slug: f"{guide.updated:%y%m%d}" for guide in real_content.guides}
    listed = json.loads((whole_site / "handouts.json").read_text("utf-8"))
    sheets = {path: one for path, one in listed.items() if one.get("version")}
    codes = {path: f"?v={dates[one['guide']]}-{one['version'][:4]}" for path, one in sheets.items()}
    return {
        path: f"{SITE}/{path.partition('handouts/')[0]}{sheets[path]['guide']}/{codes[path]}"
        for path in sheets
    }


@pytest.mark.parametrize("guide", GUIDES)
def test_the_code_in_every_form_of_a_sheet_can_be_scanned(site, addresses, open_page, guide):
    """In its pictures, of which a chat shows a small A4, in large print, and printed from a browser."""
    code, small = [addresses[f"handouts/{guide}.pdf"]], site / guide / "sheet.png"
    for path in (small, site / f"handouts/{guide}-phone-2.png"):
        with Image.open(path) as picture:
            assert code_in(picture.convert("L")) == code, path
            assert path != small or picture.size == (1240, 1754)  # at 150 dpi
    assert small.stat().st_size < 300_000
    assert code_in(in_pdfium((site / f"handouts/{guide}-large.pdf").read_bytes(), DPI)) == code
    page = open_page(f"{guide}/sheet/")
    assert code_in(in_pdfium(page.pdf(prefer_css_page_size=True), DPI)) == code


def test_the_code_of_every_printed_sheet_is_that_of_its_guide_and_version(whole_site, addresses):
    assert len(addresses) > 100
    for path, address in addresses.items():
        page = pdfium.PdfDocument(whole_site / path)[0]
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
