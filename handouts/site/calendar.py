"""Say what is due how long before and after the flight, and write it as a calendar file.

In: a Guide, the words. Out: lines for its page, where a script turns them into dates, and for those whose browser runs
no script a file with one event (RFC 5545). A file made beforehand knows no flight, so its event stands on a day that
only keeps its place and says so. Its reminders are relative to it (3.8.6.3): whoever moves it to the flight moves them.
"""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlsplit

from ..model import Guide

DAYS = (-30, -7, 0, 14, 30)
"""From the flight; d-30 … d30 in ui.toml."""
HOUR = 9
"""Of the day, when a reminder comes; as in theme/static/js/ics.js."""
OCTETS = 75
"""Longest line of a calendar file, 3.1."""

Line = tuple[int | None, str, str]
"""Days from the flight, or None for the month after porting; when and what, in words."""


def plan(guide: Guide, ui: dict[str, dict[str, str]]) -> list[Line]:
    """Return what is due when, as the guide's page lists it."""
    prepaid = guide.cards == ("prepaid",)
    words, what = ui["dates"], ui["days_prepaid" if prepaid else "days_plan"]
    lines: list[Line] = []
    for day in DAYS:
        when = words["before" if day < 0 else "after"].replace("{days}", str(abs(day)))
        lines.append((day, when if day else words["same"], what[f"d{day}"]))
    if prepaid:
        lines.append((None, words["month"], what["month"]))
    return lines


def calendar(guide: Guide, ui: dict[str, dict[str, str]], site: str) -> bytes:
    """Return the calendar file of a guide."""
    words, lines = ui["dates"], plan(guide, ui)
    day = date(guide.updated.year + 2, 1, 1)  # ahead for a year at least, and easy to find
    about = [words["move_about"].replace("{date}", day.isoformat())]
    about += [f"{when}：{what}" for _, when, what in lines]
    text = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Belgian SIM exit guides//ZH",
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
    for offset, _, what in lines:
        if offset is not None:
            text += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(what)}"]
            text += [f"TRIGGER:{_duration(24 * offset + HOUR)}", "END:VALARM"]
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
    """Return a line in pieces that are not too long, none cut inside a character."""
    pieces, size = [""], 0
    for char in line:
        octets = len(char.encode())
        if size + octets > OCTETS:
            pieces.append(" ")
            size = 1
        pieces[-1] += char
        size += octets
    return "\r\n".join(pieces)
