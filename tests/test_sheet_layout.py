"""The sheet as a compositor would measure it: grid, boxes, lines, spaces, line ends; from the finished PDF."""

import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from handouts.content.languages import EN, HANT
from handouts.content.loader import Content
from handouts.sheets.filters import CLOSING, OPENING
from handouts.sheets.jobs import variants
from handouts.sheets.selection import PLAN_TOPICS, PREPAID_TOPICS, Selection
from handouts.sheets.templates import Setting
from handouts.text import HAN
from tests.build_tools import GUIDES, ROOT, SHORT, SITE, guide_text, loaded, sheet_template
from tests.build_tools import HAN as SOME_HAN
from tests.sheet_tools import Leaf, lines_of, text_of

LEFT, TOP, RIGHT = 10, 10, 200
"""The edges of the page inside its margins, in mm."""
BOX, RIGHT_COLUMN = LEFT + 12.4, RIGHT - 59
"""Left and right edges of the boxes."""
STEPS = LEFT + 19.8
"""Left edge of the steps."""
HANG = 7.4
BLACK, WHITE = (0, 0, 0, 255), (255, 255, 255, 255)
SHEETS = (*GUIDES, "prepaid-base", "4g-proximus", "4g-scarlet", "data-edpnet", "5g-mobile-vikings")


def printed_in(whole_site: Path, content: Content) -> dict[str, Leaf]:
    """Return the printed page of each guide of an edition, and of some operators."""
    prefix = content.data.language.prefix
    listing = json.loads((whole_site / "handouts.json").read_text(encoding="utf-8"))
    template = sheet_template(content.data, f"{SITE}/{prefix}".rstrip("/"))
    found = {}
    for variant in variants(content):
        if variant.name in SHEETS:
            path = f"{prefix}handouts/{variant.name}.pdf"
            entry = listing[path]
            setting = Setting(points=f"{entry['points']:g}", dropped=frozenset(entry["notes_left_out"]))
            html = template.render(variant, setting, version=entry["version"])
            found[variant.name] = Leaf((whole_site / path).read_bytes(), html)
    return found


@pytest.fixture(scope="module")
def leaves(whole_site, real_content) -> dict[str, Leaf]:
    return printed_in(whole_site, real_content)


@pytest.fixture(scope="module")
def others(whole_site) -> dict[str, Leaf]:
    """Those of the other editions, whose texts are longer or shorter than those that were fitted to their columns."""
    return {
        f"{language.folder}/{name}": leaf
        for language in (HANT, EN)
        for name, leaf in printed_in(whole_site, loaded(ROOT / "content", (), language)[0]).items()
    }


@pytest.fixture(params=SHEETS)
def leaf(request, leaves) -> Leaf:
    return leaves[request.param]


@pytest.fixture(scope="module")
def set_at(printer) -> Callable[..., Leaf]:
    """Return a function that prints a test guide at a size."""

    def set_at(text: str, points: str = "11") -> Leaf:
        html = printer.html(printer.variant(text), Setting(points=points))
        return Leaf(printer.typesetter.write(printer.typesetter.lay_out(html)), html)

    return set_at


def starts(groups: list) -> set[float]:
    return {round(glyphs[0].x, 1) for glyphs in groups}


def columns(boxes: list) -> dict[float, list]:
    """Return the boxes below each other, by their left edge."""
    edges = {round(box.left, 1) for box in boxes}
    return {edge: [box for box in boxes if round(box.left, 1) == edge] for edge in edges}


def test_a_box_to_tick_is_4_5_mm_and_stands_at_the_edge_of_its_column(leaf):
    boxes = leaf.boxes()
    again = leaf.of(".fill__day")

    assert len(again) == 2
    assert len(boxes) == len(leaf.of("li.tick")) + len(again)
    assert all(side == pytest.approx(4.5, abs=0.01) for box in boxes for side in box.size)
    in_columns = columns(boxes)
    assert len(in_columns[BOX]) == len(leaf.of(".sheet__left li.tick"))
    assert len(in_columns[RIGHT_COLUMN]) == len(leaf.of(".sheet__right li.tick"))


def test_titles_stand_above_the_boxes_and_steps_on_one_line_beside_them(leaf):
    titles = [glyphs[1:] for glyphs in leaf.of(".phase h2")]
    assert list(starts(titles)) == [pytest.approx(BOX, abs=0.2)]
    assert starts(leaf.of(".sheet__left label")) == {STEPS}
    assert starts(leaf.of(".block .tick label")) == {RIGHT_COLUMN + HANG}


