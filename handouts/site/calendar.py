"""The timetable of a guide: the rows of its page, and a calendar file.

In: a Guide and the Data. Out: the rows of timetable.toml for its kind of card, which a script turns into dates; and, for
browsers without scripts, a file with one event (RFC 5545). The date of the flight is unknown, so the event is on a distant day
and says that it must be moved. Its reminders are relative to it (3.8.6.3), so they move with it. Rows that do not count from
the flight are in its description.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from ..content.data import Data
from ..model import Guide, Milestone
from ..text import has_han

HOUR = 9
"""Hour of the day at which a reminder comes; the same as in theme/static/js/ics.js."""
OCTETS = 75
"""Bytes in a line of a calendar file at most (3.1)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a guide's timetable."""

    milestone: Milestone
    when: str
    """In words: 起飞前 30 天."""


def plan(guide: Guide, data: Data) -> list[Row]:
    """Return the rows of a guide: first those that count from the flight, by day, then the others in the order of the file."""
    found = [
        Row(one, data.when(one.id))
        for one in data.timetable.values()
        if not one.cards or not guide.cards or set(one.cards) & set(guide.cards)
        if not data.language.written or not has_han(one.what)  # not translated yet
    ]
    flight = [row for row in found if row.milestone.counts_from == "flight"]
    flight.sort(key=lambda row: row.milestone.days)
    return flight + [row for row in found if row.milestone.counts_from != "flight"]


def calendar(guide: Guide, data: Data, site: str) -> bytes:
    words, rows = data.ui["dates"], plan(guide, data)
    day = date(guide.updated.year + 2, 1, 1)  # at least a year ahead, and easy to find
    about = [words["move_about"].replace("{date}", day.isoformat())]
    about += [f"{row.when}{data.ui['marks']['colon']}{row.milestone.what}" for row in rows]
    text = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Belgian SIM exit guides//{data.language.primary.upper()}",
        "BEGIN:VEVENT",
        f"UID:{guide.slug}-flight@{urlsplit(site).hostname}",
        f"DTSTAMP:{guide.updated:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(1):%Y%m%d}",
        f"SUMMARY:{_escaped(words['move'])}",
        f"DESCRIPTION:{_escaped(chr(10).join(about))}",
        f"URL:{site}/{guide.slug}/",
        "TRANSP:TRANSPARENT",
    ]
    for one in (row.milestone for row in rows):
        if one.counts_from == "flight" and not one.months:
            text += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(one.what)}"]
            text += [f"TRIGGER:{_duration(24 * one.days + HOUR)}", "END:VALARM"]
    text += ["END:VEVENT", "END:VCALENDAR", ""]
    return "\r\n".join(map(_folded, text)).encode()


def _duration(hours: int) -> str:
    """Return a time span as 3.3.6 writes it: -P29DT15H."""
    days, rest = divmod(abs(hours), 24)
    return f"{'-' if hours < 0 else ''}P{f'{days}D' if days else ''}T{rest}H"


def _escaped(text: str) -> str:
    """Return a value of the type TEXT, 3.3.11."""
    for char in "\\;,":
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Return a line folded at the longest length, never inside a character."""
    pieces, size = [""], 0
    for char in line:
        octets = len(char.encode())
        if size + octets > OCTETS:
            pieces.append(" ")
            size = 1
        pieces[-1] += char
        size += octets
    return "\r\n".join(pieces)
