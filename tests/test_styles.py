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


def test_what_is_imported_stands_first(tmp_path):
    (tmp_path / "paper.css").write_text("p { margin: 0; }")
    (tmp_path / "sheet.css").write_text('@import "paper.css";\np { margin: 1mm; }')

    assert pdf.settled(tmp_path, "sheet.css", ()) == "p { margin: 0; }\np { margin: 1mm; }"


@pytest.mark.parametrize(
    ("classes", "expected"),
    [((), "1mm 2mm"), (("wide",), "3mm 2mm"), (("wide", "low"), "3mm 4mm"), (("other",), "1mm 2mm")],
)
def test_a_property_has_the_value_of_the_root_and_its_classes(tmp_path, classes, expected):
    (tmp_path / "sheet.css").write_text(
        "html { --side: 1mm; --top-side: 2mm; color: #000; }\n"
        "  .wide { --side: 3mm; }\n.low { font-size: 9pt; --top-side: 4mm; }\n"
        "p { margin: var(--side) var(--top-side); padding: var(--unknown); }\n"
    )

    settled = pdf.settled(tmp_path, "sheet.css", classes)
    assert f"p {{ margin: {expected}; padding: var(--unknown); }}" in settled


@pytest.mark.parametrize("name", STYLES)
def test_papers_set_their_properties_at_the_root_and_use_none_that_is_not_set(name):
    settled = pdf.settled(CSS, name, ("points-11",))

    outside = pdf.ROOT.sub("", re.sub(r"/\*.*?\*/", "", settled, flags=re.DOTALL))
    assert re.findall(r"(?<![\w-])--[\w-]+", outside) == []


@pytest.mark.parametrize("points", ["11", "10.5", "10"])
def test_a_sheet_is_the_same_with_its_style_sheets_as_written(printer, monkeypatch, points):
    """With all that WeasyPrint says of elements, and every property worked out by it."""
    typesetter = printer.typesetter
    html = printer.html(printer.edition(guide_text(before=LONG)), Setting(points=points))
    lean = typesetter.write(typesetter.lay_out(html, text=html))

    monkeypatch.setattr(pdf, "settled", lambda folder, name, _: (folder / name).read_text(encoding="utf-8"))
    monkeypatch.setattr(typesetter, "_sheets", {})
    whole = HTML(string=html, base_url=typesetter._base, url_fetcher=typesetter._fetcher)

    assert typesetter.write(typesetter.lay_out(whole, text=html)) == lean
