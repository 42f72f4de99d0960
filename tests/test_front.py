"""Front matter: `key: value` lines between two fences."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handouts.content.syntax import REQUIRED, split
from handouts.errors import Problems
from tests.golden import Case, cases


@pytest.mark.parametrize("case", cases("front"), ids=lambda case: case.title)
def test_case(case: Case):
    problems = Problems()
    split(Path("lost.md"), "pages", case.given, problems)

    said = "\n".join(f"{problem.line}: {problem.text}" for problem in sorted(problems))
    assert said == case.expected


def test_body_and_keys_keep_their_lines():
    text = "---\ntitle: 丢卡\n\nslug: lost\nupdated: 2026-11-20\nsummary: 先停用。\n---\n\n## 甲 {#a}\n"
    draft = split(Path("lost.md"), "pages", text, Problems())

    assert draft.front == {"title": "丢卡", "slug": "lost", "updated": "2026-11-20", "summary": "先停用。"}
    assert draft.front_lines == {"title": 2, "slug": 4, "updated": 5, "summary": 6}
    assert draft.numbered == [(8, ""), (9, "## 甲 {#a}")]
    # A shared text has no front matter.
    assert split(Path("complain.md"), "shared", "1. **投诉。** {#a}\n", Problems()).numbered == [
        (1, "1. **投诉。** {#a}")
    ]


@given(kind=st.sampled_from(sorted(REQUIRED)), text=st.text() | st.text("-: \nab：题"), closed=st.booleans())
@example(kind="pages", text="", closed=False)
def test_no_text_breaks_it_and_every_problem_has_a_line_of_the_file(kind, text, closed):
    text = f"---\n{text}\n---\n" if closed else text
    problems = Problems()
    split(Path("a.md"), kind, text, problems)

    assert all(1 <= problem.line <= text.count("\n") + 1 for problem in problems)
