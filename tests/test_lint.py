"""The linter: each rule with texts it accepts and texts it rejects.

A text without front matter is the body of a file, so its first line is line 1.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from handouts.content import syntax
from handouts.content.data import Data
from handouts.content.draft import Draft, split
from handouts.content.files import MAX_LINE
from handouts.content.lint import numbers
from handouts.content.lint.rules import RULES, Rule, lint
from handouts.errors import Problems
from handouts.model import Milestone, Phrase, Term
from tests.build_tools import cases, fact

A_PHRASE = Phrase(id="cancel", zh="终止", fr="f", nl="n", en="e", de="d", use="先")


def by_id(*records):
    return {one.id: one for one in records}


DATA = Data(
    facts=by_id(fact("port"), fact("fee", "€5"), fact("unsure", "", "low"), fact("rumour", "€9", "low")),
    phrases={"cancel": A_PHRASE},
    ui={
        "fields": {"number": "手机号码"},
        "when": {"flight_before": "起飞前 {count} 天", "submission_after": "提交后第 {count} 天"},
    },
    timetable=by_id(
        Milestone(id="submit", counts_from="flight", days=-30, what="提交"),
        Milestone(id="remind", counts_from="submission", days=14, what="催"),
    ),
    terms={"plan": Term(id="plan", zh=("月付套餐",), fr=(), nl=(), en=(), avoid=("合约机", "月租卡"))},
)
NUMBERS = replace(
    DATA,
    facts=by_id(
        fact("port", statement="转网后一个月内可以要回余额。"),
        fact("fee", "€5", statement="最多收 €5。"),
        fact("phone", "+32 2 223 09 09"),
        fact("mail", "info@base.be"),
        fact("fine", statement="罚款 28 万欧元。"),
        fact("notice", statement="提前 30 天通知。"),
    ),
)


def draft(written: str) -> Draft:
    """Return a draft of the kind that has such keys; keys that are missing are not the rules' business."""
    if not written.startswith("---\n"):
        return Draft(Path("a.md"), "guides", {}, {}, tuple(written.split("\n")), 0)
    for kind in ("guides", "pages", "posts"):
        problems = Problems()
        one = split(Path("a.md"), kind, written, problems)
        if not any("unknown key" in problem.text for problem in problems):
            return one
    raise AssertionError(f"no kind of file has these keys: {written}")


def found(rule: Rule, written: str, data: Data = DATA) -> list[str]:
    return [f"{line}: {said}" for line, said in rule(draft(written), data)]


ALL = {rule for rules in RULES.values() for rule in rules}
RULES_BY_NAME = {f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}": rule for rule in ALL}


@pytest.mark.parametrize("case", cases("lint"), ids=lambda case: case.title)
def test_a_rule(case):
    rule, verb, _ = case.title.split()
    said = found(RULES_BY_NAME[rule], case.given.removesuffix("\n"))
    assert said == case.expected.split("\n") * bool(case.expected)
    assert bool(said) == (verb == "refuses")


@pytest.mark.parametrize("case", cases("numbers"), ids=lambda case: case.title)
def test_typed_numbers(case):
    said = found(numbers.numbers_are_facts, case.given.removesuffix("\n"), NUMBERS)
    said = sorted(said, key=lambda line: (int(line.partition(":")[0]), line))
    assert said == case.expected.split("\n") * bool(case.expected)


def test_every_rule_has_texts_it_accepts_and_texts_it_refuses():
    tried = {tuple(case.title.split()[:2]) for case in cases("lint")}
    others = set(RULES_BY_NAME) - {"numbers.numbers_are_facts"}  # which has a file of its own
    assert tried == {(rule, verb) for rule in others for verb in ("accepts", "refuses")}


@pytest.mark.parametrize("kind", sorted(RULES))
def test_what_is_wrong_everywhere_is_found_in_every_kind_of_file(kind):
    written = "<b>[@gone]用App</b>\n"
    one = Draft(Path("a.md"), kind, {}, {}, tuple(written.split("\n")), 0)

    said = [said for _, said in lint(one, DATA)]

    assert [one for one in said if "HTML" in one or "`gone`" in one or "a space" in one] == [
        "`<b>` is HTML. Write Markdown, and characters as they are.",
        "`</b>` is HTML. Write Markdown, and characters as they are.",
        "The fact `gone` is not in facts.toml. Add it, with its source.",
        "`用A` needs a space in between: `用 A`.",
    ]


@pytest.mark.parametrize("odd", ["A ", "{#", "十"])
def test_long_lines_of_odd_characters_are_read(odd):
    """A pattern that tries each way to match at each place would take minutes for them."""
    lines = (odd * (MAX_LINE // len(odd)),) * 50

    assert list(numbers.numbers_are_facts(Draft(Path("a.md"), "guides", {}, {}, lines, 0), DATA)) == []
    assert syntax.ANCHOR.search(lines[0]) is None
