"""What a person at the terminal reads, and the exit code they get."""

from pathlib import Path

import pytest

from handouts.errors import BuildError, ContentError, MachineError, Problem, Problems, UsageError


def test_a_problem_is_path_line_and_sentence():
    assert (
        str(Problem("content/guides/4g.md", 14, "No id. Add one."))
        == "content/guides/4g.md:14: No id. Add one."
    )


def test_a_problem_is_one_line_whatever_its_text():
    assert str(Problem("a.md", 1, "is `two\nlines`,\tnot one")) == "a.md:1: is `two lines`, not one"


def test_problems_come_sorted_by_path_and_line_and_once():
    problems = Problems()
    problems.add(Path("b.md"), 2, "Z.")
    problems.add(Path("a.md"), 10, "Y.")
    problems.add(Path("a.md"), 9, "X.")
    problems.add(Path("b.md"), 2, "Z.")

    with pytest.raises(ContentError) as stopped:
        problems.stop_if_any()

    assert str(stopped.value) == "a.md:9: X.\na.md:10: Y.\nb.md:2: Z."
    assert [problem.line for problem in stopped.value.problems] == [9, 10, 2]


def test_without_problems_nothing_stops():
    Problems().stop_if_any()


@pytest.mark.parametrize(("kind", "code"), [(ContentError, 1), (UsageError, 2), (MachineError, 3)])
def test_exit_codes_say_whose_fault_it_is(kind, code):
    assert kind.exit_code == code
    assert issubclass(kind, BuildError)
