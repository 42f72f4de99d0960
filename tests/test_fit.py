"""Fitting a guide on one page: the ladder of sizes, the notes that leave, the guide that is too long."""

import re

import pypdfium2 as pdfium
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from handouts.errors import SheetError
from handouts.pdf.styles import read_styles
from handouts.pdf.typesetter import Typesetter
from handouts.pdf.verify import printed_text
from handouts.sheets import fit
from handouts.sheets.templates import Setting
from tests.build_tools import ACCENTED, HAN, LONG, MESSAGE, ROOT, SHORT, guide_text
from tests.sheet_tools import squeezed

LEAD = "把银行和学校和房东那里的号码都换掉"
PHRASES = "cancel prepaid-or-plan effective confirm no-offer"
NOTE = "先换收验证码的，再换别的"


def with_notes(notes: int, *, optional: int) -> str:
    """Return a guide of 17 steps, so many with a note; the last `optional` of the notes may leave."""
    steps = [(f"{LEAD}。", f"{NOTE}，{NOTE}" if at < notes else "", "") for at in range(17)]
    for at in range(max(0, notes - optional), notes):
        steps[at] = (*steps[at][:2], "note=optional")
    return guide_text(before=steps[:5], submit=steps[5:11], after=steps[11:], phrases=PHRASES)


@pytest.fixture(scope="module")
def family(printer):
    """Guides that grow, each with notes that may leave: of one to nine notes, over all sizes."""
    return [printer.fit(with_notes(notes, optional=5)) for notes in (1, 3, 8, 9)]


def test_the_sizes_that_are_tried_are_those_of_the_style_sheet():
    css = (ROOT / "theme/static/css/sheet.css").read_text("utf-8")
    sizes = re.findall(r"\.points-([\d-]+) \{[^}]*font-size: ([\d.]+)pt", css)
    assert [size for _, size in sizes] == list(fit.TYPE_SIZES)
    assert [name.replace("-", ".") for name, _ in sizes] == list(fit.TYPE_SIZES)


def test_a_short_guide_is_set_at_the_largest_size_and_a_longer_one_never_larger(printer, family):
    printed = printer.fit(guide_text())
    sizes = [float(one.sheet.setting.points) for one in family]

    assert (printed.problems, printed.sheet.setting) == ([], Setting(points="11"))
    assert sizes == sorted(sizes, reverse=True)
    assert set(sizes) == {11, 10.5, 10}


def test_no_larger_setting_would_have_fitted(printer, family):
    """Neither a larger size, even without notes, nor one note more at the size taken."""
    for one in family:
        setting = one.sheet.setting
        for points in fit.TYPE_SIZES[: fit.TYPE_SIZES.index(setting.points)]:
            assert not printer.fits(one.variant, Setting(points=points, dropped=frozenset(one.optional)))
        if setting.dropped:
            one_more = frozenset(one.optional[len(one.optional) - len(setting.dropped) + 1 :])
            assert not printer.fits(one.variant, Setting(points=setting.points, dropped=one_more))


def test_optional_notes_leave_before_the_type_shrinks_last_first(family):
    lighter = [one for one in family if one.sheet.setting.dropped]

    assert "11" in {one.sheet.setting.points for one in lighter}
    for one in lighter:
        dropped = one.sheet.setting.dropped
        assert dropped == frozenset(one.optional[-len(dropped) :])


def test_a_note_that_is_not_optional_never_leaves(printer):
    printed = printer.fit(with_notes(3, optional=0))
    html = printer.html(printed.variant, printed.sheet.setting)
    assert printed.sheet.setting.dropped == frozenset()
    assert printed_text(html).count(f"{NOTE}，{NOTE}") == 3


def test_a_guide_too_long_for_the_smallest_size_names_its_tallest_steps_and_the_true_excess(printer):
    """A page longer by that much takes the sheet; one that is clearly shorter does not."""
    text = guide_text(before=LONG, submit=LONG, after=LONG, bring=LONG)

    printed = printer.fit(text)

    assert printed.sheet is None
    (problem,) = printed.problems
    wanted = r"mobile\.pdf is (\d+) mm too long at 10 pt\. Take about \d+ steps? off paper"
    said = re.match(wanted, problem.text)
    named = re.findall(r"`([a-z]+-\d)` \(line (\d+)\)", problem.text)
    assert len(named) == 3
    assert all(f"{{#{id}}}" in text.split("\n")[int(line) - 1] for id, line in named)
    assert f"line {problem.line})" in problem.text
    html = printer.html(printed.variant, Setting(points="10"))
    for more, fits in ((2, True), (-4, False)):
        size = f"@page {{ size: 210mm {297 + int(said[1]) + more}mm }}"
        assert (len(printer.typesetter.lay_out(html, extra=size).pages) == 1) is fits