def test_days_on_the_rail_are_those_of_the_timetable_that_their_steps_name(leaf, data):
    """The letters and the days are on one vertical line, and each day in the row of its step."""
    days = leaf.of(".tick__due")
    rows = leaf.of(".phase li.tick")

    words = data.ui["sheet"]
    known = {words["that_day"]}
    for day in data.timetable.values():
        form, count = ("in_months", day.months) if day.months else ("in_days", day.short)
        known.add(words[form].replace("{count}", str(count)).replace(" ", ""))
    assert {text_of(day) for day in days} <= known
    assert days
    assert all(glyph.left > LEFT and glyph.right < LEFT + 11 for day in days for glyph in day)
    assert all(any(day[0] is row[0] for row in rows) for day in days)


def test_days_before_and_after_the_flight_never_run_back_on_the_rail(real_content):
    selection = Selection(real_content.data)
    for guide in real_content.guides:
        due = (
            selection.due(guide)[step.id] for part in guide.sections if part.letter for step in part.printed
        )
        days = [day.days for day in due if day and day.counts_from == "flight"]
        assert days == sorted(days), guide.slug


def test_the_best_known_way_to_end_a_contract_is_short_enough_for_paper(real_content):
    """The first of each topic; a longer one would give way to the next, which may say much less."""
    selection = Selection(real_content.data)
    for operator in real_content.data.operators.values():
        for topic in {*PLAN_TOPICS, *PREPAID_TOPICS}:
            sure = real_content.data.sure(getattr(operator, topic))
            texts = [fact for fact in sure if not fact.value.startswith("http")]
            assert selection.printable(getattr(operator, topic))[:1] == texts[:1], (operator.id, topic)


def test_wrapped_lines_of_a_step_align_with_its_lead(set_at):
    """A note that does not fit its line goes to the next one completely."""
    lead, note = (
        "把银行和学校和房东那里的号码一个一个都换掉。",
        "先换收验证码的，再换别的，换完自己试一次，行了再停",
    )
    leaf = set_at(guide_text(before=[(lead, note, ""), *SHORT]))

    (longest,) = [glyphs for glyphs in leaf.of("li.tick") if len(lines_of(glyphs)) > 1]
    assert text_of(lines_of(longest)[0]) == lead.removesuffix("。")
    assert starts(lines_of(longest)) == {STEPS}


@pytest.mark.parametrize("points", ["11", "10.5", "10"])
def test_boxes_stand_at_one_distance_in_the_middle_of_their_line(set_at, points):
    leaf = set_at(guide_text(), points)

    boxes = columns(leaf.boxes())[BOX][:3]
    steps = {round(below.top - box.top, 2) for box, below in itertools.pairwise(boxes)}
    assert max(steps) - min(steps) < 0.02
    assert min(steps) > 4.5 + 1.5
    for box, label in zip(columns(leaf.boxes())[BOX], leaf.of(".sheet__left label"), strict=True):
        ink = (min(glyph.top for glyph in label) + max(glyph.bottom for glyph in label)) / 2
        assert ink == pytest.approx((box.top + box.bottom) / 2, abs=0.35)


def test_lines_to_write_on_are_10_mm_apart_with_the_label_above(leaf):
    """Measured from rule to rule, in the fields of the reader and in the notes on calls."""
    lines = [one for one in leaf.shapes() if one.size[1] == pytest.approx(10.1, abs=0.3)]
    by_hand = [one for one in lines if one.size[0] == pytest.approx(44.2, abs=0.6)]

    assert len(by_hand) == len(leaf.of(".fill li"))
    assert [one for one in lines if one.size[0] == pytest.approx(59, abs=0.6)]
    days = [box for box in leaf.fields if box.right - box.left == pytest.approx(22, abs=0.1)]
    assert len(days) == len(leaf.of(".phase li.tick"))  # and one for the day on which each step was done
    assert {round(line.right) for line in days} == {LEFT + 127}
    rows = sorted({round(box.bottom, 1) for box in leaf.fields if 43 < box.right - box.left < 45})
    assert len(rows) == 2
    assert 10 <= rows[1] - rows[0] < 10.4


def test_each_step_of_our_guides_is_one_row_of_the_largest_type(leaves, listing):
    """So the rows are even, and no sheet is set more than once."""
    for name, leaf in leaves.items():
        assert [text_of(glyphs) for glyphs in leaf.of("li.tick") if len(lines_of(glyphs)) > 1] == []
        assert listing[f"handouts/{name}.pdf"]["points"] == 11


