"""Single pages in a browser: phrases in a reader's hand, what is still to be paid, the calendar file that needs no script."""

import re
import tomllib
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page

from handouts.site.calendar import HOUR, plan
from tests.build_tools import CASES
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
            size, fits = page.evaluate(script("fits"))
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
            (page.select_option if id == "fixed" else page.fill)(f"#sum-{id}", text)
        return page.locator(f"[data-sum={block}] .surface p").all_inner_texts()

    return sum_of


def test_every_sum_follows_the_rules(sum_of):
    for start, end, fee, device, term, total in SUMS["plan"]["sums"]:
        said = sum_of("plan", fixed="fixed", start=start, end=end, fee=fee, device=device, term=term)
        assert said[0] == f"提前终止最多补 {total}", (start, end)
    for left, last, said in SUMS["credit"]["sums"]:
        assert sum_of("credit", left=left, last=last)[0] == said, (left, last)


def test_without_a_term_only_the_device_is_paid_for_and_what_the_contract_alone_says_is_not_guessed(sum_of):
    said = sum_of("plan", start="2026-01-01", end="2027-01-01", device="240.50")
    assert said[0] == "提前终止最多补 €240.50"
    assert "不收费" in said[1]

    assert sum_of("plan", device="0")[0] == "提前终止最多补 €0"
    said = sum_of("plan", device="")
    assert "附表" in said[-1]
    assert not any("提前终止最多补" in text for text in said)
    assert "填反" in sum_of("plan", end="2025-01-01")[0]
    assert "月费" in sum_of("plan", fixed="fixed", start="2027-01-01", end="2027-03-01", fee="x")[0]


def check_form(raw: bytes) -> None:
    """Check what RFC 5545 asks of every calendar file: how lines are broken, where it begins and ends."""
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert raw.startswith(b"BEGIN:VCALENDAR\r\n")
    assert raw.endswith(b"END:VCALENDAR\r\n")


def lines(raw: bytes) -> list[tuple[str, str]]:
    text = raw.decode().replace("\r\n ", "")
    return [tuple(line.split(":", 1)) for line in text.removesuffix("\r\n").split("\r\n")]


def hours(duration: str) -> int:
    sign, days, rest = re.fullmatch(r"(-?)P(?:(\d+)D)?T(\d+)H", duration).groups()
    return (-1 if sign else 1) * (24 * int(days or 0) + int(rest))


def test_a_guide_and_its_calendar_file_have_the_days_of_its_own_kind_of_card(site, real_content):
    """First what counts from the flight, by day. The day that keeps the place lies ahead and says what it is."""
    data, both = real_content.data, set()
    for guide in real_content.guides:
        own = [
            one
            for one in data.timetable.values()
            if not (one.cards and guide.cards) or {*one.cards} & {*guide.cards}
        ]
        flight = sorted((one for one in own if one.counts_from == "flight"), key=lambda one: one.days)
        wanted = flight + [one for one in own if one.counts_from != "flight"]
        both |= {tuple(one.id for one in wanted)}
        assert [row.milestone for row in plan(guide, data)] == wanted
        found = lines((site / guide.slug / "dates.ics").read_bytes())
        said = [value for name, value in found if name == "DESCRIPTION"]
        assert said[0].split("\\n")[1:] == [f"{data.when(one.id)}：{one.what}" for one in wanted]
        assert said[1:] == [one.what for one in flight]
        triggers = [hours(value) - HOUR for name, value in found if name == "TRIGGER"]
        assert triggers == [24 * one.days for one in flight]
        known = dict(found)
        day = date.fromisoformat(known["DTSTART;VALUE=DATE"])
        assert day - guide.updated > timedelta(365)
        assert known["DTEND;VALUE=DATE"] == f"{day + timedelta(1):%Y%m%d}"
        assert "改成你的起飞日期" in known["SUMMARY"]
        assert known["DTSTAMP"] == f"{guide.updated:%Y%m%d}T000000Z"
    assert len(both) > 1
    assert {"起飞前 30 天", "转网后 1 个月内"} <= {data.when(one) for ids in both for one in ids}


def test_the_file_is_written_as_the_rules_say(site, real_content):
    for slug in (guide.slug for guide in real_content.guides):
        raw = (site / slug / "dates.ics").read_bytes()

        check_form(raw)
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
