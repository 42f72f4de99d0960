"""Style sheets of papers: what WeasyPrint gets says the same as what is written."""

from __future__ import annotations

import re

import pytest
from weasyprint import HTML

from handouts.pdf import typesetter as pdf
from handouts.sheets.printer import STYLES
from handouts.sheets.templates import Setting
from tests.build_tools import LONG, ROOT, guide_text

CSS = ROOT / "theme/static/css"


@pytest.mark.parametrize("name", STYLES)
def test_papers_set_their_properties_at_the_root_and_use_none_that_is_not_set(name):
    settled = pdf.settled(CSS, name, ("points-11",))

    outside = pdf.ROOT.sub("", re.sub(r"/\*.*?\*/", "", settled, flags=re.DOTALL))
    assert re.findall(r"(?<![\w-])--[\w-]+", outside) == []


def test_a_sheet_is_the_same_with_its_style_sheets_as_written(printer, monkeypatch):
    """With all that WeasyPrint says of elements, and every property worked out by it."""
    typesetter = printer.typesetter
    html = printer.html(printer.variant(guide_text(before=LONG)), Setting(points="10.5"))
    lean = typesetter.write(typesetter.lay_out(html, text=html))

    monkeypatch.setattr(pdf, "settled", lambda folder, name, _: (folder / name).read_text(encoding="utf-8"))
    monkeypatch.setattr(typesetter, "_sheets", {})
    whole = HTML(string=html, base_url=typesetter._base, url_fetcher=typesetter._fetcher)

    assert typesetter.write(typesetter.lay_out(whole, text=html)) == lean
