"""The real guides, pages and posts keep their promises; so do their sources.

`inventory.csv` lists the topics that guides must treat, or leave out (DROP); `coverage.toml` says where each stands.
"""

import csv
import re
import tomllib
from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

import opencc
import pytest
from jinja2 import Environment, FileSystemLoader

from handouts.content.html import text_of
from handouts.content.markdown import Converter
from handouts.content.syntax import ANCHOR, HEADING, STEP, plain
from handouts.pdf.verify import tree
from handouts.text import HAN

TESTS = Path(__file__).resolve().parent
CONTENT = TESTS.parent / "content"
SOURCES = [path for path in sorted(CONTENT.rglob("*")) if path.is_file() and "." not in path.stem]
"""Without translations: tests/test_editions.py."""
TEXTS = {
    path.relative_to(CONTENT).with_suffix("").as_posix(): path.read_text("utf-8")
    for path in SOURCES
    if path.suffix == ".md"
}
DATA = {path.stem: path.read_text("utf-8") for path in SOURCES if path.suffix == ".toml"}
GUIDES = [name for name in TEXTS if name.startswith("guides/")]


def shown(html: str) -> str:
    return re.sub(r"\s", "", text_of(tree(html)))


def test_a_guide_holds_every_character_of_its_file_in_order(real_content):
    """Between them is what it shares with others."""
    for guide in real_content.guides:
        body = TEXTS[f"guides/{guide.slug}"].split("\n---\n", 1)[1]
        blocks = Converter(real_content.data, lambda target: target).blocks(body)
        parts = []
        for one in guide.sections:
            steps = [part for step in one.steps for part in (step.lead, step.note, step.body)]
            parts += [one.letter, one.title, one.hint, one.intro, *steps, one.rest]
        held = "".join(shown(str(part)) for part in parts)
        rest = iter(held)
        assert all(char in rest for char in re.sub(r"\s", "", text_of(blocks))), guide.slug


def test_the_drawing_shows_the_days_of_the_timetable(real_content):
    """Its bars, 5 units a day around the flight; a month is drawn as thirty days."""
    templates = Environment(loader=FileSystemLoader(TESTS.parent / "theme/templates"), autoescape=True)
    timeline = templates.get_template("diagrams/timeline.svg.html").module.timeline
    drawing = timeline(real_content.data.ui["draw_timeline"])
    bars = re.findall(r'translate\((\d+) .*?<rect [^>]* width="(\d+)"', drawing, re.DOTALL)
    drawn = [((int(x) - 170) / 5, (int(x) + int(width) - 170) / 5) for x, width in bars]

    day = {id: one.days or 30 * one.months for id, one in real_content.data.timetable.items()}
    assert drawn == [
        (day["prepare"], day["codes"]),
        (day["submit"], day["submit"] + day["remind"]),
        (day["port"], day["port"] + day["claim"]),
        (day["prepare"], day["settle"]),
    ]


COVERAGE = tomllib.loads((TESTS / "coverage.toml").read_text("utf-8"))
with (TESTS / "inventory.csv").open(encoding="utf-8", newline="") as rows:
    INVENTORY = {row["id"]: row for row in csv.DictReader(rows)}


def under(text: str) -> dict[str, str]:
    """Return the text under each anchor: up to the next of the same or a higher level; a step is the lowest."""
    found: dict[str, str] = {}
    open_at: list[tuple[int, str]] = []
    for line in text.split("\n"):
        heading, anchor = HEADING.match(line), ANCHOR.search(line)
        if anchor and (heading or STEP.match(line)):
            level = len(heading["marks"]) if heading else 7
            open_at = [*((n, id) for n, id in open_at if n < level), (level, anchor["id"])]
        for _, id in open_at:
            found[id] = found.get(id, "") + line + "\n"
    return found


ANCHORS = {name: under(text) for name, text in TEXTS.items()}


def test_a_topic_stands_where_the_map_says():
    """If not: say in tests/coverage.toml where it stands now."""
    places = [(topic, place) for topic, places in COVERAGE["places"].items() for place in places]
    texts = {f"{name}#{anchor}": text for name, found in ANCHORS.items() for anchor, text in found.items()}
    said = {place: text.partition("\n")[2] or text for place, text in texts.items()}

    assert len(places) > 200
    assert [one for one in places if not re.search(f"[{HAN}]", said.get(one[1], ""))] == []


def test_every_topic_has_a_place_or_is_left_out():
    """A new topic of tests/inventory.csv needs a line in tests/coverage.toml, and the other way round."""
    kept = {id for id, row in INVENTORY.items() if row["do"] != "DROP"}
    assert set(COVERAGE["places"]) == kept
    assert set(COVERAGE["dropped"]) == set(INVENTORY) - kept
    assert all((*COVERAGE["places"].values(), *COVERAGE["dropped"].values()))


