"""The calendar file that needs no script: one event to move, and reminders that move with it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from handouts.site.calendar import DAYS, HOUR, calendar, plan
from tests.build_tools import SITE
from tests.test_web import address, open_page

__all__ = ["address", "open_page"]


@pytest.fixture(scope="module")
def guides(real_content) -> dict:
    return {guide.slug: guide for guide in real_content.guides}


def lines(raw: bytes) -> list[tuple[str, str]]:
    """Return names and values, unfolded (RFC 5545, 3.1)."""
    text = raw.decode().replace("\r\n ", "")
    return [tuple(line.split(":", 1)) for line in text.removesuffix("\r\n").split("\r\n")]


def hours(duration: str) -> int:
    """Return a duration as hours (RFC 5545, 3.3.6)."""
    sign, days, rest = re.fullmatch(r"(-?)P(?:(\d+)D)?T(\d+)H", duration).groups()
    return (-1 if sign else 1) * (24 * int(days or 0) + int(rest))


@pytest.mark.parametrize("slug", ["prepaid", "4g", "mobile"])
def test_the_reminders_stand_as_far_from_the_event_as_the_page_says(guides, real_content, slug):
    guide, ui = guides[slug], real_content.data.ui
    found = lines(calendar(guide, ui, SITE))

    assert [hours(value) - HOUR for name, value in found if name == "TRIGGER"] == [24 * day for day in DAYS]
    said = [value for name, value in found if name == "DESCRIPTION"]
    due = [(day, f"{when}：{what}") for day, when, what in plan(guide, ui)]
    assert [text for _, text in due] == said[0].replace("\\,", ",").split("\\n")[1:]
    assert [text.partition("：")[2] for day, text in due if day is not None] == said[1:]


def test_the_day_that_keeps_the_place_lies_ahead_and_says_what_it_is(guides, real_content):
    guide = replace(guides["prepaid"], updated=date(2026, 12, 31))
    found = dict(lines(calendar(guide, real_content.data.ui, SITE)))

    day = date.fromisoformat(found["DTSTART;VALUE=DATE"])
    assert day - guide.updated > timedelta(365)
    assert found["DTEND;VALUE=DATE"] == f"{day + timedelta(1):%Y%m%d}"
    assert "改成你的起飞日期" in found["SUMMARY"]
    assert found["DTSTAMP"] == "20261231T000000Z"


def test_the_file_is_written_as_the_rules_say(site, guides):
    for slug in guides:
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
    for options in (
        {"java_script_enabled": False},
        {"block": r"/calendar\.js", "expected": "Failed to (load|fetch)"},
    ):
        page = open_page("prepaid/", **options)
        page.locator(".dates summary").click()
        assert page.get_by_role("link", name="日历文件").get_attribute("href") == "../prepaid/dates.ics"

    page = open_page("prepaid/")
    page.locator(".dates summary").click()
    page.get_by_role("button", name="存进日历").wait_for()
    assert not page.locator(".dates__file").count()
