"""What is still to be paid: every sum follows the rules on the page."""

import tomllib
from collections.abc import Callable

import pytest

from tests.golden import CASES

SUMS = tomllib.loads((CASES / "sums.toml").read_text(encoding="utf-8"))


@pytest.fixture
def sum_of(open_page) -> Callable[..., list[str]]:
    """Return a function that fills in one block and gives the sentences of its answer."""
    page = open_page("calculator/")
    page.set_viewport_size({"width": 320, "height": 568})
    assert page.evaluate("document.documentElement.scrollWidth") == 320  # it fits a phone
    for target in page.locator(".field").all():
        assert not target.is_visible() or target.bounding_box()["height"] >= 44

    def sum_of(block: str, **typed: str) -> list[str]:
        for id, text in typed.items():
            if id == "fixed":
                page.select_option("#sum-fixed", text)
            else:
                page.fill(f"#sum-{id}", text)
        return page.locator(f"[data-sum={block}] .surface p").all_inner_texts()

    return sum_of


def test_every_sum_follows_the_rules(sum_of):
    for start, end, fee, device, term, total in SUMS["plan"]["sums"]:
        said = sum_of("plan", fixed="fixed", start=start, end=end, fee=fee, device=device, term=term)
        assert said[0] == f"最多还要付 {total}", (start, end)
    for left, last, said in SUMS["credit"]["sums"]:
        assert sum_of("credit", left=left, last=last)[0] == said, (left, last)


def test_without_a_term_only_the_device_is_paid_for(sum_of):
    said = sum_of("plan", start="2026-01-01", end="2027-01-01", device="240.50")
    assert said[0] == "最多还要付 €240.50"
    assert "不收费" in said[1]

    assert sum_of("plan", device="0")[0] == "最多还要付 €0"


def test_what_the_contract_alone_says_is_asked_for_and_not_guessed(sum_of):
    said = sum_of("plan", start="2026-01-01", end="2027-01-01")

    assert "附表" in said[-1]
    assert not any("最多还要付" in text for text in said)
    assert "填反" in sum_of("plan", end="2025-01-01")[0]
    assert "月费" in sum_of("plan", fixed="fixed", start="2027-01-01", end="2027-03-01", fee="x")[0]


def test_every_rule_stands_there_with_its_source_and_without_scripts(open_page, real_content):
    page = open_page("calculator/", java_script_enabled=False)

    assert page.locator("main :is(input, select)").count() == 0
    shown = page.locator("main").inner_text()
    for id in ("first-six-months-fee", "device-table", "device-always-due", "prepaid-refund-last-topup"):
        assert real_content.data.facts[id].statement in shown
        assert page.locator(f"#s{list(real_content.data.facts).index(id)}").count() == 1
