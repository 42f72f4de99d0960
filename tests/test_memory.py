"""What is remembered, and when."""

import pytest

from handouts.content import load
from handouts.errors import Problems
from handouts.memory import Same, remembered, remembering
from tests.build_tools import guide_text, write_content


@pytest.fixture
def asked() -> list[int]:
    return []


@pytest.fixture
def double(asked):
    """A function of which two results may be remembered; it notes when it works."""

    @remembered(lambda number: number, kept=2)
    def double(number: int) -> int:
        asked.append(number)
        return 2 * number

    return double


def test_a_build_of_its_own_remembers_nothing(double, asked):
    assert [double(1), double(1)] == [2, 2]
    assert asked == [1, 1]


def test_what_was_asked_before_is_remembered_and_the_oldest_forgotten(double, asked):
    with remembering():
        assert [double(n) for n in (1, 2, 1, 3, 1, 2)] == [2, 4, 2, 6, 2, 4]

    assert asked == [1, 2, 3, 2]


def test_nothing_is_remembered_afterwards(double, asked):
    for _ in range(2):
        with remembering():
            double(1)

    assert asked == [1, 1]


def test_two_functions_of_one_name_are_two(double):
    """A name is that of the module and of all that the function stands in."""

    @remembered(lambda number: number)
    def triple(number: int) -> int:
        return 3 * number

    with remembering():
        assert (double(1), triple(1)) == (2, 3)


def test_a_thing_is_the_same_only_as_itself():
    one, other = [1], [1]

    assert Same(one) == Same(one)
    assert len({Same(one), Same(one), Same(other)}) == 2
    assert Same(one) != one


def test_of_a_saved_file_only_its_own_parts_are_worked_out_anew(tmp_path):
    """So a key that names too much or too little shows here, and in the thorough test of the preview."""
    other = guide_text(slug="other", order="2")
    folder = write_content(tmp_path / "content", guide_text(), other)

    with remembering():
        first, problems = load(folder, Problems()), Problems()
        (folder / "guides/mobile.md").write_text(guide_text(home="另一句话"), encoding="utf-8")
        second = load(folder, problems)
        (folder / "data/phrases.toml").write_bytes((folder / "data/phrases.toml").read_bytes() + b"\n")
        third = load(folder, problems)

    assert problems == []
    assert second.data is first.data
    assert second.guides[0].home == "另一句话"
    assert second.guides[1] is first.guides[1]
    assert third.data is not second.data
    assert third.guides[1] is not second.guides[1]
    assert third.guides[1] == second.guides[1]


def test_problems_are_named_each_time(tmp_path):
    folder = write_content(tmp_path / "content")
    (folder / "data/phrases.toml").write_text("[cancel]\nzh = 1\n", encoding="utf-8")

    with remembering():
        found = [
            sorted(map(str, problems)) for problems in (Problems(), Problems()) if load(folder, problems)
        ]

    assert found[0] == found[1] != []
