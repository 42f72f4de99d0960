"""Printing all sheets of a content folder: characters no font has, the cache, several processes."""

import shutil
import string
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from handouts import paths
from handouts.cache.disk import Cache
from handouts.content.loader import load
from handouts.errors import Problems
from handouts.pdf import fonts
from handouts.pdf.styles import read_styles
from handouts.pdf.typesetter import Typesetter
from handouts.pdf.verify import printed_text
from handouts.sheets import jobs, pool
from handouts.sheets.documents import USUAL_PAGES
from handouts.sheets.manifest import Handout
from handouts.sheets.printer import PreviewState, Printer, PrintSettings
from tests.build_tools import ROOT, SITE, edit, guide_text, loaded, sheet_template, write_content
from tests.test_fit import with_notes

GUIDE = guide_text(cards="prepaid")
"""A guide with a sheet for everybody and one for each operator that sells prepaid cards: enough for several processes."""


def means_with(cache: Path, **other: object) -> PrintSettings:
    theme = ROOT / "theme"
    known = {"templates": theme / "templates", "styles": theme / "static/css", "site": SITE}
    return PrintSettings(**{**known, "cache": Cache(cache), **other})


def printed(
    folder: Path, means: PrintSettings, *guides: str, site: Path | None = None
) -> tuple[dict[str, Handout], Problems]:
    problems = Problems()
    content = load(write_content(folder, *guides), problems)
    assert problems == []
    printer = Printer(content, means, problems)
    sheets, _ = printer.print()
    if site:
        printer.write(site)
    return sheets, problems


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Path:
    """A folder with a cache that has seen GUIDE, and the site. Copy it before you change it."""
    return tmp_path_factory.mktemp("full")


@pytest.fixture(scope="module")
def first(full) -> dict[str, Handout]:
    """What was printed of GUIDE with an empty cache, by several processes."""
    handouts, problems = printed(full / "content", means_with(full / "cache"), GUIDE, site=full / "site")
    assert problems == []
    assert len(list((full / "site").rglob("*.pdf"))) >= pool.WORTH_A_POOL
    return handouts


@pytest.mark.parametrize("name", ["mobile", "mobile-large", "letter-notes-fr"])
def test_without_an_address_a_paper_is_complete_and_names_none(tmp_path, name):
    """A short guide: what is beside the code on others has all the width."""
    content, _ = loaded(write_content(tmp_path / "content", letters=True))
    template = sheet_template(content.data, "")
    (job,) = (job for job in jobs.print_jobs(content, template) if job.name == name)
    text = printed_text(job.html() + job.phone()) + string.hexdigits + "–"

    styles = read_styles(means_with(tmp_path).styles)
    made = job.print(Typesetter(styles, fonts.subsets(fonts.find_faces(), text)))

    with pdfium.PdfDocument(made.pdf) as document:
        assert "example" not in "".join(page.get_textpage().get_text_range() for page in document)


def test_one_process_prints_what_several_print(tmp_path, first, monkeypatch):
    monkeypatch.setattr(pool, "WORTH_A_POOL", 1000)
    alone, _ = printed(tmp_path / "content", means_with(tmp_path / "cache"), GUIDE)
    assert list(alone.items()) == list(first.items())


def test_the_cache_leaves_out_no_note_that_must_stay(tmp_path):
    """What may be left out is not in the HTML of the sheet."""
    means = means_with(tmp_path / "cache")
    shortened, _ = printed(tmp_path / "content", means, with_notes(9, optional=5))

    whole, problems = printed(tmp_path / "other", means, with_notes(9, optional=0))

    assert shortened["mobile"].setting.dropped
    assert whole == {}
    assert "too long" in problems[0].text


def test_a_style_sheet_saved_under_way_changes_no_sheet(tmp_path):
    """Undone, the change would stay on paper: the old key would find the sheet in the new style."""
    content, _ = loaded(write_content(tmp_path / "content", guide_text()))
    styles = Path(shutil.copytree(ROOT / "theme/static/css", tmp_path / "css"))
    printer = Printer(content, means_with(tmp_path / "cache", styles=styles), Problems())
    edit(styles / "sheet.css", "@import", "h1 { color: red } @import")

    before = Printer(content, means_with(tmp_path / "other"), Problems())

    assert printer.print()[0] == before.print()[0]


@pytest.mark.thorough
def test_the_volume_is_bound_if_it_is_wanted_and_not_too_thick(tmp_path, site, monkeypatch):
    """And a large print of any length says how many pages it has."""
    content, _ = loaded(write_content(tmp_path / "content", letters=True))

    def papers(*, volume: bool) -> dict[str, Handout]:
        printer = Printer(content, means_with(tmp_path / "cache", volume=volume), Problems())
        _, papers = printer.print()
        printer.write(tmp_path / "site")
        return papers

    assert papers(volume=True).keys() - papers(volume=False).keys() == {paths.VOLUME}
    monkeypatch.setattr(jobs, "MOST_PARTS", 1)
    assert papers(volume=True).keys() == papers(volume=False).keys()

    found = []
    for folder in (tmp_path / "site", site):
        with pdfium.PdfDocument(folder / "handouts/mobile-large.pdf") as document:
            found.append(len(document))
            assert f"共 {len(document)} 页" in document[0].get_textpage().get_text_range()
    assert found[0] < USUAL_PAGES <= found[1]


def test_a_preview_shows_old_pdfs_until_their_stage(tmp_path, full, first):
    """First nothing is new but the twin, then the sheet for everybody; without a cache there is nothing to show."""
    cache = Path(shutil.copytree(full / "cache", tmp_path / "cache"))
    last = PreviewState()

    def show(content: Path, stage: int) -> dict[str, Handout]:
        last.stage = stage
        printer = Printer(loaded(content)[0], means_with(cache), Problems(), last)
        sheets, _ = printer.print()
        printer.write(tmp_path / "site")
        return sheets

    show(full / "content", 2)
    changed = write_content(tmp_path / "changed", guide_text(cards="prepaid", who="急着走的人"))
    assert show(changed, 0) == first
    assert last.old == len(first)
    assert "走的人" in (tmp_path / "site/mobile/sheet/index.html").read_text("utf-8")

    hurried = show(changed, 1)
    assert {name for name in first if hurried[name] != first[name]} == {"mobile"}
    assert last.old == len(first) - 1

    later = show(changed, 2)
    assert last.old == 0
    assert later["mobile"] == hurried["mobile"]

    shutil.rmtree(cache)
    again = show(write_content(tmp_path / "again", guide_text(cards="prepaid", who="不急的人")), 0)
    assert not {one.sha256 for one in again.values()} & {one.sha256 for one in later.values()}
    assert last.old == 0
