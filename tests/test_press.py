"""Printing all sheets of a content folder: characters no font has, the cache, several processes."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import jinja2
import pytest

from handouts import crew, press, stock
from handouts.cache import Cache
from handouts.content import load
from handouts.errors import Problems
from handouts.handout import Handout, manifest
from handouts.press import Last, Press, Shop
from handouts.stock import CompiledTemplates
from tests.build_tools import LONG, ROOT, SITE, guide_text, write_content

GUIDE = guide_text(cards="prepaid")
"""A guide with a sheet for everybody and one for each operator that sells prepaid cards."""


def shop_with(cache: Path) -> Shop:
    """Return the real theme with a cache of its own."""
    return Shop(templates=ROOT / "theme/templates", styles=ROOT / "theme/static/css", site=SITE, cache=cache)


def printed(folder: Path, shop: Shop, *guides: str) -> tuple[dict[str, Handout], Problems]:
    """Return the handouts of a content folder with these guides, and the problems found."""
    problems = Problems()
    content = load(write_content(folder, *guides), problems)
    assert problems == []
    return Press(content, shop, problems).print()[0], problems


def pdfs(handouts: dict[str, Handout]) -> dict[str, bytes]:
    return {name: handout.sheet.pdf for name, handout in handouts.items()}


@pytest.fixture(scope="module")
def full_cache(tmp_path_factory) -> Path:
    """A cache that has seen GUIDE. Copy it before you change it."""
    return tmp_path_factory.mktemp("full") / "cache"


@pytest.fixture(scope="module")
def first(tmp_path_factory, full_cache) -> dict[str, Handout]:
    """What was printed of GUIDE with an empty cache, by several processes."""
    handouts, problems = printed(tmp_path_factory.mktemp("first") / "content", shop_with(full_cache), GUIDE)
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


def test_the_sheet_for_everybody_has_picture_and_twin(first):
    assert first["mobile"].picture.startswith(b"\x89PNG")
    assert "小卡核对表" in first["mobile"].twin_html
    assert {bool(first[name].picture or first[name].twin_html) for name in first if name != "mobile"} == {
        False
    }


def test_one_process_prints_what_several_print(tmp_path, first, monkeypatch):
    """And in the same order."""
    monkeypatch.setattr(crew, "WORTH_A_POOL", 1000)

    alone, _ = printed(tmp_path / "content", shop_with(tmp_path / "cache"), GUIDE)

    assert list(alone) == list(first)
    assert pdfs(alone) == pdfs(first)


def test_what_was_printed_before_is_not_printed_again(tmp_path, full_cache, first, monkeypatch):
    monkeypatch.setattr(press, "fit", None)

    again, _ = printed(tmp_path / "content", shop_with(full_cache), GUIDE)

    assert pdfs(again) == pdfs(first)
    assert again["mobile"].picture == first["mobile"].picture
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
def test_a_spoilt_entry_of_the_cache_is_made_anew(tmp_path, full_cache, first, spoil):
    """The smallest entry is a sheet; fonts take longer to make."""
    cache = Path(shutil.copytree(full_cache, tmp_path / "cache"))
    entry = next(path for path in sorted(cache.iterdir()) if first["mobile"].sheet.pdf in path.read_bytes())
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


def test_no_guides_are_no_sheets(tmp_path, real_content):
    content = dataclasses.replace(real_content, guides=())

    assert Press(content, shop_with(tmp_path / "cache"), Problems()).print() == ({}, {})


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize(("limit", "bound"), [(press.THICKEST, True), (1, False)])
def test_more_papers_than_a_volume_holds_are_not_bound(tmp_path, full_cache, monkeypatch, limit, bound):
    monkeypatch.setattr(press, "THICKEST", limit)
    content = load(write_content(tmp_path / "content", GUIDE), Problems())

    _, papers = Press(content, shop_with(full_cache), Problems()).print()

    assert ("all" in papers) == bound
    assert "phrases" in papers


def test_what_the_cache_has_is_not_read_again(tmp_path, full_cache, first, monkeypatch):
    """A third of a build with nothing to print went into characters that had been printed before."""
    shutil.copytree(full_cache, tmp_path / "cache")
    monkeypatch.setattr(press, "printed_text", lambda html: pytest.fail("read again"))

    again, problems = printed(tmp_path / "content", shop_with(tmp_path / "cache"), GUIDE)

    assert problems == []
    assert pdfs(again) == pdfs(first)


@pytest.mark.usefixtures("first")
def test_in_a_hurry_only_the_sheet_for_everybody_is_new(tmp_path, full_cache, monkeypatch):
    """Its picture, and the sheets of operators, follow when nobody waits."""
    shop, last = shop_with(Path(shutil.copytree(full_cache, tmp_path / "cache"))), Last()
    folder = write_content(tmp_path / "content", GUIDE)

    def handouts(*, hurry: bool) -> dict[str, Handout]:
        last.hurry = hurry
        return Press(load(folder, Problems()), shop, Problems(), last).print()[0]

    before = handouts(hurry=True)
    (folder / "guides/mobile.md").write_text(guide_text(cards="prepaid", who="等的人"), encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(stock, "picture", lambda pdf: pytest.fail("a picture was made"))
        soon = handouts(hurry=True)
    waiting = last.left
    later = handouts(hurry=False)

    assert [name for name in soon if soon[name].sheet.pdf != before[name].sheet.pdf] == ["mobile"]
    assert soon["mobile"].picture == before["mobile"].picture
    assert waiting > len(soon)
    assert later["mobile"].sheet.pdf == soon["mobile"].sheet.pdf
    assert later["mobile"].picture != soon["mobile"].picture
    assert not set(pdfs(later).values()) & set(pdfs(before).values())
    assert last.left == 0


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
