"""Printing all sheets of a content folder: characters no font has, the cache, several processes."""

from __future__ import annotations

import dataclasses
import hashlib
import pickle
import shutil
import tracemalloc
from concurrent.futures import Future
from pathlib import Path

import jinja2
import pypdfium2 as pdfium
import pytest

from handouts.cache.disk import Cache
from handouts.cache.memoize import remembering
from handouts.content.loader import load
from handouts.errors import CallError, Problems
from handouts.pdf import typesetter as pdf
from handouts.sheets import jobs as pieces
from handouts.sheets import pool as crew
from handouts.sheets import printer as press
from handouts.sheets import results as stock
from handouts.sheets.documents import LETTER_LANGUAGES, USUAL_PAGES
from handouts.sheets.jobs import Hurry
from handouts.sheets.manifest import Handout, manifest
from handouts.sheets.outputs import Filed, Shelf
from handouts.sheets.printer import Last, Press, Shop
from handouts.sheets.results import CompiledTemplates
from tests.build_tools import LONG, ROOT, SITE, guide_text, no_letters, tree, write_content

GUIDE = guide_text(cards="prepaid")
"""A guide with a sheet for everybody and one for each operator that sells prepaid cards."""


def shop_with(cache: Path) -> Shop:
    """Return the real theme with a cache of its own."""
    return Shop(
        templates=ROOT / "theme/templates", styles=ROOT / "theme/static/css", site=SITE, cache=Cache(cache)
    )


def shelf_of(folder: Path) -> Shelf:
    """Return where the files of a content folder are put away."""
    return Shelf(folder.with_name("shelf"))


def printed(folder: Path, shop: Shop, *guides: str) -> tuple[dict[str, Handout], Problems]:
    """Return the handouts of a content folder with these guides, and the problems found."""
    problems = Problems()
    content = load(write_content(folder, *guides), problems)
    assert problems == []
    return Press(content, shop, shelf_of(folder), problems).print()[0], problems


def pdfs(handouts: dict[str, Handout]) -> dict[str, Filed]:
    """Return the sizes and digests of the PDFs."""
    return {name: handout.sheet.pdf for name, handout in handouts.items()}


@pytest.fixture(scope="module")
def full_cache(tmp_path_factory) -> Path:
    """A cache that has seen GUIDE. Copy it before you change it."""
    return tmp_path_factory.mktemp("full") / "cache"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Where the content of the first run is."""
    return tmp_path_factory.mktemp("first") / "content"


class Noted(crew.Crew):
    """A crew that notes how much it was told to expect, and what it was handed, in this order."""

    last: Noted

    def __init__(self, pieces: int, tools: tuple) -> None:
        super().__init__(pieces, tools)
        self.expected, self.handed = pieces, []
        Noted.last = self

    def hand(self, name: str, *work: object) -> Future:
        self.handed.append(name)
        return super().hand(name, *work)


@pytest.fixture(scope="module")
def first(folder, full_cache) -> dict[str, Handout]:
    """What was printed of GUIDE with an empty cache, by several processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(press, "Crew", Noted)
        handouts, problems = printed(folder, shop_with(full_cache), GUIDE)
    assert problems == []
    assert len(handouts) >= crew.WORTH_A_POOL
    return handouts


def test_a_guide_has_a_sheet_for_everybody_and_one_for_each_operator_that_sells_its_card(first, real_content):
    selling = [operator.id for operator in real_content.data.operators_for(("prepaid",))]

    assert list(first) == ["mobile", *(f"mobile-{operator}" for operator in selling)]
    assert {entry["operator"] for entry in manifest(first, {}).values()} == {None, *selling}


def test_a_guide_about_no_kind_of_card_has_one_sheet(tmp_path):
    handouts, _ = printed(tmp_path / "content", shop_with(tmp_path / "cache"), guide_text())

    assert list(handouts) == ["mobile"]


def test_the_sheet_for_everybody_has_picture_and_twin(first, folder):
    shelf = shelf_of(folder)

    assert shelf.read(first["mobile"].png).startswith(b"\x89PNG")
    assert "小卡核对表" in shelf.read(f"{first['mobile'].twin}index.html").decode()
    assert len(list(folder.with_name("shelf").rglob("*.png"))) == 1