def test_the_tallest_step_is_named_first(printer):
    """Measured on the page, not counted in characters: W is the widest letter."""
    tall = ("W" * 25 + " " + "W" * 25, "W" * 29 + " " + "W" * 30, "")
    printed = printer.fit(guide_text(before=LONG, submit=[*LONG[:4], tall, *LONG[:2]], after=LONG))
    (problem,) = printed.problems
    assert "the tallest: `submit-5`" in problem.text


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("h1 { colour: red }", r"cannot be set: .*colour"),  # WeasyPrint says so
        ("li.tick { display: none }", r"is not whole: its text differs"),  # it does not, and the sheet lies
    ],
)
def test_a_sheet_that_cannot_be_set_or_lies_is_a_problem_of_the_guide(printer, style, said):
    styles = read_styles(ROOT / "theme/static/css")
    styles["sheet.css"] += style
    with pytest.raises(SheetError, match=said):
        fit.fit(printer.variant(guide_text()), printer.template, Typesetter(styles, printer.fonts))


UNCOUNTED = HAN.lstrip("一二三四五六七八九十")
"""Without numerals: the linter wants a fact for “七天”, and for +32 4."""
CHINESE = st.one_of(
    st.text(UNCOUNTED, min_size=1, max_size=9),
    st.sampled_from(["“停”", "银行、微信", "号码（旧的）", "停，不要", "先——再", "账单……"]),
)
FOREIGN = st.one_of(
    st.text("abcdefgilmnoprstuWMV", min_size=1, max_size=11),
    st.sampled_from(["Wi-Fi", "office", "fluffy", "résilier", "itsme", "€", "+", "%", "SIM/eSIM", "l’eau"]),
    st.text(ACCENTED, min_size=1, max_size=6),
)


def spaced(words: tuple[str, ...]) -> str:
    """Join words as the linter wants it: a space only between Chinese and other letters."""
    return re.sub(r" ?([“”，、（）—…]) ?", r"\1", " ".join(words))


WORDS = st.one_of(CHINESE, st.tuples(CHINESE, FOREIGN, CHINESE).map(spaced))
STEP = st.tuples(
    WORDS.map(lambda lead: f"{lead}。"),
    st.one_of(st.tuples(st.just(""), st.just("")), st.tuples(WORDS, st.sampled_from(["", "note=optional"]))),
).map(lambda step: (step[0], *step[1]))
PHASE = st.one_of(st.just(SHORT), st.lists(STEP, min_size=3, max_size=7))
GUIDE = st.builds(guide_text, before=PHASE, submit=PHASE, after=PHASE, bring=PHASE)


def check_any_guide(printer, text: str) -> None:
    """A guide is one complete sheet, read back here by other means than the proof's, or one clear problem."""
    one = printer.fit(text)
    sheet = one.sheet
    if sheet is None:
        (problem,) = one.problems
        assert "mm too long at 10 pt" in problem.text
        assert MESSAGE.fullmatch(str(problem))
        assert 1 <= problem.line <= text.count("\n")
        return
    assert one.problems == []
    with pdfium.PdfDocument(one.pdf) as document:
        (page,) = document
        printed = squeezed(page.get_textpage().get_text_range())
    at = 0
    for step in one.variant.guide.steps:
        for part in (step.lead.removesuffix("。"), "" if step.id in sheet.setting.dropped else step.note):
            words = re.sub(r"\s", "", part.striptags()) if part else ""
            at = printed.index(words, at) + len(words)


# Shrinking costs a second a try; the first guide that fails tells enough.
@settings(max_examples=5, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(text=GUIDE)
def test_any_guide_is_one_whole_sheet_or_one_clear_problem(printer, text):
    check_any_guide(printer, text)


@pytest.mark.thorough
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(text=GUIDE)
def test_very_many_guides_are_one_whole_sheet_or_one_clear_problem(printer, text):
    check_any_guide(printer, text)
