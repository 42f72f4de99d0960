"""Spoilt copies of real files: what editors, merges, disks and tired writers do to a text.

In: the bytes of a file and a seed. Out: the same bytes with one to three kinds of damage; the same for the same
seed on every machine, so that a number names a mutant for good.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

MARKS = (
    "{", "}", "[", "]", "(", ")", "[@", "[^", "{#", "**", "*", "`", "```", "\"", "\"\"\"", "'", "|", "<", ">", "<!--",
    "&amp;", "#", "## ", "- [ ] ", "1. ", "> ", "    ", "\t", ":", "---", "---\n", "\n", "\r", "\\", "\x00", "\u200b",
    "\u202e", "\ufeff", "\u00a0", "\u2028", "\x85", "\U0001f600", "\ud7ff", "0", "-1", "9" * 400, "2026-02-30", "9999-12-31",
    "0001-01-01", "1e999", "nan", "true", "[[x]]", "[x.y]", "http://", "https://[", "../", "/etc/passwd", "{{ x }}", "{% x %}",
    "%s", "::: ", "![]()", "[]()", "[x](x.md)", "[x](#x)", "[TOC]", "*[x]: y", "=", "e\u0301", "\ufffd",
)  # fmt: skip
"""What some reader of the file takes for more than a letter."""


def mutant(raw: bytes, seed: str) -> tuple[str, bytes]:
    """Return the names of the kinds of damage, and the damaged bytes."""
    random = Random(seed)  # a text as seed: the same numbers whatever PYTHONHASHSEED is
    names = []
    for _ in range(random.choice((1, 1, 1, 1, 2, 3))):
        name, damage = random.choice(KINDS)
        names.append(name)
        raw = damage(raw, random)
    return "+".join(names), raw


def _flip_bits(raw: bytes, random: Random) -> bytes:
    """As a failing disk does."""
    spoilt = bytearray(raw)
    for _ in range(random.choice((1, 1, 2, 8)) if raw else 0):
        spoilt[random.randrange(len(raw))] ^= 1 << random.randrange(8)
    return bytes(spoilt)


def _replace_byte(raw: bytes, random: Random) -> bytes:
    if not raw:
        return raw
    at = random.randrange(len(raw))
    return raw[:at] + bytes([random.randrange(256)]) + raw[at + 1 :]


def _truncate(raw: bytes, random: Random) -> bytes:
    """As a full disk does."""
    return raw[: random.randrange(len(raw) + 1)]


def _zeros(raw: bytes, random: Random) -> bytes:
    """As a crash of the machine does: the file has its length and no content from some place on."""
    at = random.randrange(len(raw) + 1)
    return raw[:at] + bytes(len(raw) - at)


def _on_lines(change: Callable[[list[bytes], int, Random], None]) -> Callable[[bytes, Random], bytes]:
    """Return a change of bytes out of a change of lines, which gets a line to begin with."""

    def changed(raw: bytes, random: Random) -> bytes:
        lines = raw.split(b"\n")
        change(lines, random.randrange(len(lines)), random)
        return b"\n".join(lines)

    return changed


def _cut(lines: list[bytes], at: int, random: Random) -> None:
    del lines[at : at + random.choice((1, 1, 1, 2, 5, 30))]


def _double(lines: list[bytes], at: int, random: Random) -> None:
    lines[at:at] = lines[at : at + random.choice((1, 1, 1, 2, 5, 30))]


def _shuffle(lines: list[bytes], at: int, random: Random) -> None:
    some = lines[at : at + random.choice((2, 3, 10, 1000))]
    random.shuffle(some)
    lines[at : at + len(some)] = some


def _join(lines: list[bytes], at: int, random: Random) -> None:
    lines[at : at + 2] = [b"".join(lines[at : at + 2])]


def _empty(lines: list[bytes], at: int, random: Random) -> None:
    lines[at] = b""


def _shorten(lines: list[bytes], at: int, random: Random) -> None:
    """Cut a line off in its middle; on character borders, so that it gets past the decoder."""
    text = lines[at].decode("utf-8", "replace")
    lines[at] = text[: random.randrange(len(text) + 1)].encode()


def _insert(lines: list[bytes], at: int, random: Random) -> None:
    """Put a mark somewhere into a line."""
    text = lines[at].decode("utf-8", "replace")
    place = random.randrange(len(text) + 1)
    lines[at] = (text[:place] + random.choice(MARKS) + text[place:]).encode("utf-8", "replace")


def _delete(lines: list[bytes], at: int, random: Random) -> None:
    """Take a character out of a line."""
    text = lines[at].decode("utf-8", "replace")
    place = random.randrange(len(text) + 1)
    lines[at] = (text[:place] + text[place + 1 :]).encode()


def _another_value(lines: list[bytes], at: int, random: Random) -> None:
    """Put a mark in the place of all that follows a colon or an equals sign."""
    for sign in (b" = ", b": "):
        key, found, _ = lines[at].partition(sign)
        if found:
            lines[at] = key + sign + random.choice(MARKS).encode("utf-8", "replace")
            return


def _indent(lines: list[bytes], at: int, random: Random) -> None:
    lines[at] = b" " * random.choice((1, 2, 4, 8)) + lines[at]


def _line_ends(lines: list[bytes], at: int, random: Random) -> None:
    lines[at:] = [line + b"\r" for line in lines[at:]]


KINDS: tuple[tuple[str, Callable[[bytes, Random], bytes]], ...] = (
    ("bits flipped", _flip_bits),
    ("byte replaced", _replace_byte),
    ("truncated", _truncate),
    ("zeros", _zeros),
    ("lines cut", _on_lines(_cut)),
    ("lines doubled", _on_lines(_double)),
    ("lines shuffled", _on_lines(_shuffle)),
    ("lines joined", _on_lines(_join)),
    ("line emptied", _on_lines(_empty)),
    ("line shortened", _on_lines(_shorten)),
    ("mark inserted", _on_lines(_insert)),
    ("mark inserted again", _on_lines(_insert)),
    ("character deleted", _on_lines(_delete)),
    ("value replaced", _on_lines(_another_value)),
    ("line indented", _on_lines(_indent)),
    ("line ends changed", _on_lines(_line_ends)),
)
"""The kinds of damage; marks twice, since they find most."""
