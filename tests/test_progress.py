"""What is said of a long build while it lasts."""

from io import StringIO

from handouts.sheets.progress import WIPE, Progress


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def steps(stream: StringIO, pieces: int, seconds: float = 2.0) -> list[str]:
    """Do so many pieces, each in some seconds; return what was said."""
    passed = 0.0
    progress = Progress(pieces, stream, lambda: passed)
    for number in range(pieces):
        passed += seconds
        progress.step(f"sheet-{number}")
    progress.end()
    return stream.getvalue().split(WIPE if stream.isatty() else "\n")


def test_a_terminal_shows_one_line_with_what_how_many_and_how_long_left(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")

    said = steps(Terminal(), 4)

    assert said[1:4] == [
        "Printed 1 of 4, about 6 s left: sheet-0",
        "Printed 2 of 4, about 4 s left: sheet-1",
        "Printed 3 of 4, about 2 s left: sheet-2",
    ]
    assert said[4:] == ["Printed 4 of 4: sheet-3", ""]


def test_a_line_never_runs_over_the_edge_of_the_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")

    assert max(map(len, steps(Terminal(), 30))) == 19


def test_elsewhere_every_tenth_is_a_plain_line():
    said = steps(StringIO(), 40)

    assert len(said) == 11
    assert said[0] == "Printed 4 of 40, about 72 s left"
    assert said[-2:] == ["Printed 40 of 40", ""]


def test_where_nobody_reads_nothing_fails(monkeypatch):
    closed = StringIO()
    closed.close()
    progress = Progress(4, None)
    progress._stream = closed

    progress.step("sheet")
    progress.end()


def test_beside_a_terminal_standard_error_is_left_to_messages(capfd):
    progress = Progress(4)
    for _ in range(4):
        progress.step("sheet")
    progress.end()

    said = capfd.readouterr()
    assert said.out.endswith("Printed 4 of 4\n")
    assert said.err == ""


def test_of_a_few_pieces_nothing_is_said():
    assert steps(Terminal(), 3) == [""]
    assert steps(StringIO(), 3) == [""]
