"""Readers find what they came for in a few taps; where each goes is in tests/cases/journeys.toml."""

import re
import tomllib

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Locator, Page

from tests.build_tools import CASES

JOURNEYS = tomllib.loads((CASES / "journeys.toml").read_text("utf-8"))


class Reader:
    """Somebody with a phone in the hand."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, target: str | Locator) -> None:
        """Tap the first of these that can be seen."""
        target = self.page.locator(target) if isinstance(target, str) else target
        target.locator("visible=true").first.click()
        self.taps += 1

    def link(self, name: str, part: str = "main") -> None:
        self.tap(self.page.locator(part).get_by_role("link", name=name))

    def button(self, name: str) -> None:
        self.tap(self.page.get_by_role("button", name=name))

    def unfold(self, name: str) -> None:
        self.tap(self.page.locator("main summary", has_text=name))

    def why(self, step: str) -> None:
        """Open why and how a step is done."""
        self.tap(f"#{step} > .step__more > summary")

    def operator(self, name: str) -> None:
        self.page.get_by_label("你的运营商").select_option(name)
        self.taps += 2

    def fill(self, field: str, text: str) -> None:
        self.page.locator(field).fill(text)
        self.taps += 2

    def at(self, address: str) -> None:
        self.page.wait_for_url(address)

    def sees(self, element: str, text: str) -> None:
        self.page.locator(element, has_text=text).locator("visible=true").first.wait_for()

    def reads(self, text: str) -> None:
        """Read words without opening anything more."""
        self.page.get_by_text(text).locator("visible=true").first.wait_for()
        assert re.sub(r"\s", "", text) in re.sub(r"\s", "", self.page.locator("main").inner_text())

    def prints(self, text: str) -> None:
        """Print one page that has these words."""
        (leaf,) = pdfium.PdfDocument(self.page.pdf(prefer_css_page_size=True, format="A4"))
        assert text in re.sub(r"\s+", " ", leaf.get_textpage().get_text_range())


@pytest.mark.parametrize("journey", JOURNEYS.values(), ids=JOURNEYS)
def test_a_reader_has_the_answer_after_so_many_taps(open_page, journey):
    scripts = journey.get("scripts", True)
    reader = Reader(open_page("", before="window.print = () => {}", java_script_enabled=scripts))

    for does, *words in journey["way"]:
        getattr(reader, does)(*words)

    assert reader.taps == journey["taps"]
