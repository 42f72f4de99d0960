"""The sheet's HTML: what it says, what changes its version, what is escaped."""

import dataclasses
import re
import shutil

import jinja2
import pytest
from markupsafe import Markup

from handouts.cache.memoize import memoizing
from handouts.sheets.selection import Variant
from handouts.sheets.templates import Setting, SheetTemplate
from tests.build_tools import ROOT, SHORT, SITE, guide_text

LARGE = Setting(points="11")
ON_PAPER = {"sheet_title": "题", "answer": Markup("别的"), "phrases": ("confirm",), "fields": ("iccid",)}
ON_THE_WEB = {"title": "题", "home": Markup("别的"), "costs": Markup("别的")}


@pytest.fixture
def variant(printer) -> Variant:
    return printer.variant(guide_text(before=[("换号码。", "银行、微信", "note=optional"), *SHORT[1:]]))


def changed(variant: Variant, **values) -> Variant:
    return Variant(guide=dataclasses.replace(variant.guide, **values))


@pytest.mark.parametrize("field", [*ON_PAPER, *ON_THE_WEB])
def test_the_version_changes_with_what_is_printed_and_with_nothing_else(printer, variant, field):
    version = printer.template.version(changed(variant, **{field: (ON_PAPER | ON_THE_WEB)[field]}))
    assert re.fullmatch(r"[0-9a-f]{8}", version)
    assert (version == printer.template.version(variant)) == (field in ON_THE_WEB)


def test_plain_text_is_escaped(printer, variant):
    html = printer.html(changed(variant, sheet_title="<b>一</b> & 二"), LARGE)
    assert "&lt;b&gt;一&lt;/b&gt; &amp; 二" in html
    assert "<b>一</b>" not in html


def test_a_template_that_uses_an_unknown_word_fails(printer, tmp_path, variant):
    """A misspelt name would else print nothing."""
    (tmp_path / "sheet.html").write_text("{{ guide.titel }}", "utf-8")
    with pytest.raises(jinja2.UndefinedError, match="titel"):
        SheetTemplate(tmp_path, printer.data, SITE).render(variant, LARGE)


def test_a_sheet_is_set_anew_when_a_template_the_guide_or_the_size_changed(tmp_path, printer, variant):
    templates = shutil.copytree(ROOT / "theme/templates", tmp_path / "templates")

    def sheet(variant: Variant, setting: Setting = LARGE) -> str:
        return SheetTemplate(templates, printer.data, SITE).render(variant, setting, version="01234567")

    with memoizing():
        sheets = [
            sheet(variant),
            sheet(changed(variant, who=Markup("别人"))),
            sheet(variant, Setting(points="10")),
        ]
        assert sheet(variant) == sheets[0]
        macro = templates / "macros/paper.html"
        macro.write_text(macro.read_text("utf-8").replace("class=", 'data-new="" class='), "utf-8")
        assert len({*sheets, sheet(variant)}) == 4


def test_all_sheets_are_set_by_the_templates_as_they_were_at_first(printer, variant, tmp_path):
    """What is saved while a build runs comes in the next one; half a site of each would be kept for good."""
    templates = shutil.copytree(ROOT / "theme/templates", tmp_path / "templates")
    template = SheetTemplate(templates, printer.data, SITE)
    (templates / "sheet.html").write_text("another sheet", "utf-8")
    (templates / ".sheet.html.swp").write_bytes(b"\xff")

    assert template.model(variant) == printer.template.model(variant)
    assert SheetTemplate(templates, printer.data, SITE).model(variant) == "another sheet"