def test_a_large_print_of_any_length_says_how_many_pages_it_has(first, folder, site):
    short = shelf_of(folder).read("handouts/mobile-large.pdf")
    usual = (site / "handouts/mobile-large.pdf").read_bytes()

    for raw, pages in ((short, USUAL_PAGES - 2), (usual, USUAL_PAGES)):
        with pdfium.PdfDocument(raw) as document:
            assert len(document) == pages
            assert f"共 {pages} 页" in document[0].get_textpage().get_text_range()


def test_of_what_is_printed_only_size_and_digest_are_kept(first, folder):
    """A thousand guides would be 350 MB."""
    for handout in first.values():
        raw = shelf_of(folder).read(handout.pdf)

        assert raw.startswith(b"%PDF")
        assert handout.sheet.pdf == Filed(len(raw), hashlib.sha256(raw).hexdigest())
        assert len(pickle.dumps(handout.sheet)) < 1000


def test_nothing_that_was_read_from_the_cache_is_held(tmp_path, full_cache, first):
    content = load(write_content(tmp_path / "content", GUIDE), Problems())
    press = Press(content, shop_with(full_cache), shelf_of(tmp_path / "content"), Problems())
    press.print()  # loads the templates
    tracemalloc.start()
    try:
        handouts, papers = press.print()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    whole = sum(len(raw) for raw in tree(tmp_path / "shelf").values())
    assert list(handouts) == list(first)
    assert "all" in papers
    assert held < whole / 5


def test_one_process_prints_what_several_print(tmp_path, first, monkeypatch):
    """And in the same order."""
    monkeypatch.setattr(crew, "WORTH_A_POOL", 1000)

    alone, _ = printed(tmp_path / "content", shop_with(tmp_path / "cache"), GUIDE)

    assert list(alone) == list(first)
    assert pdfs(alone) == pdfs(first)


def test_the_volume_comes_as_soon_as_its_parts_are_there_and_nobody_waits_for_them(first):
    """It takes longest: as the last piece, all but one process would wait for it."""
    letters = {f"letter-{lang}" for lang in LETTER_LANGUAGES}
    order = Noted.last.handed
    at = order.index("all")

    assert letters | {"mobile", "phrases"} <= set(order[:at])
    assert at == min(len(letters) + 2 + Noted.last.size, len(order) - 1)
    assert set(order) == {*first, *letters, "phrases", "mobile-large", "all"}
    assert len(order) == Noted.last.expected


def test_what_was_printed_before_is_not_printed_again(tmp_path, full_cache, folder, first, monkeypatch):
    monkeypatch.setattr(stock, "picture", None)
    for name in ("fit", "make", "bind"):
        monkeypatch.setattr(pieces, name, None)

    again, _ = printed(tmp_path / "content", shop_with(full_cache), GUIDE)

    assert pdfs(again) == pdfs(first)
    assert tree(tmp_path / "shelf") == tree(folder.with_name("shelf"))
    assert manifest(again, {}) == manifest(first, {})


def test_one_changed_word_is_printed_anew(tmp_path, full_cache, first):
    again, _ = printed(
        tmp_path / "content", shop_with(full_cache), guide_text(cards="prepaid", who="人的测试")
    )

    assert list(again) == list(first)
    assert not set(pdfs(again).values()) & set(pdfs(first).values())


@pytest.mark.parametrize(
    "spoil",
    [lambda raw: raw[:-1], lambda raw: raw[:-1] + b"?", lambda raw: b""],
    ids=["cut short", "altered", "emptied"],
)
def test_a_spoilt_entry_of_the_cache_is_made_anew(tmp_path, full_cache, folder, first, spoil):
    """The smallest entry is a sheet; fonts take longer to make."""
    cache = Path(shutil.copytree(full_cache, tmp_path / "cache"))
    pdf = shelf_of(folder).read(first["mobile"].pdf)
    entry = next(path for path in sorted(cache.iterdir()) if pdf in path.read_bytes())
    entry.write_bytes(spoil(entry.read_bytes()))

    again, _ = printed(tmp_path / "content", shop_with(cache), GUIDE)

    assert pdfs(again) == pdfs(first)


