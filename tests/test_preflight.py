"""What may not go to paper: codes too fine to read, facts too old for the date of their sheet."""

from datetime import timedelta
from pathlib import Path

import pytest
import segno

from handouts.content.loader import load
from handouts.errors import Problems
from handouts.sheets.preflight import LONGEST_ADDRESS, OLDEST
from handouts.sheets.printer import Printer
from handouts.sheets.selection import Variant
from handouts.sheets.templates import SheetTemplate
from tests.build_tools import ROOT, SITE, guide_text, write_content
from tests.test_printer import means_with, printed


@pytest.mark.parametrize(("length", "readable"), [(LONGEST_ADDRESS, True), (LONGEST_ADDRESS + 1, False)])
def test_the_longest_address_is_the_last_whose_code_has_squares_of_four_tenths(length, readable):
    """25 mm of sheet.css, over the squares of the code and its quiet zone."""
    code = segno.make("https://example.org/".ljust(length, "a"), error="m", micro=False)

    assert (25 / code.symbol_size(border=4)[0] >= 0.4) is readable


def problems_of(folder: Path, site: str, *guides: str) -> list[str]:
    found = Problems()
    Printer(
        load(write_content(folder / "content", *guides), found),
        means_with(folder / "cache", site=site),
        found,
    )
    return [str(problem).removeprefix(f"{folder}/content/") for problem in sorted(found)]


def site_of(length: int) -> str:
    """Return a site whose guide `mobile` has an address of this length in its code."""
    return f"{SITE}/".ljust(length - len("/mobile/?v=261120-0000"), "a")


def test_an_address_that_makes_the_code_too_fine_is_named_at_the_slug(tmp_path):
    """Also one that is longer than any code can hold: it must not end in a traceback."""
    (problem,) = problems_of(tmp_path / "endless", f"https://{'a' * 3000}.org", guide_text())
    assert problem.startswith("guides/mobile.md:4: The address in the code of the sheet has 3")
    assert problems_of(tmp_path, site_of(LONGEST_ADDRESS + 1), guide_text()) == [
        "guides/mobile.md:4: The address in the code of the sheet has 181 characters; a phone reads at most 180 from "
        "paper. Shorten the slug, or SITE in pelicanconf.py."
    ]


@pytest.mark.parametrize("length", [40, LONGEST_ADDRESS])
def test_with_an_address_of_any_length_the_code_stays_on_the_paper(tmp_path, length):
    """The more squares, the narrower the quiet zone, which is in the margin."""
    handouts, problems = printed(tmp_path / "content", means_with(tmp_path / "cache", site=site_of(length)))

    assert (list(handouts), problems) == (["mobile"], [])


def test_a_fact_too_old_for_the_date_of_its_sheet_is_named_with_its_line(tmp_path, real_content):
    (guide,) = (guide for guide in real_content.guides if guide.slug == "prepaid")
    template = SheetTemplate(ROOT / "theme/templates", real_content.data, "")
    fact = template.selection.facts(Variant(guide=guide))[0]
    written = {"answer": f"**先看清。**[@{fact.id}]", "slug": "mobile"}
    late = guide_text(**written, updated=str(fact.read + OLDEST + timedelta(days=1)))
    in_time = guide_text(**written, updated=str(fact.read + OLDEST))

    found = problems_of(tmp_path / "in-time", "https://example.org", in_time)
    assert not any(f"`{fact.id}`" in one for one in found)

    found = problems_of(tmp_path / "late", "https://example.org", late)
    place, line, text = next(one for one in found if f"`{fact.id}`" in one).split(":", 2)
    data = (tmp_path / "late/content/data/facts.toml").read_text(encoding="utf-8").split("\n")
    assert place == "data/facts.toml"
    assert data[int(line) - 1] == f"read = {fact.read}"
    assert "more than 730 days before mobile.pdf says it was updated" in text
    assert f"[{fact.id}]" in data[: int(line)]
    assert all("730 days" in one for one in found)  # the others are of the telephone numbers