def test_black_and_white_in_four_sizes_of_type_and_the_first_phrase_large_enough_for_a_counter(leaf):
    assert leaf.text_colours() <= {BLACK, WHITE}
    assert {colour for shape in leaf.shapes() for colour in shape.colours} <= {BLACK, WHITE}
    sizes = set(leaf.type_sizes())

    assert len(sizes) <= 4
    assert min(sizes) == 9
    assert max(leaf.type_sizes("numéro")) >= 13


def test_no_sheet_of_another_edition_has_more_sizes_of_type_or_a_paragraph_that_ends_with_one_alone(others):
    assert len(others) > len(SHEETS)
    assert {name: sizes for name, leaf in others.items() if len(sizes := set(leaf.type_sizes())) > 4} == {}
    assert {name: alone for name, leaf in others.items() if (alone := widows(leaf))} == {}


def test_the_code_stands_at_the_top_right_with_its_quiet_zone_free_and_the_day_of_the_facts_beside(leaf):
    (code,) = [one for one in leaf.shapes() if one.size[0] > 15 and abs(one.size[0] - one.size[1]) < 1]
    module = code.size[0] / 34  # 33 modules, and the stroke of one that PDFium adds

    assert code.size[0] > 19
    assert code.right == pytest.approx(RIGHT, abs=2.1)
    free = 4 * module * 0.8  # of the stroke again
    for one in (*leaf.glyphs, *(one for one in leaf.shapes() if one != code and one.size[0] < 180)):
        beside = one.right < code.left - free or one.left > code.right + free
        assert beside or one.bottom < code.top - free or one.top > code.bottom + free, one
    (address,), (tag,) = leaf.of(".sheet__url"), leaf.of(".sheet__tag")
    assert text_of(address).startswith(SITE.removeprefix("https://"))
    assert re.search(r"资料读取\d{4}-\d{2}-\d{2}", text_of(tag))


def test_the_operator_is_the_darkest_block_at_the_top_right(leaves):
    """So that a stack can be sorted; the sheet for everybody has an empty frame of the same size."""
    for name, leaf in leaves.items():
        block = [one for one in leaf.shapes() if one.size[0] > 55 and one.size[1] > 9 and one.top < TOP + 2]
        assert block, name
        assert all(one.right == pytest.approx(RIGHT, abs=0.6) for one in block)
        assert bool(leaf.of(".sheet__brand--blank")) == ("-" not in name)


@pytest.mark.parametrize("name", ["prepaid", "4g-proximus"])
def test_no_line_is_thinner_than_half_a_point(leaves, name):
    """Measured in the picture, ten pixels to the point: across each rule and each side of a box."""
    picture = leaves[name].picture(720)
    rules = [shape for shape in leaves[name].shapes() if shape.size[0] > 4]
    measured = [
        thickness
        for rule in rules
        for thickness in _across(picture, (rule.left + rule.right) / 2 + 0.7, rule.top, rule.bottom)
    ]

    assert len(measured) > 30
    assert min(measured) >= 0.5


def _across(picture, x: float, top: float, bottom: float):
    """Yield in points how thick the black is at the upper and the lower edge of a shape, where there is any."""
    pixel = 25.4 / 720
    column = picture.crop((round(x / pixel), 0, round(x / pixel) + 1, picture.height)).tobytes()
    for edge in (top, bottom):
        at = round(edge / pixel)
        near = range(at - 9, at + 10)
        dark = next((y for y in near if column[y] < 128), near[0])
        if dark != near[0]:  # else there is no rule here, or text that goes on beyond
            yield next(y - dark for y in range(dark, len(column)) if column[y] >= 128) / 10


def em_of(glyphs, at: int) -> float | None:
    """Return the width of a character near a place: the distance of two Chinese characters in a row."""
    for first in (*range(at, max(-1, at - 8), -1), *range(at + 1, min(len(glyphs) - 1, at + 8))):
        one, next_ = glyphs[first : first + 2] if first + 1 < len(glyphs) else (None, None)
        if one and re.fullmatch(f"[{HAN}]{{2}}", one.char + next_.char) and next_.baseline == one.baseline:
            return next_.x - one.x
    return None


def test_two_marks_that_meet_take_one_em_and_a_half(leaves):
    pairs = 0
    for leaf in leaves.values():
        for at, (one, next_) in enumerate(itertools.pairwise(leaf.glyphs)):
            meet = one.char in CLOSING and next_.char in CLOSING + OPENING
            meet |= one.char in OPENING and next_.char in OPENING
            if meet and one.baseline == next_.baseline and next_.x > one.x and next_.x - one.x < 10:
                em = em_of(leaf.glyphs, at - 2)
                if em:
                    pairs += 1
                    assert next_.x - one.x == pytest.approx(em / 2, abs=0.1), one.char + next_.char
    assert pairs >= 3


