"""Space Chinese as a compositor would, in HTML: WeasyPrint has no text-spacing-trim.

In: HTML, of a whole paper or of the end of a paragraph. Out: the same text, with `squeezed` around the first of
two full-width marks that meet, and `kept` around what one line must hold. The classes are in paper.css.
The gap between Han and Latin needs nothing: it is the space that writers type, a quarter em wide in our fonts.
"""

from __future__ import annotations

import re

from markupsafe import Markup

from ..text import HAN

OPENING = "（《「『【〔“‘"
CLOSING = "，、。；：？！）》」』】〕”’"
"""Full-width marks with one half of their square empty: the left, the right."""
_INLINE = r"(?:</?(?:a|b|label|small|span)\b[^>]*>)*"
_SPACED = re.compile(
    r"(?P<other><(?P<head>title|script)\b.*?</(?P=head)>|<[^>]*>)"  # tags and what is not printed
    rf"|[{CLOSING}](?={_INLINE}[{CLOSING}{OPENING}])|[{OPENING}](?={_INLINE}[{OPENING}])",
    re.DOTALL,
)
# A space before what is kept stands inside: WeasyPrint 70 may break at the first space of a text that ends in one.
_END = re.compile(
    rf"(?P<end> ?(?:[{HAN}{CLOSING}]{{1,2}}|[\dA-Za-z€%]+ )[{HAN}][{CLOSING}]*)(?P<tags>(?:</\w+>)*)$"
)


def spaced(html: str) -> str:
    """Return a paper with half an em off each pair of marks.

    Two marks that meet would leave a hole as wide as a character; CLREQ sets them on 1.5 em.
    """
    return _SPACED.sub(lambda match: match["other"] or _span("squeezed", match[0]), html)


def unwidowed(text: Markup | str) -> Markup:
    """Keep the last characters of a paragraph together, so that no line holds one alone."""
    html = str(Markup.escape(text))
    end = _END.search(html)
    if not end or end.start() == 0:
        return Markup(html)
    return Markup(html[: end.start()] + _span("kept", end["end"]) + end["tags"])


def _span(name: str, text: str) -> str:
    return f'<span class="{name}">{text}</span>'
