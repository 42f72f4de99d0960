"""The sheet's HTML: what it says, what changes its version, what is escaped."""

import dataclasses
import re
import shutil
from urllib.parse import unquote

import jinja2
import pytest
import segno
from markupsafe import Markup

from handouts.cache.memoize import remembering
from handouts.pdf.verify import printed_text
from handouts.sheets import filters
from handouts.sheets import templates as render
from handouts.sheets.templates import Edition, Setting, SheetTemplate
from tests.build_tools import ROOT, SHORT, SITE, guide_text

LARGE = Setting(points="11")


@pytest.fixture
def edition(printer) -> Edition:
    return printer.edition(guide_text(before=[("换号码。", "银行、微信", "note=optional"), *SHORT[1:]]))


def changed(edition: Edition, **values) -> Edition:
    """Return the edition of a guide that differs in these fields."""
    return Edition(guide=dataclasses.replace(edition.guide, **values))


def test_every_lead_and_note_is_printed_once_and_in_order(printer, edition):
    text = printed_text(printer.html(edition, LARGE))

    at = 0
    for step in edition.guide.steps:
        for part in (step.lead.removesuffix("。"), step.note):
            at = text.index(re.sub(r"\s", "", part), at) + len(part)


def test_a_dropped_note_leaves_and_its_lead_stays(printer, edition):
    html = printer.html(edition, Setting(points="11", dropped=frozenset({"before-1"})))

    assert "换号码" in printed_text(html)
    assert "银行、微信" not in printed_text(html)


def test_a_step_marked_for_the_web_is_not_on_paper(printer):
    edition = printer.edition(guide_text(after=[*SHORT, ("写下一句话。", "", "sheet=no")]))

    assert "写下一句话" not in printer.html(edition, LARGE)


def test_paper_and_twin_print_the_same_text(printer, edition):
    paper = printer.template.render(edition, LARGE, version="01234567")
    twin = printer.template.twin(edition, LARGE, "01234567")

    assert printed_text(paper) == printed_text(twin)
    assert "<nav" in twin
    assert "<nav" not in paper


def test_a_sheet_shows_no_references(printer):
    fact = next(iter(printer.data.facts.values()))
    edition = printer.edition(guide_text(answer=f"**先看清。**再停。[@{fact.id}]"))

    html = printer.html(edition, LARGE)

    assert "ref" not in re.findall(r'class="([^"]+)"', html)
    assert "[1]" not in html


def test_the_date_on_a_sheet_is_that_of_its_oldest_fact(printer):
    dated = sorted(
        (fact for fact in printer.data.facts.values() if fact.confidence != "low"), key=lambda fact: fact.read
    )
    edition = printer.edition(guide_text(answer=f"**先看清。**[@{dated[-1].id}; @{dated[0].id}]"))

    assert printer.template.oldest(edition) == dated[0].read
    assert dated[0].read.isoformat() in printer.html(edition, LARGE)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"title": "题"}, id="title of the page"),
        pytest.param({"home": Markup("别的")}, id="line on the home page"),
        pytest.param({"costs": Markup("别的")}, id="costs"),
    ],
)
def test_the_version_stays_when_only_the_web_changes(printer, edition, values):
    assert printer.template.version(changed(edition, **values)) == printer.template.version(edition)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"sheet_title": "题"}, id="title of the sheet"),
        pytest.param({"answer": Markup("别的")}, id="answer"),
        pytest.param({"who": Markup("别的")}, id="who"),
        pytest.param({"phrases": ("confirm",)}, id="phrases"),
        pytest.param({"fields": ("iccid",)}, id="fields"),
    ],
)
def test_the_version_changes_with_what_is_printed(printer, edition, values):
    version = printer.template.version(changed(edition, **values))

    assert re.fullmatch(r"[0-9a-f]{8}", version)
    assert version != printer.template.version(edition)


def test_the_version_does_not_hang_on_the_size_of_the_type(printer, edition):
    """Two readers compare versions to see whether they hold the same text."""
    assert printer.template.version(edition) in printer.template.render(
        edition, Setting(points="10"), version=printer.template.version(edition)
    )


def test_plain_text_is_escaped(printer, edition):
    html = printer.html(changed(edition, sheet_title="<b>一</b> & 二"), LARGE)

    assert "&lt;b&gt;一&lt;/b&gt; &amp; 二" in html
    assert "<b>一</b>" not in html


def test_a_template_that_uses_an_unknown_word_fails(printer, tmp_path, edition):
    """A misspelt name would else print nothing."""
    (tmp_path / "sheet.html").write_text("{{ guide.titel }}", encoding="utf-8")

    with pytest.raises(jinja2.UndefinedError, match="titel"):
        SheetTemplate(tmp_path, printer.data, SITE).render(edition, LARGE)


def test_the_code_to_scan_holds_the_address_with_its_quiet_zone():
    """Level M, and four empty modules around it (ISO/IEC 18004, 6.3.8)."""
    uri = render.qr_code("https://example.org/prepaid/")

    expected = segno.make("https://example.org/prepaid/", error="m", micro=False)
    assert uri.startswith("data:image/svg+xml")
    size = expected.symbol_size(border=4)[0]
    assert f"viewBox='0 0 {size} {size}'" in unquote(uri).replace('"', "'")
    assert uri == expected.svg_data_uri(border=4, scale=1, omitsize=True)
    assert not expected.is_micro


@pytest.mark.parametrize(("lead", "line"), [("停卡。", "停卡"), ("停卡", "停卡"), ("停。卡。", "停。卡")])
def test_a_lead_loses_its_full_stop_beside_the_box(lead, line):
    assert filters.unstopped(Markup(lead)) == line


def test_what_was_set_before_is_set_anew_when_a_template_the_guide_or_the_size_changed(
    tmp_path, printer, edition
):
    templates = shutil.copytree(ROOT / "theme/templates", tmp_path / "templates")

    def sheet(edition: Edition, setting: Setting = LARGE) -> str:
        return SheetTemplate(templates, printer.data, SITE).render(edition, setting, version="01234567")

    with remembering():
        first = sheet(edition)
        assert sheet(edition) == first
        assert sheet(changed(edition, who=Markup("别人"))) != first
        assert sheet(edition, Setting(points="10")) != first
        macro = templates / "macros/paper.html"
        macro.write_text(macro.read_text("utf-8").replace("class=", 'data-new="" class='), "utf-8")
        assert sheet(edition) != first


def test_all_sheets_are_set_by_the_templates_as_they_were_at_first(printer, edition, tmp_path):
    """What is saved while a build runs comes in the next one; half a site of each would be kept for good."""
    templates = shutil.copytree(ROOT / "theme/templates", tmp_path / "templates")
    template = SheetTemplate(templates, printer.data, SITE)
    (templates / "sheet.html").write_text("another sheet", encoding="utf-8")
    (templates / ".sheet.html.swp").write_bytes(b"\xff")

    assert template.model(edition) == printer.template.model(edition)
    assert SheetTemplate(templates, printer.data, SITE).model(edition) == "another sheet"