def test_a_topic_left_out_has_left_no_trace():
    traces = [trace for traces in COVERAGE["dropped"].values() for trace in traces]
    assert [(name, one) for name, text in (TEXTS | DATA).items() for one in traces if one in text] == []


SIMPLIFIED = opencc.OpenCC("t2s")
TRADITIONAL_ON_PURPOSE = ("手機", "銷號", "註銷", "預付卡", "電話卡", "退訂")
"""What people who write traditional characters type into a search box; only in aliases."""


@pytest.mark.parametrize("name", sorted({*TEXTS, *DATA} - {"traditional"}))
def test_chinese_is_simplified(name):
    """But for the words of the traditional edition."""
    text = (TEXTS | DATA)[name]
    for line in re.findall(r"(?m)^aliases\b.*", text):
        text = text.replace(line, re.sub("|".join(TRADITIONAL_ON_PURPOSE), "", line))
    pairs = enumerate(zip(text, SIMPLIFIED.convert(text), strict=True))

    assert [text[max(0, n - 3) : n + 4] for n, (one, other) in pairs if one != other] == []


def han_sentences(text: str) -> set[str]:
    """Return the sentences of a text with at least 15 Chinese characters, marks taken off."""
    body = text.split("\n---\n", 1)[-1]
    shown = (plain(re.sub(r"\s*\{#[^}]*\}\s*$|\[=[^\]]*\]", "", line)) for line in body.split("\n"))
    sentences = (sentence.strip() for line in shown for sentence in re.split(r"[。！？|]", line))
    return {one for one in sentences if len(re.findall(f"[{HAN}]", one)) >= 15}


@pytest.mark.parametrize(("one", "two"), list(combinations(GUIDES, 2)))
def test_two_guides_share_no_long_sentence(one, two):
    """What two guides both need is in content/shared, or differs for its reader."""
    assert han_sentences(TEXTS[one]) & han_sentences(TEXTS[two]) == set()


BANNED = tomllib.loads((TESTS / "cases/banned.toml").read_text("utf-8"))["banned"]


@pytest.mark.parametrize("banned", BANNED, ids=lambda banned: banned["sample"])
def test_no_text_says_what_is_wrong(banned):
    pattern = re.compile(banned["pattern"])
    assert pattern.search(banned["sample"])
    lines = [f"{name}: {line}" for name, text in TEXTS.items() for line in text.split("\n")]

    said = [line for line in lines if pattern.search(line.partition(": ")[2]) and ": aliases:" not in line]
    assert said == [], banned["why"]


def host(source) -> str:
    return urlsplit(source.url).netloc


SELLERS = ("www.postclic.com", "wonder.legal")
"""Who takes money for a letter that anyone can write."""
NEVER = ("webwoordenboek.nl", "bluxeblog", "jiliblog", "community.orange.be", "euronews8.com")
"""Spun texts and opinions, on which no fact may rest."""
COPY = re.compile(
    r"(?:^|[.-])(?:dev\d*|test(?!-achats\.be)|stag(?:e|ing)|preprod|uat|prd|acc|pro)[.-]|preview="
)
"""Test, staging and preview copies come under new names."""
PARTIAL_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


def test_no_copy_is_linked_and_a_page_has_the_date_of_a_day_before_it_was_read(data):
    for source in data.sources.values():
        assert not (source.link and COPY.search(f"{host(source)}?{source.url}")), source.id
        assert PARTIAL_DATE.fullmatch(source.page_date or "2026"), source.id
    for fact in data.facts.values():
        pages = (data.sources[id].page_date or "" for id in fact.sources)
        assert max(pages) <= fact.read.isoformat(), fact.id


def test_no_fact_rests_on_spun_texts_nor_is_sure_because_of_sellers_or_a_catalogue(data):
    """CancelAtlas and sellers retell what others say; what is about a seller may be taken from it."""
    weak = {"high": ("www.cancelatlas.com", *SELLERS), "medium": SELLERS}
    for fact in data.facts.values():
        sources = [data.sources[id] for id in fact.sources]
        assert not any(name in source.url for source in sources for name in NEVER), fact.id
        if fact.confidence in weak and fact.id != "paid-letter-trap":
            assert not all(host(source) in weak[fact.confidence] for source in sources), fact.id


def test_the_about_page_says_until_when_all_facts_were_read_from_archived_copies(data, site):
    about = (site / "about/index.html").read_text("utf-8")
    said = re.search(r"到 ([\d-]+) 为止</span>，全部事实都是资料读取，还没有一条经过核对", about)
    live = [fact for fact in data.facts.values() if fact.live]

    assert said or live
    assert [fact.id for fact in live if said and fact.read.isoformat() < said[1]] == []
