"""The real guides, pages and posts: what is published keeps its promises.

`inventory.csv` lists the topics that the guides must treat: KEEP, FIX (treat it, rightly), VERIFY (only with a
source), NEW, and DROP (left out on purpose). `coverage.toml` says where each stands.
"""

import csv
import re
import tomllib
from itertools import combinations
from pathlib import Path

import opencc
import pytest
from jinja2 import Environment, FileSystemLoader

from handouts.content.html import text_of
from handouts.content.loader import Content, load
from handouts.content.markdown import Converter
from handouts.content.syntax import ANCHOR, HEADING, STEP, plain
from handouts.errors import Problems
from handouts.text import HAN, tree

TESTS = Path(__file__).resolve().parent
CONTENT = TESTS.parent / "content"
TEXTS = {
    path.relative_to(CONTENT).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(CONTENT.rglob("*.md"))
    if "." not in path.stem  # translations: tests/test_editions.py
}
DATA = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((CONTENT / "data").glob("*.toml"))
    if "." not in path.stem
}
GUIDES = [name for name in TEXTS if name.startswith("guides/")]


@pytest.fixture(scope="module")
def real() -> Content:
    problems = Problems()
    loaded = load(CONTENT, problems)
    assert [str(problem) for problem in problems] == []
    return loaded


def test_the_answers_of_guides_differ(real):
    """One question each: guides that answer alike would be one guide under two names."""
    assert len({guide.description for guide in real.guides}) == len(real.guides)
    assert len({guide.title for guide in real.guides}) == len(real.guides)


def test_every_step_of_the_file_is_a_step_of_the_guide(real):
    for guide in real.guides:
        written = [
            STEP.match(line)["id"]
            for line in TEXTS[f"guides/{guide.slug}"].split("\n")
            if line.startswith("- [ ]")
        ]
        assert [step.id for step in guide.steps if step.id in written] == written


def shown(html: str) -> str:
    """Return the visible characters of HTML, references left out."""
    return re.sub(r"\s", "", text_of(tree(html)))


def test_a_guide_holds_every_character_of_its_file_in_order(real):
    """Between them is what it shares with others."""
    for guide in real.guides:
        body = TEXTS[f"guides/{guide.slug}"].split("\n---\n", 1)[1]
        blocks = Converter(real.data, lambda target: target).blocks(body)
        held = "".join(
            shown(str(part))
            for section in guide.sections
            for part in (
                section.letter,
                section.title,
                section.hint,
                section.intro,
                *(part for step in section.steps for part in (step.lead, step.note, step.body)),
                section.rest,
            )
        )
        rest = iter(held)
        assert all(char in rest for char in re.sub(r"\s", "", text_of(blocks))), guide.slug


def test_a_sheet_prints_no_unsure_fact(real):
    for guide in real.guides:
        ids = {id for printed in guide.printed for id in printed.facts}
        assert [id for id in ids if real.data.facts[id].confidence == "low"] == []
        assert ids


def test_the_drawing_shows_the_days_of_the_timetable(real):
    """Its bars, 5 units a day around the flight; a month is drawn as thirty days."""
    templates = Environment(loader=FileSystemLoader(TESTS.parent / "theme/templates"), autoescape=True)
    drawing = templates.get_template("diagrams/timeline.svg.html").module.timeline(
        real.data.ui["draw_timeline"]
    )
    bars = re.findall(r'<rect [^>]* x="(\d+)" [^>]* width="(\d+)"', drawing)
    drawn = [((int(x) - 170) / 5, (int(x) + int(width) - 170) / 5) for x, width in bars]

    day = {id: one.days or 30 * one.months for id, one in real.data.timetable.items()}
    assert drawn == [
        (day["prepare"], day["codes"]),
        (day["submit"], day["submit"] + day["remind"]),
        (day["port"], day["port"] + day["claim"]),
        (day["prepare"], day["settle"]),
    ]


# --- Coverage ---------------------------------------------------------------------------------------------------

COVERAGE = tomllib.loads((TESTS / "coverage.toml").read_text(encoding="utf-8"))
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


PLACES = [(topic, place) for topic, places in COVERAGE["places"].items() for place in places]


@pytest.mark.parametrize(("topic", "place"), PLACES, ids=[f"{topic}-{place}" for topic, place in PLACES])
def test_a_topic_stands_where_the_map_says(topic, place):
    name, _, anchor = place.partition("#")

    assert topic in INVENTORY, (
        f"tests/inventory.csv has no topic {topic}. Take it out of tests/coverage.toml."
    )
    assert name in TEXTS, f"content/{name}.md is gone. Say in tests/coverage.toml where {topic} stands now."
    text = ANCHORS[name].get(anchor, "")
    said = re.findall(f"[{HAN}]", text.partition("\n")[2] or text)
    assert said, (
        f"content/{name}.md says nothing under {{#{anchor}}}. Say in tests/coverage.toml where {topic} stands now."
    )


