"""Single pages in a browser: phrases in a reader's hand, what is still to be paid, the calendar file that needs no script."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page

from handouts.content.data import Data
from handouts.content.loader import load
from handouts.errors import Problems
from handouts.model import Milestone
from handouts.site.calendar import HOUR, calendar, plan
from tests.build_tools import CASES, SITE
from tests.conftest import TESTS
from tests.web_tools import script

NO_VOICES = "Object.defineProperty(window, 'speechSynthesis', { value: undefined })"


def clerk(page: Page, number: int = 0) -> Page:
    page.locator(".phrase .action").nth(number).click()
    page.locator(".clerk[open]").wait_for()
    return page


def test_the_list_shows_one_language_remembers_which_was_chosen_and_prints_all(open_page, real_content):
    page = open_page("phrases/")
    said = [phrase.fr for phrase in real_content.data.phrases.values()]
    assert [one.inner_text() for one in page.locator(".say dd:visible").all()] == said
    assert page.evaluate("localStorage.length") == 0

    page.get_by_role("button", name="荷兰语").first.click()
    page.reload()

    said = [phrase.nl for phrase in real_content.data.phrases.values()]
    assert [one.inner_text() for one in page.locator(".say dd:visible").all()] == said
    page.emulate_media(media="print")
    assert page.locator(".say dd:visible").count() == 4 * len(said)
    assert not page.locator(".say .action").first.is_visible()


@pytest.mark.parametrize(
    ("width", "height", "least"),
    [
        (320, 568, 26),
        *(pytest.param(*size, marks=pytest.mark.thorough) for size in ((390, 844, 34), (1280, 800, 34))),
    ],
)
def test_every_phrase_is_as_large_as_fits_in_every_language(open_page, real_content, width, height, least):
    page = open_page("phrases/")
    page.set_viewport_size({"width": width, "height": height})
    clerk(page)

    for lang in ("法语", "荷兰语", "英语", "德语"):
        page.locator(".clerk").get_by_role("button", name=lang).click()
        for _ in real_content.data.phrases:
            size, fits = page.evaluate("""() => {
                const [text, paper] = ["text", "paper"].map((name) => document.querySelector(`.clerk__${name}`));
                return [parseFloat(text.style.fontSize), text.scrollHeight <= paper.clientHeight + 1 && text.scrollWidth <= paper.clientWidth + 1];
            }""")
            assert least <= size <= 56
            assert fits
            page.get_by_role("button", name="下一句").click()


def test_the_clerk_reads_it_from_the_other_side(open_page, real_content):
    page = clerk(open_page("phrases/"))
    first, second, *_, last = real_content.data.phrases.values()
    assert page.locator(".clerk__text").inner_text() == first.fr
    assert page.locator(".clerk__text").get_attribute("lang") == "fr"
    assert first.zh in page.locator(".clerk__zh").inner_text()

    page.get_by_role("button", name="转向店员").click()
    turned = page.locator(".clerk__paper").evaluate("paper => getComputedStyle(paper).transform")
    assert turned.startswith("matrix(-1, 0, 0, -1")

    page.keyboard.press("ArrowLeft")
    assert page.locator(".clerk__zh b").inner_text() == last.zh
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.locator(".clerk__zh b").inner_text() == second.zh
    assert page.locator(".clerk__count").inner_text() == f"2/{len(real_content.data.phrases)}"
    page.keyboard.press("Escape")
    assert page.locator(".clerk").is_hidden()


def test_it_is_read_aloud_in_the_languages_that_have_a_voice_and_in_no_other(open_page, real_content):
    page = clerk(open_page("phrases/", before=script("voices")))
    first = next(iter(real_content.data.phrases.values()))

    page.get_by_role("button", name="朗读").click()
    assert page.evaluate("window.spoken") == [[first.fr, "fr-BE"]]
    page.locator(".clerk").get_by_role("button", name="荷兰语").click()
    assert page.get_by_role("button", name="朗读").is_hidden()
    page.locator(".clerk").get_by_role("button", name="德语").click()
    page.get_by_role("button", name="朗读").click()
    assert page.evaluate("window.spoken.at(-1)") == [first.de, "de_DE"]


def test_without_a_voice_a_clipboard_or_storage_the_phrase_is_still_there(open_page, real_content):
    broken = f"""{NO_VOICES};
        navigator.clipboard.writeText = () => Promise.reject();
        Object.defineProperty(window, "localStorage", {{ get() {{ throw new DOMException("no"); }} }});"""
    page = clerk(open_page("phrases/", before=broken))
    first = next(iter(real_content.data.phrases.values()))

    assert page.get_by_role("button", name="朗读").is_hidden()
    page.get_by_role("button", name="复制").click()
    page.get_by_text("长按复制").wait_for()
    assert page.evaluate("getSelection().toString()").strip() == first.fr
    page.locator(".clerk").get_by_role("button", name="英语").click()
    assert page.locator(".clerk__text").inner_text() == first.en


def test_without_scripts_it_is_a_list_in_all_languages(open_page, real_content):
    """Switched off, or lost on the way."""
    for how in ({"java_script_enabled": False}, {"block": r"say\.js", "expected": "Failed"}):
        page = open_page("phrases/", **how)

        assert page.locator("main button").count() == 0
        shown = page.locator("main").inner_text()
        for phrase in real_content.data.phrases.values():
            assert all(text in shown for text in (phrase.zh, phrase.fr, phrase.nl, phrase.en, phrase.de))


def test_a_long_page_leads_to_each_of_its_sections(open_page):
    page = open_page("lost/")
    names = page.locator("main h2").all_inner_texts()

    assert page.locator("main .contents a").all_inner_texts() == names
    page.get_by_role("link", name=names[1], exact=True).click()
    assert abs(page.locator("h2", has_text=names[1]).bounding_box()["y"]) < 60
    assert open_page("posts/voo-orange/").locator(".contents").count() == 0


SUMS = tomllib.loads((CASES / "sums.toml").read_text("utf-8"))


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


NOT_PREPAID = ("plan", "pack", "data")
TIMETABLE = [
    Milestone(id="remind", counts_from="submission", days=14, cards=NOT_PREPAID, what="没有确认就催"),
    Milestone(id="out", counts_from="flight", days=0, what="取出 SIM 卡"),
    Milestone(id="submit", counts_from="flight", days=-7, cards=NOT_PREPAID, what="提交"),
    Milestone(id="prepare", counts_from="flight", days=-30, what="换验证码"),
    Milestone(id="refund", counts_from="porting", months=1, cards=("prepaid",), what="要余额"),
]
CARDS = {"prepaid": ("prepaid",), "4g": ("plan",), "mobile": ()}


@pytest.fixture(scope="module")
def guides() -> dict:
    """One guide for each kind of card, and one for all."""
    (guide,) = load(TESTS / "small", Problems()).guides
    return {slug: replace(guide, slug=slug, cards=cards) for slug, cards in CARDS.items()}


@pytest.fixture(scope="module")
def days(real_content) -> Data:
    return replace(real_content.data, timetable={one.id: one for one in TIMETABLE})


def lines(raw: bytes) -> list[tuple[str, str]]:
    text = raw.decode().replace("\r\n ", "")
    return [tuple(line.split(":", 1)) for line in text.removesuffix("\r\n").split("\r\n")]


def hours(duration: str) -> int:
    sign, days, rest = re.fullmatch(r"(-?)P(?:(\d+)D)?T(\d+)H", duration).groups()
    return (-1 if sign else 1) * (24 * int(days or 0) + int(rest))


@pytest.mark.parametrize("slug", CARDS)
def test_the_reminders_stand_as_far_from_the_event_as_the_page_says(guides, days, slug):
    guide = guides[slug]
    rows, found = plan(guide, days), lines(calendar(guide, days, SITE))
    flight = [row.milestone for row in rows if row.milestone.counts_from == "flight"]

    triggers = [hours(value) - HOUR for name, value in found if name == "TRIGGER"]
    said = [value for name, value in found if name == "DESCRIPTION"]
    assert triggers == [24 * one.days for one in flight]
    assert said[0].split("\\n")[1:] == [f"{row.when}：{row.milestone.what}" for row in rows]
    assert said[1:] == [one.what for one in flight]


def test_a_guide_lists_the_days_of_its_own_kind_of_card(guides, days):
    """First what counts from the flight, in the order of the days."""
    listed = {slug: [row.milestone.id for row in plan(guide, days)] for slug, guide in guides.items()}

    assert listed["prepaid"] == ["prepare", "out", "refund"]
    assert listed["4g"] == ["prepare", "submit", "out", "remind"]
    assert listed["mobile"] == ["prepare", "submit", "out", "remind", "refund"]
    assert [row.when for row in plan(guides["mobile"], days)][-2:] == ["提交后第 14 天", "转网后 1 个月内"]


def test_the_day_that_keeps_the_place_lies_ahead_and_says_what_it_is(guides, days):
    guide = replace(guides["prepaid"], updated=date(2026, 12, 31))
    found = dict(lines(calendar(guide, days, SITE)))

    day = date.fromisoformat(found["DTSTART;VALUE=DATE"])
    assert day - guide.updated > timedelta(365)
    assert found["DTEND;VALUE=DATE"] == f"{day + timedelta(1):%Y%m%d}"
    assert "改成你的起飞日期" in found["SUMMARY"]
    assert found["DTSTAMP"] == "20261231T000000Z"


def test_the_file_is_written_as_the_rules_say(site, real_content):
    for slug in (guide.slug for guide in real_content.guides):
        raw = (site / slug / "dates.ics").read_bytes()

        assert max(map(len, raw.split(b"\r\n"))) <= 75
        assert b"\n" not in raw.replace(b"\r\n", b"")
        assert raw.startswith(b"BEGIN:VCALENDAR\r\n")
        assert raw.endswith(b"END:VCALENDAR\r\n")
        opened: list[str] = []
        for name, value in lines(raw):
            if name == "BEGIN":
                opened.append(value)
            elif name == "END":
                assert opened.pop() == value
        assert opened == []


def test_it_is_offered_where_dates_cannot_be_reckoned_and_only_there(open_page):
    lost = {"block": r"/calendar\.js", "expected": "Failed to (load|fetch)"}
    for options in ({"java_script_enabled": False}, lost):
        page = open_page("prepaid/", **options)
        page.locator(".dates summary").click()
        assert page.get_by_role("link", name="日历文件").get_attribute("href") == "../prepaid/dates.ics"

    page = open_page("prepaid/")
    page.locator(".dates summary").click()
    page.get_by_role("button", name="存进日历").wait_for()
    assert not page.locator(".dates__file").count()
