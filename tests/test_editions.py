"""Editions of one content: the same pages in the same places in traditional characters; in English what is translated."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import opencc
import pytest

from handouts.content.languages import EN, HANT, conversion, languages_of
from handouts.errors import Problems
from handouts.pdf.verify import tree
from handouts.text import HAN
from tests.build_tools import SITE, loaded
from tests.sheet_tools import texts_of

FOLDER = HANT.folder
BOTH = "群里后划准秘台面只干征余"
"""Characters that are right in Taiwan, in other words than those for which OpenCC would change them."""
FOREIGN = ("fr", "nl", "de", "en")
ALTERNATE = re.compile(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">')


def pages(whole_site: Path) -> Iterator[str]:
    """Yield the paths of the pages of the first edition."""
    for path in sorted(whole_site.rglob("*.html")):
        name = path.relative_to(whole_site).as_posix()
        if not name.startswith((f"{FOLDER}/", f"{EN.folder}/")):
            yield name


def texts(edition: Path) -> Iterator[tuple[str, str]]:
    """Yield name and text of each file and PDF of an edition, without its links to another one."""
    for path in sorted(edition.rglob("*")):
        if path.suffix == ".pdf":
            yield path.name, "".join(texts_of(path))
        elif (
            path.suffix in (".html", ".xml", ".json", ".ics", ".webmanifest", ".js")
            and "theme" not in path.parts
        ):
            yield path.name, re.sub(r'<a [^>]*lang="zh-.*?</a>', "", path.read_text("utf-8"))


TRADITIONAL = opencc.OpenCC("s2t")


@cache
def is_simplified(char: str) -> bool:
    return TRADITIONAL.convert(char) != char


def simplified(text: str) -> set[str]:
    return {char for char in set(re.findall(f"[{HAN}]", text)) - set(BOTH) if is_simplified(char)}


def words_of(node, lang: str = "") -> Iterator[str]:
    """Yield the texts of an element that are in a foreign language."""
    lang = node.get("lang", lang)
    for text, of in ((node.text, lang), *((child.tail, lang) for child in node)):
        if text and text.strip() and of in FOREIGN:
            yield text
    for child in node:
        yield from words_of(child, lang)


def ids_of(html: str) -> list[str]:
    return re.findall(r' id="([^"]*)"', html)


def copied(worker: Path) -> dict:
    """Return what a worker knows of its site."""
    return json.loads(worker.read_text("utf-8").partition("const SITE = ")[2].partition(";\n")[0])


def test_both_editions_have_the_same_files_and_a_worker_of_their_own(whole_site):
    """Files that count only at the root of a host are only there."""
    files = {path.relative_to(whole_site).as_posix() for path in whole_site.rglob("*") if path.is_file()}
    there = {name.removeprefix(f"{FOLDER}/") for name in files if name.startswith(f"{FOLDER}/")}
    here = {name for name in files if not name.startswith((f"{FOLDER}/", f"{EN.folder}/"))}
    assert here - there == {"handouts.json", "robots.txt", "_headers"}
    assert there - here == set()

    first, second = copied(whole_site / "sw.js"), copied(whole_site / FOLDER / "sw.js")
    assert first["others"] == [f"{FOLDER}/", f"{EN.folder}/"]
    assert first["files"].keys() <= here
    assert first["files"].keys() <= second["files"].keys()
    english = {path.relative_to(whole_site / "en").as_posix() for path in (whole_site / "en").rglob("*.html")}
    assert english - {"404.html"} <= copied(whole_site / "en/sw.js")["files"].keys()


LINK = re.compile(r'<a href="([^"]*)" lang="[^"]*" hreflang="[^"]*" rel="alternate">')


def test_each_page_names_its_twin_is_named_by_it_and_leads_to_the_same_place(whole_site):
    for name in pages(whole_site):
        place = name.removesuffix("index.html")
        files = [file for folder in ("", FOLDER, EN.folder) if (file := whole_site / folder / name).is_file()]
        texts = [file.read_text("utf-8") for file in files]
        hreflangs = ("zh-Hans", ""), ("zh-Hant", f"{FOLDER}/"), ("en", "en/")
        wanted = [(code, f"{SITE}/{folder}{place}") for code, folder in hreflangs[: len(files)]]
        for text in texts:
            if "noindex" not in text:
                assert ALTERNATE.findall(text) == [*wanted, ("x-default", f"{SITE}/{place}")], name
        if name == "404.html" or name.startswith("offline/") or name.endswith("/sheet/index.html"):
            continue
        for file, text, twin in zip(files[:2], texts[:2], reversed(files[:2]), strict=True):
            assert (file.parent / LINK.search(text)[1] / "index.html").resolve() == twin.resolve()


def test_no_simplified_character_is_left_or_printed(whole_site):
    """The search index begins with pairs of characters."""
    found = [
        (name, simplified(text.partition('"records":')[2] or text))
        for name, text in texts(whole_site / FOLDER)
    ]

    assert {"mobile.pdf", "index.html", "search.json", "sw.js"} <= {name for name, _ in found}
    assert [one for one in found if one[1]] == []


def test_what_is_not_chinese_stays_as_it_is(whole_site):
    """French, Dutch, German and English, and every id."""
    for name in pages(whole_site):
        one, other = (page.read_text("utf-8") for page in (whole_site / name, whole_site / FOLDER / name))
        assert sorted(words_of(tree(one))) == sorted(words_of(tree(other))), name
        assert ids_of(one) == ids_of(other), name


def test_sheets_lead_to_their_own_edition_and_are_listed_and_proven_like_those_of_the_first(whole_site):
    """English has those of the guides that are translated."""
    listing = json.loads((whole_site / "handouts.json").read_text("utf-8"))
    for language in (HANT, EN):
        folder = language.folder
        twin = (whole_site / folder / "prepaid/sheet/index.html").read_text("utf-8")
        assert f'<link rel="canonical" href="{SITE}/{folder}/prepaid/">' in twin
        files = {path.relative_to(whole_site).as_posix() for path in (whole_site / folder).rglob("*.pdf")}
        assert {path for path in listing if path.startswith(f"{folder}/")} == files
        digests = {path: hashlib.sha256((whole_site / path).read_bytes()).hexdigest() for path in files}
        assert digests == {path: listing[path]["sha256"] for path in files}
        sheets = {path: one for path, one in listing.items() if path in files and one["guide"]}
        guides = {one["guide"] for one in sheets.values()}
        first = {path for path, one in listing.items() if path[:9] == "handouts/" and one["guide"] in guides}
        assert {path.removeprefix(f"{folder}/") for path in sheets} == first
        for path, entry in sheets.items():
            assert entry["language"] == language.code
            assert entry["checks"] == listing[path.removeprefix(f"{folder}/")]["checks"]
            assert entry["pages"] == 1 or "large" in path


def test_no_chinese_is_left_or_printed_in_english(whole_site):
    """But the names of the other editions, and those of Chinese phrases in what a search takes for the same."""
    chinese = re.compile(f"[{HAN}\u3000-\u303f\uff00-\uffef]+")
    found = [(name, set(chinese.findall(text))) for name, text in texts(whole_site / EN.folder)]

    papers = {"prepaid.pdf", "prepaid-base.pdf", "letter-notes-fr.pdf", "prepaid-large.pdf"}
    assert papers <= {name for name, _ in found}
    assert [one for one in found if one[1]] == []


def test_the_english_guide_has_the_steps_and_sources_of_the_chinese_one(whole_site):
    one = (whole_site / "prepaid/index.html").read_text("utf-8")
    other = (whole_site / "en/prepaid/index.html").read_text("utf-8")
    cited = re.compile(r'data-uid="[^"]*"|href="#source-[^"]*"|data-when="[^"]*"|data-due="[^"]*"')

    # Words are explained in Chinese only.
    assert [id for id in ids_of(one) if not id.startswith("word-")] == ids_of(other)
    assert cited.findall(one) == cited.findall(other)
    assert '<html lang="en">' in other
    assert '<meta property="og:locale" content="en_GB">' in other


def test_what_is_not_translated_is_left_out_and_led_to(whole_site):
    home = (whole_site / "en/index.html").read_text("utf-8")
    guide = (whole_site / "en/prepaid/index.html").read_text("utf-8")

    assert not (whole_site / "en/4g").exists()
    assert not (whole_site / "en/operators").exists()
    assert "Everything else is in Chinese only so far" in home
    assert '<a href="../../lost/">SIM card lost or stolen</a> (in Chinese)' in guide
    # The switch of language leads home where there is no such page.
    lost = (whole_site / "lost/index.html").read_text("utf-8")
    assert '<a href="../en/" lang="en" hreflang="en">English</a>' in lost
    assert 'hreflang="en" href=' not in lost.partition("</head>")[0]
    feed = (whole_site / "en/feeds/atom.xml").read_text("utf-8")
    assert feed.count("<entry>") == 1
    assert f"{SITE}/en/prepaid/" in feed
    assert f"{SITE}/lost/" in feed  # its link out of the edition is whole


@pytest.fixture
def convert(folder) -> Callable[..., str]:
    """Return a function that converts the text of a guide with these words and those for the guide alone."""

    def convert(text: str, words: str = "", own: str = "") -> str:
        table = f'[words]\n{words}\n[places."guides/prepaid.md"]\n{own}\n'
        (folder / "data/traditional.toml").write_text(table, "utf-8")
        problems = Problems()
        found = conversion(HANT, folder, problems)(folder / "guides/prepaid.md", text)
        assert not problems
        return found

    return convert


def test_the_longest_word_comes_first_and_a_place_has_words_of_its_own(convert):
    assert convert("手机号码和手机号", '"手机号" = "門號"\n"手机号码" = "手機號碼"') == "手機號碼和門號"
    assert convert("信息", '"信息" = "資訊"', '"信息" = "訊息"') == "訊息"
    # Quotation marks are those of Taiwan, but for foreign words.
    assert convert("写“终止”（[“stop”]{en}）") == "寫「終止」（[“stop”]{en}）"
    assert convert("en = “stop”") == "en = “stop”"


def test_lines_ids_and_marks_stay_where_they_are(convert):
    text = "## 停 {#stop}\n\n- [ ] **换号。** *银行* {#unbind note=optional}\n  号码 [=fee]。[@port]\n"
    found = convert(text)
    assert re.sub(f"[{HAN}]", "", found) == re.sub(f"[{HAN}]", "", text)


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ('[words]\n"停" = 1\n', "1: This is not a list of words."),
        ('[words]\n\n[places."guides/none.md"]\n"停" = "停"\n', "3: `guides/none.md` does not exist."),
        ('[wrods]\n"停" = "停"\n', "1: Nothing reads `wrods`. Did you mean `words`?"),
        ("places = 1\n", "1: `places` is not a table."),
    ],
)
def test_faults_of_the_table_have_their_line_and_without_one_there_is_one_edition(folder, table, wrong):
    assert [language.code for language in languages_of(folder)] == ["zh-Hans"]
    (folder / "data/traditional.toml").write_text(table, "utf-8")
    assert any(f"traditional.toml:{wrong}" in problem for problem in loaded(folder, (), HANT)[1])
