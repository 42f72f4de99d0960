"""Spoilt copies of real files: what editors, merges, disks and tired writers do to a text.

The same seed gives the same damage on every machine, so that a number names a mutant for good.
"""

from random import Random

MARKS = (
    "{", "}", "[", "]", "(", ")", "[@", "[^", "{#", "**", "*", "`", "```", "\"", "\"\"\"", "'", "|", "<", ">", "<!--",
    "&amp;", "#", "## ", "- [ ] ", "1. ", "> ", "    ", "\t", ":", "---", "---\n", "\n", "\r", "\\", "\x00", "\u200b",
    "\u202e", "\ufeff", "\u00a0", "\u2028", "\x85", "\U0001f600", "\ud7ff", "0", "-1", "9" * 400, "2026-02-30", "9999-12-31",
    "0001-01-01", "1e999", "nan", "true", "[[x]]", "[x.y]", "http://", "https://[", "../", "/etc/passwd", "{{ x }}", "{% x %}",
    "%s", "::: ", "![]()", "[]()", "[x](x.md)", "[x](#x)", "[TOC]", "*[x]: y", "=", "e\u0301", "\ufffd",
)  # fmt: skip
"""What some reader of the file takes for more than a letter."""


KINDS = (
    "bits flipped", "truncated", "zeros", "lines cut", "lines doubled", "lines shuffled", "lines joined", "line emptied",
    "line indented", "line ends changed", "line shortened", "character deleted", "value replaced", "mark inserted",
    "mark inserted",
)  # fmt: skip
"""The kinds of damage; marks twice, since they find most."""


def mutant(raw: bytes, seed: str) -> tuple[str, bytes]:
    """Return the names of the kinds of damage, and the damaged bytes."""
    random = Random(seed)  # a text as seed: the same numbers whatever PYTHONHASHSEED is
    kinds = [random.choice(KINDS) for _ in range(random.choice((1, 1, 1, 1, 2, 3)))]
    for kind in kinds:
        raw = _of_bytes(kind, raw, random) if kind in KINDS[:3] else _of_lines(kind, raw.split(b"\n"), random)
    return "+".join(kinds), raw


def _of_bytes(kind: str, raw: bytes, random: Random) -> bytes:
    """Damage a file as a failing disk, a full one, or a crash of the machine does, after which there are zeros."""
    at = random.randrange(len(raw) + 1)
    if kind == "bits flipped":
        spoilt = bytearray(raw)
        for _ in range(random.choice((1, 1, 2, 8)) if raw else 0):
            spoilt[random.randrange(len(raw))] ^= 1 << random.randrange(8)
        return bytes(spoilt)
    return raw[:at] + bytes(len(raw) - at if kind == "zeros" else 0)


def _of_lines(kind: str, lines: list[bytes], random: Random) -> bytes:
    """Damage a file as an editor, a merge or a writer does; inside a line between characters, past the decoder."""
    at, count = random.randrange(len(lines)), random.choice((1, 1, 1, 2, 5, 30))
    text, mark = lines[at].decode("utf-8", "replace"), random.choice(MARKS)
    place = random.randrange(len(text) + 1)
    if kind == "lines shuffled":
        some = lines[at : at + random.choice((2, 3, 10, 1000))]
        random.shuffle(some)
        return b"\n".join((*lines[:at], *some, *lines[at + len(some) :]))
    key, sign, value = text.partition(" = ") if " = " in text else text.partition(": ")
    after = {
        "lines cut": lines[at + count :],
        "lines doubled": [*lines[at : at + count], *lines[at:]],
        "lines joined": [b"".join(lines[at : at + 2]), *lines[at + 2 :]],
        "line ends changed": [line + b"\r" for line in lines[at:]],
        "line emptied": [b"", *lines[at + 1 :]],
        "line indented": [b" " * random.choice((1, 2, 4, 8)) + lines[at], *lines[at + 1 :]],
    }
    words = {
        "line shortened": text[:place],
        "character deleted": text[:place] + text[place + 1 :],
        "value replaced": key + sign + (mark if sign else value),
        "mark inserted": text[:place] + mark + text[place:],
    }
    if kind in words:
        return b"\n".join((*lines[:at], words[kind].encode("utf-8", "replace"), *lines[at + 1 :]))
    return b"\n".join((*lines[:at], *after[kind]))
