"""The calendar file that needs no script: one event to move, and reminders that move with it."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from handouts.content.data import Data
from handouts.content.loader import load
from handouts.errors import Problems
from handouts.model import Milestone
from handouts.site.calendar import HOUR, calendar, plan
from tests.build_tools import SITE
from tests.conftest import TESTS

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
def data(real_content) -> Data:
    return replace(real_content.data, timetable={one.id: one for one in TIMETABLE})


def lines(raw: bytes) -> list[tuple[str, str]]:
    text = raw.decode().replace("\r\n ", "")
    return [tuple(line.split(":", 1)) for line in text.removesuffix("\r\n").split("\r\n")]


def hours(duration: str) -> int:
    sign, days, rest = re.fullmatch(r"(-?)P(?:(\d+)D)?T(\d+)H", duration).groups()
    return (-1 if sign else 1) * (24 * int(days or 0) + int(rest))


@pytest.mark.parametrize("slug", ["prepaid", "4g", "mobile"])
def test_the_reminders_stand_as_far_from_the_event_as_the_page_says(guides, data, slug):
    guide = guides[slug]
    found = lines(calendar(guide, data, SITE))

    rows = plan(guide, data)
    flight = [row.milestone for row in rows if row.milestone.counts_from == "flight"]
    triggers = [hours(value) - HOUR for name, value in found if name == "TRIGGER"]
    assert triggers == [24 * one.days for one in flight]
    said = [value for name, value in found if name == "DESCRIPTION"]
    assert [f"{row.when}：{row.milestone.what}" for row in rows] == said[0].split("\\n")[1:]
    assert [one.what for one in flight] == said[1:]


def test_a_guide_lists_the_days_of_its_own_kind_of_card(guides, data):
    """First what counts from the flight, in the order of the days."""
    listed = {slug: [row.milestone.id for row in plan(guide, data)] for slug, guide in guides.items()}

    assert listed["prepaid"] == ["prepare", "out", "refund"]
    assert listed["4g"] == ["prepare", "submit", "out", "remind"]
    assert listed["mobile"] == ["prepare", "submit", "out", "remind", "refund"]
    assert [row.when for row in plan(guides["mobile"], data)][-2:] == ["提交后第 14 天", "转网后 1 个月内"]


def test_the_day_that_keeps_the_place_lies_ahead_and_says_what_it_is(guides, data):
    guide = replace(guides["prepaid"], updated=date(2026, 12, 31))
    found = dict(lines(calendar(guide, data, SITE)))

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
