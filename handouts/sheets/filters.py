"""The options and filters of Jinja that all templates share: those of pages, sheets and feeds.

In: a value of the model, or rendered HTML. Out: the value as a template prints it.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import jinja2
from markupsafe import Markup

from ..content.html import value_html, without_references
from ..text import HAN, has_han

JINJA_OPTIONS: dict[str, Any] = {
    "autoescape": True,
    "undefined": jinja2.StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "auto_reload": False,  # each build has environments of its own, so no template is asked whether it changed
}
"""Shared with Pelican's environment, so that a macro escapes alike on page and paper."""

OPENING = "（《「『【〔“‘"
CLOSING = "，、。；：？！）》」』】〕”’"
"""Full-width marks whose left half is empty, and those whose right half is."""
CENTRED = "，、。；：？！"
"""Marks that are in the middle of their square in traditional Chinese, so that no half is empty."""
_INLINE = r"(?:</?(?:a|b|label|small|span)\b[^>]*>)*"
"""Tags that may be between two marks."""
_UNIT = r"[天个月年周]|(?:days?|months?|euros?)\b"
_HOUSE = r"\d+[A-Z]?(?:/\d+)?,"
_JOINT = (
    rf"(?<=[{HAN}]) (?={_INLINE}€)|(?<=\d) (?={_UNIT})|(?<=\d) (?=×)|(?<=×) (?=\d)"
    rf"|(?<=\b\d{{4}}) (?=[A-Z])|(?<=\bbox) (?=\d)|(?:(?<=[A-Za-z])|(?<=</span>)) (?={_HOUSE})"
)
"""A space at which no line breaks: before an amount or a unit, around ×, between a post code and its town, before the number
of a house."""
NO_BREAK = "\u00a0"


def _spaced(pairs: str = "") -> re.Pattern[str]:
    """Return the pattern of joints, and of marks that lose their empty half: the first of these `pairs`."""
    return re.compile(
        r"(?P<other><(?P<head>title|script)\b.*?</(?P=head)>|<[^>]*>)"  # tags and text that is not printed
        rf"|(?P<joint>{_JOINT}){pairs}",
        re.DOTALL,
    )


def _pairs(closing: str) -> str:
    """Return the pattern of the first of two marks; `closing` are those whose right half is empty."""
    return rf"|[{closing}](?={_INLINE}[{CLOSING}{OPENING}])|[{OPENING}](?={_INLINE}[{OPENING}])"


_SPACED = {
    "zh-Hans": _spaced(_pairs(CLOSING)),
    "zh-Hant": _spaced(_pairs("".join(mark for mark in CLOSING if mark not in CENTRED))),
}
_JOINED = _spaced()
"""For languages without full-width marks."""
_LAST_WORD = re.compile(r"(?<![\w’-])(?P<before>[\w’]+) (?=[^ <>]{1,14}(?:</\w+>)*$)")
"""The last word but one of a foreign text and the space behind it, except after a mark, a hyphen, and before a long word."""
_CLAUSES = re.compile(r"(?<=[，；。：])|(?=（)|(?<=&gt; )")
"""Where a line may end: after a mark, before a bracket, after the “>” between two menus."""
_HYPHENED = re.compile(r"(?<!,)\s?(?:\b\d{4}\s)?[\w’]+-[\w’]{1,20}")
"""A word with a hyphen, with its post code if it is a town, and the space before it (see below), unless a comma ends there."""
# “这个” is not split. A space before the kept characters is kept with them: WeasyPrint 70 may break at the first space of a
# text that ends in one (docs/upstream.md).
_END = re.compile(
    rf"(?P<end> ?(?:[这這]?[{HAN}{CLOSING}]{{1,2}}|[\dA-Za-z€%]+ )[{HAN}][{CLOSING}]*)(?P<tags>(?:</\w+>)*)$"
)


def spaced(html: str, lang: str) -> str:
    """Return a paper with half an em taken off each pair of marks, and no line break inside values and addresses.

    Without it, two adjacent marks leave a gap as wide as a character; CLREQ sets them in 1.5 em, and WeasyPrint has no
    text-spacing-trim. The style of the class `squeezed` is in paper.css.
    """

    def space(match: re.Match[str]) -> str:
        return match["other"] or (NO_BREAK if match["joint"] else _span("squeezed", match[0]))

    return _SPACED.get(lang, _JOINED).sub(space, html)


def unwidowed(text: Markup | str) -> Markup:
    """Keep the end of a paragraph together, so that its last line has two Chinese characters or two words at least."""
    html = str(Markup.escape(text))
    if not has_han(html):
        return Markup(_LAST_WORD.sub(rf"\g<before>{NO_BREAK}", html))
    end = _END.search(html)
    if not end or end.start() == 0:
        return Markup(html)
    return Markup(html[: end.start()] + _span("kept", end["end"]) + end["tags"])


def clauses(text: Markup | str, fit: int) -> Markup:
    """Let a line end only between clauses. A clause longer than `fit`, the characters of a line, starts a line and may break."""
    if len(Markup(text).striptags()) <= fit:
        return Markup.escape(text)
    parts = re.split(r"(<[^>]*>)", str(Markup.escape(text)))
    return Markup("".join(part if part.startswith("<") else _by_clause(part, fit) for part in parts))


def _by_clause(text: str, fit: int) -> str:
    """Return the text of an element with its clauses kept together."""
    done = ""
    for clause in _CLAUSES.split(text):
        words = clause.strip(" ")
        if 1 < len(words) <= fit and has_han(words):
            done += clause.replace(words, _span("kept", words))
        else:
            whole = _HYPHENED.sub(lambda match: _span("kept", match[0]), str(unwidowed(Markup(clause))))
            done += _span("clause", whole) if done and has_han(words) else whole
    return done


def _span(name: str, text: str) -> str:
    return f'<span class="{name}">{text}</span>'


def without_full_stop(lead: Markup) -> Markup:
    """Return a lead without its full stop, which it does not need beside a tick box."""
    return Markup(str(lead).removesuffix("。").removesuffix("."))


def without_fact_ids(html: Markup) -> Markup:
    """Return a piece of a page without the fact ids of its references, which their links repeat."""
    return Markup(re.sub(r' data-fact="[^"]*"', "", str(html)))


def data_block(value: object) -> Markup:
    """Return JSON for the inside of a script element: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))


def blanks(line: str) -> str:
    """Return a line of the letter with a blank for each thing to fill in; none stands alone on a line."""
    return re.sub(r" ?\{[a-z-]+\}", lambda match: f"{NO_BREAK * match[0].startswith(' ')}____", line)


FILTERS = {
    "blanks": blanks,
    "without_references": without_references,
    "clauses": clauses,
    "without_full_stop": without_full_stop,
    "unwidowed": unwidowed,
    "value": value_html,
    "isodate": date.isoformat,
    "without_fact_ids": without_fact_ids,
    "data_block": data_block,
}
"""Filters of all templates: pages, sheets, feeds."""
