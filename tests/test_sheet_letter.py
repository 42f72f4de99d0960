"""Sheets on US Letter: one setting, and everything that is printed of a sheet follows."""

import string
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from handouts.content.languages import EN
from handouts.content.loader import Content, load
from handouts.errors import Problems, UsageError
from handouts.paper import A4, LETTER, paper_format
from handouts.pdf import fonts
from handouts.pdf.styles import read_styles
from handouts.pdf.typesetter import Typesetter
from handouts.pdf.verify import printed_text
from handouts.sheets.fit import fit
from handouts.sheets.jobs import variants
from handouts.sheets.manifest import Printed
from handouts.sheets.selection import Variant
from tests.build_tools import ROOT, SITE, sheet_template
from tests.sheet_tools import faults
from tests.test_plugin import pelican

FULLEST = ("4g-proximus", "5g-proximus", "prepaid-mobile-vikings")


@pytest.fixture(scope="module")
def letter_site(one_guide, tmp_path_factory) -> Path:
    """A small site, built with the setting changed and nothing else."""
    folder = tmp_path_factory.mktemp("letter")
    done = pelican(
        [sys.executable, "-m", "pelican"],
        *(one_guide, "-s", ROOT / "pelicanconf.py", "-o", folder / "site", "--fatal", "warnings"),
        *("-e", 'PAPER="Letter"', f'HANDOUTS_CACHE="{folder / "cache"}"'),
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


def printing(content: Content) -> Callable[[Variant], Printed]:
    """Return a function that prints a sheet of an edition on Letter; none may be refused."""
    template = sheet_template(content.data, SITE, LETTER)
    text = "".join(template.model(variant) + template.phone(variant) for variant in variants(content))
    cuts = fonts.subsets(fonts.find_faces(), printed_text(text) + string.hexdigits)
    typesetter = Typesetter(read_styles(ROOT / "theme/static/css"), cuts)

    return lambda variant: fit(variant, template, typesetter)


@pytest.fixture(scope="module")
def on_letter(real_content) -> Callable[[Variant], Printed]:
    return printing(real_content)


def test_a_sheet_is_one_whole_page_of_letter(letter_site):
    pdf = (letter_site / "handouts/mobile.pdf").read_bytes()
    twin = (letter_site / "mobile/sheet/index.html").read_text("utf-8")

    assert pdfium.PdfDocument(pdf)[0].get_size() == (612, 792)
    assert faults(pdf, twin, LETTER) == []
    assert "the page is not A4" in faults(pdf, twin, A4)


def test_its_picture_and_what_a_browser_prints_are_letter_too(letter_site, browser):
    with Image.open(BytesIO((letter_site / "mobile/sheet.png").read_bytes())) as picture:
        assert picture.size == (1275, 1650)
    page = browser.new_page()
    page.goto((letter_site / "mobile/sheet/index.html").as_uri())
    printed = pdfium.PdfDocument(page.pdf(prefer_css_page_size=True))
    said = page.locator(".twin span").inner_text()

    assert "Letter" in said
    assert [one.get_size() for one in printed] == [pytest.approx((612, 792), abs=1)]


def test_the_fullest_sheets_fit_on_letter(on_letter, real_content):
    fullest = [variant for variant in variants(real_content) if variant.name in FULLEST]

    assert len(fullest) == len(FULLEST)
    for variant in fullest:
        sheet = on_letter(variant)
        assert pdfium.PdfDocument(sheet.pdf)[0].get_size() == (612, 792)
        assert 0.9 < sheet.handout.fill <= 1.002


def test_english_sheets_fit_on_letter_too():
    english = load(ROOT / "content", Problems(), (), EN)
    (fullest,) = (variant for variant in variants(english) if variant.name == "prepaid-mobile-vikings")

    assert printing(english)(fullest).handout.fill <= 1.002


@pytest.mark.thorough
def test_every_sheet_fits_on_letter(on_letter, real_content):
    assert all(on_letter(variant) for variant in variants(real_content))


def test_another_paper_is_refused_with_what_to_write():
    with pytest.raises(UsageError, match=r"is 'A3'\. Write 'A4' or 'Letter'\."):
        paper_format("A3")
