"""Rules about characters and typography, as in GB/T 15834-2011 and W3C's Requirements for Chinese Text Layout."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...errors import Findings
from ...text import HAN, WIDE
from .. import syntax
from ..compare import faults_of
from ..data import Data
from ..data_checks import avoided_words
from ..draft import Draft, Lines, kind_of
from ..syntax import CITE, FOREIGN, LINK, OURS, VALUE, WHEN

TAG = re.compile(r"<[A-Za-z!/?][^>]*>?|&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]+);")
LONGEST_WORD = 60
"""Characters; a longer run without a break cannot be set on paper or on a phone."""
EMOJI = "\u2600-\u26ff\u2705\u2728\u274c\u2753-\u2757\u2764\u2b50\u2b55\U0001f000-\U0001faff"
"""As the inside of a character class."""
FULL_WIDTH = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
NARROW = r"A-Za-z0-9€+\u00c0-\u024f"
"""As the inside of a character class."""
TYPOGRAPHY = {
    rf"(?<=[{HAN}])[,;:?!()](?!\S*//)|[,;:?!()](?=[{HAN}])": "`{0}` is beside Chinese text. Write `{wide}`.",
    rf"(?<=[{HAN}])\.(?=[{HAN}]|\s|$)": "`.` ends Chinese text. Write `。`.",
    r'["「」『』]': "`{0}` is not the quote of this site. Write “ and ”.",
    rf"[{HAN}][{NARROW}]|[{NARROW}%][{HAN}]": "`{0}` needs a space in between: `{0[0]} {0[1]}`.",
    rf"\S  +\S|[{HAN}] +[{HAN}]": "`{0}` has a space too many. Remove it.",
    r"\S?[，。；：、！？（）] +|\S +[，。；：、！？（）]": "`{0}` has a space beside a full-width mark. Remove it.",
    r"[，。；：、！？]\s*[，。；：、！？]": "`{0}` repeats a punctuation mark. Keep one.",
}
"""What is wrong in Chinese text, and what to say of it."""


def _lines(draft: Draft) -> Lines:
    """Return every line that a reader sees, also of front matter, without its lists of words."""
    return draft.lines(key for key in draft.front if key not in syntax.LISTS)


def _prose(draft: Draft) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of every piece of running text as a reader sees it.

    Cells of a table, and lead and note of a step, are separate pieces. A fact's value counts as a Latin letter. The
    converter removes spaces between wide characters, also where bold words or italics begin and end.
    """
    for number, line in _lines(draft):
        text = syntax.without_brackets(VALUE.sub("x", syntax.without_block_mark(line)))
        text = re.sub(r"\*\*\s+\*", "|", text)  # between lead and note
        text = re.sub(rf"(?<=[{WIDE}])[ *]*\*[ *]*(?=[{WIDE}])", "", text).replace("*", "")
        for piece in text.split("|"):
            yield number, piece.strip()


def no_raw_html(draft: Draft, data: Data) -> Findings:
    """A guide holds no HTML: no script, style, iframe, event handler, comment or entity."""
    for number, line in _lines(draft):
        for match in TAG.finditer(line):
            yield number, f"`{match[0]}` is HTML. Write Markdown, and characters as they are."


def no_stray_braces(draft: Draft, data: Data) -> Findings:
    """Braces hold the id of a heading or step and the language of a foreign word, nothing else."""
    for number, line in _lines(draft):
        rest = syntax.replaced(line, "", FOREIGN, OURS)
        if syntax.HEADING.match(line) or syntax.STEP.match(line):
            rest = re.sub(r"\{#[^{}]*\}\s*$", "", rest)
        if re.search(r"[{}]", rest):
            yield number, "A brace is in the text. Braces hold ids and languages: {#an-id}, [mot]{fr}."


def plain_blocks(draft: Draft, data: Data) -> Findings:
    """There are no code or quoted blocks; an indented line belongs to a list item; lists and tables have blank lines around.

    Without them Markdown takes a list or table for a part of the paragraph, or the paragraph for a part of it.
    """
    inside_item, above = False, ""
    for number, line in draft.numbered:
        kind = kind_of(line)
        if line.lstrip().startswith(("```", "~~~", ">")):
            yield number, "Code and quoted blocks are not used here. Write a paragraph."
        elif kind == "indented" and not inside_item:
            yield number, "The line is indented but belongs to no list item. Remove the spaces."
        if kind == "item" and above in ("paragraph", "row"):
            yield number, "The list touches the line above. Put a blank line between them."
        if kind == "row" and above in ("paragraph", "item"):
            yield number, "The table touches the line above. Put a blank line between them."
        if kind in ("paragraph", "heading") and above == "row":
            yield number, "The line touches the table above. Put a blank line between them."
        if kind not in ("", "indented"):
            inside_item = kind == "item"
        above = kind


def no_overlong_words(draft: Draft, data: Data) -> Findings:
    """No unbroken run of letters is longer than a line of the sheet."""
    for number, line in _lines(draft):
        for word in re.findall(rf"[^\s{HAN}，。；：、（）]{{{LONGEST_WORD + 1},}}", LINK.sub("", line)):
            yield number, f"`{word[:20]}…` has {len(word)} characters without a break. Shorten it."


def typography(draft: Draft, data: Data) -> Findings:
    """Chinese text has full-width marks, each once, “curved” quotes, and one space beside Latin letters, digits and €."""
    for number, text in _prose(draft):
        for pattern, wrong in TYPOGRAPHY.items():
            for match in re.finditer(pattern, text):
                found = match[0].strip()
                yield number, wrong.format(found, wide=FULL_WIDTH.get(found))


def preferred_terms(draft: Draft, data: Data) -> Findings:
    """One thing has one name: no text uses a word that glossary.toml avoids, except in quotes."""
    return avoided_words(_prose(draft), data.terms)


def no_advertisement(draft: Draft, data: Data) -> Findings:
    """No chat handle, no link to a chat service, no emoji: nothing that advertises."""
    for number, line in draft.lines(draft.front):
        text = CITE.sub("", line)
        for match in re.finditer(rf"(?<![\w.@【])@[A-Za-z_]\w{{2,}}|\bt\.me\b|\bwa\.me\b|[{EMOJI}]", text):
            yield number, f"`{match[0]}` looks like an advertisement. Take it out."


def english(draft: Draft, data: Data) -> Findings:
    """English has no Chinese characters or marks and no straight quotes, and its spaces are as in print."""
    for number, line in draft.lines(syntax.TRANSLATED):
        text = syntax.replaced(syntax.without_block_mark(line), "", CITE)
        text = syntax.words_of(syntax.replaced(text, "x", VALUE, WHEN, FOREIGN)).replace("*", "")
        for piece in text.split("|"):
            for wrong in faults_of(piece.strip()):
                yield number, wrong