def test_the_gap_between_chinese_and_latin_is_a_quarter_of_an_em(leaf):
    gaps = []
    for at, (one, next_) in enumerate(itertools.pairwise(leaf.glyphs)):
        side_by_side = re.match(f"[{HAN}][A-Za-z0-9]", one.char + next_.char)
        em = em_of(leaf.glyphs, at - 1) if side_by_side and one.baseline == next_.baseline else None
        if em and 0 < next_.x - one.x < 2 * em and leaf.glyphs[at - 1].baseline == one.baseline:
            gaps.append((next_.x - one.x) / em - 1)

    assert len(gaps) > 10
    spaces = [gap for gap in gaps if gap > 0.1]  # the rest are notes, dates: no space was typed
    assert all(0.2 < gap < 0.3 for gap in spaces if gap < 0.4)


PARAGRAPHS = ("p", "h1", "h2", "li.tick", ".fill li", ".complain li", "th", "td", ".complain .tick__note")


def widows(leaf: Leaf) -> list[str]:
    """Return the paragraphs whose last line holds one character, marks aside."""
    lines = [lines_of(glyphs) for name in PARAGRAPHS for glyphs in leaf.of(name)]
    alone = re.compile(rf"[{CLOSING}{OPENING}]*.?[{CLOSING}{OPENING}]*")
    return ["".join(map(text_of, one)) for one in lines if len(one) > 1 and alone.fullmatch(text_of(one[-1]))]


@pytest.mark.parametrize("end", ["", "，写明 4G 卡", "，发到 App 里", "（先截图）"])
def test_whatever_its_length_no_text_ends_with_a_character_alone(set_at, end):
    """Notes, leads, packing list and answer, each at the lengths around those at which it takes another line."""

    def of(length: int) -> str:
        return SOME_HAN[: length - len(end)] + end

    text = guide_text(
        answer=f"**{SOME_HAN[:30]}。**{SOME_HAN[30:40]}{of(18)}。",
        before=[("把银行和学校和房东那里的号码都换掉。", of(length), "") for length in range(23, 30)],
        submit=[(f"{SOME_HAN[:length]}。", "", "") for length in range(20, 25)],
        after=[(f"{of(length)}。", "", "") for length in range(20, 24)],
        bring=[(f"{SOME_HAN[:length]}。", "", "") for length in range(11, 18)],
    )
    leaf = set_at(text)

    assert len(leaf.of("li.tick")) >= 23
    assert sum(len(lines_of(step)) > 1 for step in leaf.of("li.tick")) >= 10
    assert widows(leaf) == []


def test_numbers_and_addresses_stay_on_one_line_and_no_character_ends_a_paragraph_alone(leaf, data):
    assert widows(leaf) == []
    typed = re.compile(r"[+\d][\d ]{5,}|[\w.+-]+@[\w.-]+|[a-z-]+\.(?:be|com|org)")
    values = {fact.value.replace(" ", "") for fact in data.facts.values() if typed.fullmatch(fact.value)}
    found = [
        (leaf.glyphs[place.start() : place.end()], value)
        for value in values | {"ombudsmantelecom.be"}
        for place in re.finditer(re.escape(value), text_of(leaf.glyphs))
    ]

    assert len(found) >= 2
    assert [value for glyphs, value in found if len(lines_of(glyphs)) > 1] == []


def test_no_line_ends_before_an_amount_or_inside_a_part_of_an_address(leaves, others):
    """A post code stays with its town, a number with its street, a word with a hyphen whole."""
    torn = rf"[{HAN}]€\d|\d{{4}}[A-Z]|[a-z]\d+[A-Z]?(?:/\d+)?,|[a-z]-[A-Za-z]"
    joined = 0
    for name, leaf in {**leaves, **others}.items():
        for glyphs in leaf.of("li.tick") + leaf.of(".known td"):
            for place in re.finditer(torn, text_of(glyphs)):
                joined += 1
                assert len(lines_of(glyphs[place.start() : place.end()])) == 1, (name, text_of(glyphs))
    assert joined >= 20


def test_no_line_ends_inside_this_in_either_script(leaves, others):
    ends = {
        text_of(line)[-1]
        for leaf in [*leaves.values(), *others.values()]
        for glyphs in leaf.of(".say th")
        for line in lines_of(glyphs)
    }

    assert "。" in ends
    assert not ends & set("这這")
