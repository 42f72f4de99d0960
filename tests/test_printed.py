"""What is printed is one list: nothing on it is unsure, too old, without a glyph, too fine, or takes another's place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest
import segno
from pelican.settings import read_settings

from handouts.content.draft import printed_texts, split
from handouts.content.languages import EN
from handouts.content.loader import load
from handouts.content.parser import parse_guide
from handouts.content.syntax import RESERVED_IDS
from handouts.errors import Problems
from handouts.paths import FOLDERS
from handouts.sheets.jobs import variants
from handouts.sheets.preflight import LONGEST_ADDRESS, OLDEST, stale_facts, unprintable
from handouts.sheets.printer import Printer
from handouts.sheets.selection import Variant
from handouts.site.settings import complete, saved_paths
from handouts.text import HAN
from tests.build_tools import FRONT, ROOT, SHORT, SITE, guide_text, loaded, sheet_template, write_content
from tests.test_printer import means_with, printed

FIRST = SHORT[0][0]
UPDATED = date.fromisoformat(FRONT["updated"])
TOO_OLD = UPDATED - OLDEST - timedelta(days=1)
MARK = re.compile(r"⟦(\w+)⟧")
GUIDE = guide_text(
    cards="prepaid",
    card="小卡⟦card⟧",
    who="人⟦who⟧",
    start="现在⟦start⟧",
    answer="**先看清是哪一种卡，再停。**好⟦answer⟧",
    before=((f"{FIRST.removesuffix('。')}⟦lead⟧。", "", ""), *SHORT[1:]),
    after=((FIRST, "看⟦note⟧", ""), *SHORT[1:]),
    bring=((FIRST, "带⟦bring⟧", ""), *SHORT[1:]),
).replace("A 出发前", "A 出发前 *飞之前⟦hint⟧*")
"""A guide with its printed places marked, all of which may cite."""
ELSEWHERE = {
    "shared": ("shared/complain.md", r"\*\*先向运营商书面投诉"),
    "phrase": ("data/phrases.toml", r'\[cancel\]\n(?:.*\n)*?zh = "'),
    "operator": ("data/operators.toml", r'\[base\]\n(?:.*\n)*?name = "'),
}
"""The other printed places: their file, and what stands before them. The first may cite."""
CITING = {*MARK.findall(GUIDE), "shared"}


@pytest.fixture
def folder(tmp_path) -> Path:
    """A content folder with an unsure and an old fact for each place that may cite, and days that rest on them."""
    folder = write_content(tmp_path / "content", guide_text(cards="prepaid"))
    first = (folder / "data/facts.toml").read_text("utf-8").split("\n[")[1]
    source = re.search(r"^sources = .*$", first, re.MULTILINE)[0]
    facts, days = "", ""
    for place in CITING:
        for id, confidence, read in (
            (f"rumour-{place}", "low", "2026-11-01"),
            (f"old-{place}", "high", TOO_OLD),
            (f"edge-{place}", "high", UPDATED - OLDEST),
        ):
            facts += f'\n[{id}]\nstatement = "听说。"\n{source}\nconfidence = "{confidence}"\nkind = "law"\n'
            facts += f'read = {read}\nreview_by = 2099-12-31\nvalue = "€9"\n'
            days += f'\n[day-{id}]\ncounts_from = "flight"\nwhat = "停。"\ndays = -9\nfacts = ["{id}"]\n'
    for name, more in (("facts", facts), ("timetable", days)):
        with (folder / f"data/{name}.toml").open("a", encoding="utf-8") as file:
            file.write(more)
    return folder


def spoil(folder: Path, written: Callable[[str], str]) -> dict[str, str]:
    """Write something into each printed place, and return where each stands, as path:line."""
    texts = {folder / "guides/mobile.md": GUIDE}
    for place, (name, before) in ELSEWHERE.items():
        text = (folder / name).read_text("utf-8")
        end = re.search(before, text).end()
        texts[folder / name] = f"{text[:end]}⟦{place}⟧{text[end:]}"
    for path, text in texts.items():
        path.write_text(MARK.sub(lambda mark: written(mark[1]), text), "utf-8")
    return {
        place: f"{path}:{number}"
        for path, text in texts.items()
        for number, line in enumerate(text.split("\n"), 1)
        for place in MARK.findall(line)
    }


def cite(mark: str) -> Callable[[str], str]:
    return lambda place: mark.format(place) if place in CITING else ""


def sources(kind: str) -> list[Path]:
    """Return the Markdown files of a folder without their translations."""
    return [path for path in sorted((ROOT / "content" / kind).glob("*.md")) if "." not in path.stem]


def found(folder: Path) -> tuple[list[str], Callable]:
    """Return what is wrong with a content folder, and what checks what its sheets print."""
    content, problems = loaded(folder)
    template = sheet_template(content.data)

    def check(rule: Callable, *first: object) -> list[str]:
        return list(map(str, rule(*first, variants(content), template, folder)))

    return problems, check


@pytest.mark.parametrize("mark", ["[@rumour-{}]", " [=rumour-{}]", "[~day-rumour-{}]"])
def test_an_unsure_fact_reaches_no_printed_place(folder, mark):
    places = spoil(folder, cite(mark))
    problems, _ = found(folder)
    said = "{}: The sheet prints this, and `rumour-{}` is unsure. Say it further down."
    assert {said.format(places[place], place) for place in CITING} - set(problems) == set()


@pytest.mark.parametrize("mark", ["[@old-{0}][@edge-{0}]", " [=old-{}]", "[~day-old-{}]"])
def test_an_old_fact_in_any_printed_place_stops_the_sheet(folder, mark):
    spoil(folder, cite(mark))

    problems, check = found(folder)

    assert problems == []
    said = "\n".join(check(stale_facts))
    named = re.findall(rf"`old-(\w+)` was read on {TOO_OLD}, more than 730 days before mobile", said)
    assert set(named) == CITING
    assert "edge" not in said
    lines = (folder / "data/facts.toml").read_text("utf-8").split("\n")
    named = re.findall(r"facts\.toml:(\d+): `old-", said)
    assert {lines[int(number) - 1] for number in named} == {f"read = {TOO_OLD}"}


def test_a_character_without_a_shape_is_named_in_any_printed_place(folder):
    places = spoil(folder, lambda place: "ไ")

    problems, check = found(folder)

    assert problems == []
    said = "No font can print U+0E44 “ไ”. Write it in other characters."
    assert sorted(check(unprintable, "ไ")) == sorted(f"{place}: {said}" for place in set(places.values()))


def test_the_date_of_a_sheet_is_that_of_the_oldest_fact_in_any_place(folder):
    (folder / "guides/mobile.md").write_text(guide_text(cards="prepaid", who="人[@old-who]"), "utf-8")
    content, _ = loaded(folder)
    oldest = sheet_template(content.data).selection.oldest
    assert str(oldest(Variant(guide=content.guides[0]))) == str(TOO_OLD)


@pytest.mark.parametrize("guide", sources("guides"), ids=lambda path: path.stem)
def test_the_list_is_exactly_what_the_sheet_shows(real_content, guide):
    """Each run of Chinese in the source gets another character; those on the sheet are those of the list."""
    numbers = count(0x3400)
    drafts = []
    for path in (guide, *sources("shared")):
        text = re.sub(f"[{HAN}]+", lambda run: run[0] + chr(next(numbers)), path.read_text("utf-8"))
        drafts.append(split(path, path.parent.name, text, Problems()))
    parsed = parse_guide(replace(drafts[0], shared=tuple(drafts[1:])), real_content.data, str)
    template = sheet_template(real_content.data)

    def marks(text: str) -> set[str]:
        return {char for char in text if 0x3400 <= ord(char) < 0x4DC0}

    texts = [one.text for draft in drafts for one in printed_texts(draft, real_content.data)]
    listed = set().union(*map(marks, texts))
    large = marks(parsed.card)  # only the large print shows it
    assert marks(template.model(Variant(guide=parsed))) | large == listed
    assert len(listed) > 50


@pytest.mark.parametrize(("length", "readable"), [(LONGEST_ADDRESS, True), (LONGEST_ADDRESS + 1, False)])
def test_the_longest_address_is_the_last_whose_code_has_squares_of_four_tenths(length, readable):
    """25 mm of sheet.css, over the squares of the code and its quiet zone."""
    code = segno.make("https://example.org/".ljust(length, "a"), error="m", micro=False)
    assert (25 / code.symbol_size(border=4)[0] >= 0.4) is readable


def problems_of_printing(folder: Path, site: str, *guides: str) -> list[str]:
    content, _ = loaded(write_content(folder / "content", *guides))
    Printer(content, means_with(folder / "cache", site=site), found := Problems())
    return [str(problem).removeprefix(f"{folder}/content/") for problem in sorted(found)]


def site_of(length: int) -> str:
    """Return a site whose guide `mobile` has an address of this length in its code."""
    return f"{SITE}/".ljust(length - len("/mobile/?v=261120-0000"), "a")


def test_an_address_that_makes_the_code_too_fine_is_named_at_the_slug(tmp_path):
    """Also one that is longer than any code can hold: it must not end in a traceback."""
    (problem,) = problems_of_printing(tmp_path / "endless", f"https://{'a' * 3000}.org", guide_text())
    assert problem.startswith("guides/mobile.md:4: The address in the code of the sheet has 3")
    assert problems_of_printing(tmp_path, site_of(LONGEST_ADDRESS + 1), guide_text()) == [
        "guides/mobile.md:4: The address in the code of the sheet has 181 characters; a phone reads at most 180 from "
        "paper. Shorten the slug, or SITE in pelicanconf.py."
    ]


def test_an_address_that_is_too_long_is_named_in_a_translation_too(tmp_path):
    """Which has no line with a slug."""
    found = Problems()
    content = load(ROOT / "content", Problems(), language=EN)
    Printer(content, means_with(tmp_path, site=site_of(LONGEST_ADDRESS + 1)), found)

    assert {(Path(one.path).name, one.line) for one in found} == {("prepaid.en.md", 1)}


@pytest.mark.parametrize("length", [40, LONGEST_ADDRESS])
def test_with_an_address_of_any_length_the_code_stays_on_the_paper(tmp_path, length):
    """The more squares, the narrower the quiet zone, which is in the margin."""
    handouts, problems = printed(tmp_path / "content", means_with(tmp_path / "cache", site=site_of(length)))
    assert (list(handouts), problems) == (["mobile"], [])


SETTINGS = read_settings(str(ROOT / "pelicanconf.py"))
complete(SETTINGS)
SAVED = saved_paths(SETTINGS)


def problems_of(folder: Path, *guides: str) -> list[str]:
    """Return what is wrong with a content folder with these guides, named from that folder."""
    problems = loaded(write_content(folder, *guides), SAVED)[1]
    return [problem.removeprefix(f"{folder}/") for problem in problems]


@pytest.mark.parametrize("slug", ["all", "phrases", "letter-nl", "mobile-large", "mobile-base"])
def test_a_slug_that_another_pdf_uses_is_refused_at_its_line(tmp_path, slug):
    problems = problems_of(tmp_path, guide_text(cards="prepaid"), guide_text(slug=slug, order="2"))
    said = f"The slug `{slug}` gives two PDFs the name handouts/{slug}.pdf. Choose another."
    assert f"guides/{slug}.md:4: {said}" in problems


def test_two_sheets_for_operators_never_share_a_name(tmp_path):
    """`mobile` for Mobile Vikings, and `mobile-mobile` for an operator `vikings`."""
    guides = [guide_text(cards="prepaid"), guide_text(slug="mobile-mobile", order="2", cards="prepaid")]
    folder = write_content(tmp_path, *guides)
    operators = folder / "data/operators.toml"
    text = operators.read_text("utf-8")
    base = re.search(r"\[base\]\n(?:(?!\[).*\n)*", text)[0]
    operators.write_text(f"{text}\n{base.replace('[base]', '[vikings]')}", "utf-8")

    (problem,) = loaded(folder, SAVED)[1]
    assert "two PDFs the name handouts/mobile-mobile-vikings.pdf. Choose another." in problem


PLACES = {path.partition("/")[0] for path in SAVED if "/" in path and "{" not in path} | set(FOLDERS)


@pytest.mark.parametrize("slug", sorted(PLACES))
def test_a_slug_of_a_place_that_the_program_writes_to_is_refused(tmp_path, slug):
    said = f"guides/{slug}.md:4: The slug `{slug}` is used by the site. Choose another."
    assert said in problems_of(tmp_path, guide_text(slug=slug))


def used_ids() -> set[str]:
    """Return the ids that templates and scripts of pages give to elements, `x` in place of what they fill in."""
    theme = ROOT / "theme"
    scripts = "".join(path.read_text("utf-8") for path in sorted((theme / "static/js").glob("*.js")))
    pages = ("base.html", "guide.html", "macros/guide.html", "diagrams/*.html")
    files = [file for name in pages for file in sorted((theme / "templates").glob(name))]
    templates = "".join(file.read_text("utf-8") for file in files)
    found = re.findall(r'\bid: ["`]([^"`]+)["`]', scripts) + re.findall(r'\bid="([^"]+)"', templates)
    ids = {re.sub(r"\$?\{+[^}]*\}+", "x", id) for id in found}
    return {id for id in ids if re.fullmatch(r"[\w-]+", id)} - {"x", "answer"}  # a section of every guide


FROM_FILTERS = {"s1", "s23-4", "word-iccid", "submit-drawing"}
"""Of a source, of a reference to it, of a meaning and of a row that unfolds."""


@pytest.mark.parametrize("id", sorted(used_ids() | FROM_FILTERS))
def test_an_id_that_the_page_itself_uses_is_refused_for_a_step(id):
    assert RESERVED_IDS.fullmatch(id)