def test_entries_of_the_cache_that_took_each_others_names_are_made_anew(tmp_path, full_cache, first):
    cache = Path(shutil.copytree(full_cache, tmp_path / "cache"))
    entries = sorted(cache.iterdir())
    whole = [entry.read_bytes() for entry in entries]
    for entry, raw in zip(entries, [whole[-1], *whole], strict=False):
        entry.write_bytes(raw)

    again, _ = printed(tmp_path / "content", shop_with(cache), GUIDE)

    assert pdfs(again) == pdfs(first)


def test_a_cache_that_cannot_be_written_is_no_fault(tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")

    handouts, problems = printed(tmp_path / "content", shop_with(tmp_path / "cache"))

    assert problems == []
    assert list(handouts) == ["mobile"]
    assert {"handouts/mobile.pdf", "mobile/sheet.png", "handouts/all.pdf"} <= tree(tmp_path / "shelf").keys()


def test_a_character_that_no_font_has_is_named_where_it_stands(tmp_path):
    """Only the guide that prints it goes without a sheet."""
    bad = guide_text(slug="bad", order="2", who="ไ的人")

    handouts, problems = printed(tmp_path / "content", shop_with(tmp_path / "cache"), guide_text(), bad)

    (problem,) = problems
    assert problem.path.endswith("guides/bad.md")
    assert bad.split("\n")[problem.line - 1] == "who: ไ的人"
    assert problem.text == "No font can print U+0E44 “ไ”. Write it in other characters."
    assert list(handouts) == ["mobile"]


def test_every_guide_that_is_too_long_is_named(tmp_path):
    long = {"before": LONG, "submit": LONG, "after": LONG, "bring": LONG}
    guides = [guide_text(slug=f"g{at}", order=str(at), **long) for at in (1, 2)]

    handouts, problems = printed(tmp_path / "content", shop_with(tmp_path / "cache"), *guides)

    assert handouts == {}
    assert [Path(problem.path).name for problem in problems] == ["g1.md", "g2.md"]


def test_a_style_sheet_saved_under_way_keeps_no_sheet_under_its_old_name(tmp_path):
    """Undone, the change would stay on paper: the old name would find the sheet in the new style."""
    content = load(no_letters(tmp_path / "content", guide_text()), Problems())
    styles = Path(shutil.copytree(ROOT / "theme/static/css", tmp_path / "css"))
    shop = dataclasses.replace(shop_with(tmp_path / "cache"), styles=styles)
    press = Press(content, shop, shelf_of(tmp_path / "content"), Problems())
    (styles / "sheet.css").write_text(
        (styles / "sheet.css").read_text("utf-8") + "h1 { color: red }", "utf-8"
    )

    with pytest.raises(CallError, match="was changed while the site was being built"):
        press.print()

    assert not any(b"%PDF" in entry.read_bytes() for entry in (tmp_path / "cache").iterdir())


def test_no_guides_are_no_sheets(tmp_path, real_content):
    content = dataclasses.replace(real_content, guides=())

    assert Press(content, shop_with(tmp_path / "cache"), Shelf(tmp_path / "shelf"), Problems()).print() == (
        {},
        {},
    )


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize(("limit", "bound"), [(pieces.THICKEST, True), (1, False)])
def test_more_papers_than_a_volume_holds_are_not_bound(tmp_path, full_cache, monkeypatch, limit, bound):
    monkeypatch.setattr(pieces, "THICKEST", limit)
    content = load(write_content(tmp_path / "content", GUIDE), Problems())

    _, papers = Press(content, shop_with(full_cache), Shelf(tmp_path / "shelf"), Problems()).print()

    assert ("all" in papers) == bound
    assert "phrases" in papers


def test_what_the_cache_has_is_not_read_again(tmp_path, full_cache, first, monkeypatch):
    """A third of a build with nothing to print went into characters that had been printed before."""
    shutil.copytree(full_cache, tmp_path / "cache")
    monkeypatch.setattr(pieces, "unescape", lambda text: pytest.fail("read again"))

    again, problems = printed(tmp_path / "content", shop_with(tmp_path / "cache"), GUIDE)

    assert problems == []
    assert pdfs(again) == pdfs(first)


def test_in_a_hurry_what_was_printed_last_stands_in_for_what_waits(
    tmp_path, full_cache, folder, first, monkeypatch
):
    """First nothing is new but the twin, then the sheet for everybody; without a cache there is nothing to stand in."""
    cache = Path(shutil.copytree(full_cache, tmp_path / "cache"))
    last, shelf = Last(), Shelf(tmp_path / "shelf")

    def show(content: Path, hurry: Hurry) -> dict[str, Filed]:
        last.hurry = hurry
        return pdfs(Press(load(content, Problems()), shop_with(cache), shelf, Problems(), last).print()[0])

    show(folder, Hurry.NONE)
    old = shelf.read("mobile/sheet.png")
    changed = write_content(tmp_path / "changed", guide_text(cards="prepaid", who="急着走的人"))
    with monkeypatch.context() as patch:
        patch.setattr(press, "produce", lambda *_: pytest.fail("something was printed"))
        assert show(changed, Hurry.PAGES) == pdfs(first)
    assert last.left == len(first) + 2  # all sheets, the large print and the volume
    assert "急着走的人" in shelf.read("mobile/sheet/index.html").decode()

    with monkeypatch.context() as patch:
        patch.setattr(stock, "picture", lambda pdf: pytest.fail("a picture was made"))
        hurried = show(changed, Hurry.SHEETS)

    assert {name for name in first if hurried[name] != first[name].sheet.pdf} == {"mobile"}
    assert last.left == len(first) + 2  # the others, the large print, the volume and the picture
    assert shelf.read("mobile/sheet.png") == old
    other = "handouts/mobile-base.pdf"
    assert shelf.read(other) == shelf_of(folder).read(other)

    later = show(changed, Hurry.NONE)
    assert last.left == 0
    assert later["mobile"] == hurried["mobile"]
    assert shelf.read("mobile/sheet.png") != old

    shutil.rmtree(cache)
    again = show(write_content(tmp_path / "again", guide_text(cards="prepaid", who="不急的人")), Hurry.PAGES)
    assert not set(again.values()) & set(later.values())
    assert last.left == 0


def test_a_preview_sets_with_the_same_fonts_again_what_a_new_process_sets_alike(tmp_path, monkeypatch):
    made = 0

    def print_anew(name: str, who: str) -> dict[str, Filed]:
        content = load(no_letters(tmp_path / name, guide_text(who=who)), Problems())
        press = Press(
            content, shop_with(tmp_path / name / "cache"), Shelf(tmp_path / name / "shelf"), Problems()
        )
        return pdfs(press.print()[0])

    class Counted(pdf.Typesetter):
        def __init__(self, *arguments: object) -> None:
            nonlocal made
            made += 1
            super().__init__(*arguments)

    monkeypatch.setattr(pdf, "Typesetter", Counted)
    with remembering():
        print_anew("first", "先走再停的人")
        kept = print_anew("second", "先停再走的人")
        assert made == 1
        print_anew("third", "先停再跑的人")  # another character
        assert made == 2

    assert print_anew("fourth", "先停再走的人") == kept


def test_a_template_is_compiled_once_and_again_when_it_changed(tmp_path):
    templates = tmp_path / "templates"
    templates.mkdir()
    compiled = CompiledTemplates(Cache(tmp_path / "cache"))

    def shown(source: str) -> str:
        (templates / "a.html").write_text(source)
        environment = jinja2.Environment(loader=jinja2.FileSystemLoader(templates), bytecode_cache=compiled)
        return environment.get_template("a.html").render()

    assert shown("one") == "one"
    kept = sorted((tmp_path / "cache").iterdir())
    assert shown("one") == "one"
    assert sorted((tmp_path / "cache").iterdir()) == kept
    assert len(kept) == 1
    assert shown("two") == "two"
    kept[0].write_bytes(kept[0].read_bytes()[:-1])
    assert shown("one") == "one"