def test_every_topic_has_a_place_or_is_left_out():
    """A new topic of tests/inventory.csv needs a line in tests/coverage.toml, and the other way round."""
    kept = {id for id, row in INVENTORY.items() if row["do"] != "DROP"}

    assert set(COVERAGE["places"]) == kept
    assert set(COVERAGE["dropped"]) == set(INVENTORY) - kept
    assert all((*COVERAGE["places"].values(), *COVERAGE["dropped"].values()))


@pytest.mark.parametrize(
    "trace", sorted(trace for traces in COVERAGE["dropped"].values() for trace in traces)
)
def test_a_topic_left_out_has_left_no_trace(trace):
    assert [name for name, text in (TEXTS | DATA).items() if trace in text] == []


# --- Language ---------------------------------------------------------------------------------------------------

SIMPLIFIED = opencc.OpenCC("t2s")
TRADITIONAL_ON_PURPOSE = ("手機", "銷號", "註銷", "預付卡", "電話卡", "退訂")
"""What people who write traditional characters type into a search box; only in aliases."""


def traditional(text: str) -> list[str]:
    """Return the characters of a text that are not simplified, each with its neighbours."""
    return [
        text[max(0, n - 3) : n + 4]
        for n, (a, b) in enumerate(zip(text, SIMPLIFIED.convert(text), strict=True))
        if a != b
    ]


def without_aliases(text: str) -> str:
    """Return a text whose lines of aliases have lost the words that are traditional on purpose."""
    lines = []
    for line in text.split("\n"):
        if re.match(r"aliases\b", line):
            for word in TRADITIONAL_ON_PURPOSE:
                line = line.replace(word, "")
        lines.append(line)
    return "\n".join(lines)


@pytest.mark.parametrize("name", sorted({*TEXTS, *DATA} - {"traditional"}))
def test_chinese_is_simplified(name):
    """But for the words of the traditional edition."""
    assert traditional(without_aliases((TEXTS | DATA)[name])) == []


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


BANNED = [
    # What the articles that these guides replace said wrongly, or words that mean something else here.
    (r"营业厅(?!”)", "去营业厅办理", "the shops here are 门店; only the glossary quotes the word"),
    (r"您", "请您拨打", "readers are 你"),
    (r"24 小时(?:客服|热线)", "拨打 24 小时客服", "no operator's hours are known"),
    (
        r"可能(?:会)?拒绝(?:办理|注销|终止)",
        "运营商可能拒绝办理",
        "no rule allows a refusal until a debt is paid",
    ),
    (
        r"(?:说明|填写|提供)(?:注销|终止|停用|停卡)(?:的)?(?:原因|理由)",
        "说明注销的原因",
        "no reason is needed",
    ),
    (r"服务管理", "点“服务管理”", "an invented menu"),
    (r"拨打(?:已|刚)?(?:注销|停用)的号码", "拨打已注销的号码", "a test call proves nothing"),
    (r"先充值(?:再|后|才能)(?:注销|停用|终止)", "过期要先充值再注销", "nobody must top up to end a card"),
    (r"客服微信|扫码(?:进|加)群|欢迎加群|飞机号", "添加客服微信", "this site has no group and no agent"),
    (r"等待审核|审核通过", "提交后等待审核", "ending a contract is not reviewed"),
    (r"！", "太好了！", "no exclamation marks"),
    (r"[「」『』]", "「预付卡」", "quotes are “ ”"),
    (r"予以|如需|进行(?:办理|操作|注销|查询|登录)", "如需进行查询", "officialese"),
]


@pytest.mark.parametrize(("pattern", "sample", "why"), BANNED, ids=[sample for _, sample, _ in BANNED])
def test_no_text_says_what_is_wrong(pattern, sample, why):
    assert re.search(pattern, sample)
    lines = [
        f"{name}: {line}"
        for name, text in TEXTS.items()
        for line in text.split("\n")
        if re.search(pattern, line) and not line.startswith("aliases:")
    ]

    assert lines == [], why


def test_the_nickname_of_a_prepaid_card_is_always_quoted():
    """A “保号卡” is no kind of card; the word is an alias, and otherwise in quotes."""
    lines = [
        f"{name}: {line}"
        for name, text in TEXTS.items()
        for line in text.split("\n")
        if not line.startswith("aliases:") and re.search(r"(?<!“)保号卡|保号卡(?!”)", line)
    ]

    assert lines == []


def test_an_identity_card_is_never_asked_for_without_saying_which():
    """What the shop registered is a passport or a Belgian card; the Chinese one is named as useless."""
    lines = [
        f"{name}: {line}"
        for name, text in TEXTS.items()
        for line in text.split("\n")
        if re.search(r"(?<!中国)(?<!大陆)(?<!国内)(?<!电子)身份证(?!件|明)", line) and "比利时" not in line
    ]

    assert lines == []
