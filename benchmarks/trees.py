"""Hand a sheet to Typst: the elements of its HTML as JSON, so that both set the very same text.

In: the HTML of a sheet. Out: what benchmarks/sheet.typ reads.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as etree
from urllib.parse import unquote

from handouts.pdf.verify import tree

AROUND_BLOCKS = re.compile(r"\s*(<(?!/?(?:a|b|strong|small|span|label|em)\b)[^>]*>)\s*")
"""A tag that is not inside a line, with the white space around it, which does not show."""


def sheet_tree(html: str) -> str:
    """Return title, type size and elements of a sheet as JSON."""
    sheet = tree(AROUND_BLOCKS.sub(r"\1", html)).find(".//*[@class='paper sheet']")
    points = re.search(r'<html[^>]*class="points-([\d-]+)[ "]', html)[1].replace("-", ".")
    title = re.search(r"<title>(.*?)</title>", html)[1]
    return json.dumps({"title": title, "points": points, "sheet": _node(sheet)}, ensure_ascii=False)


def _node(element: etree.Element) -> dict[str, object]:
    """Return an element with what is in it."""
    children = [_spaced(element.text)]
    for child in element:
        children += [_node(child), _spaced(child.tail)]
    node = {
        "tag": element.tag,
        "class": element.get("class", "").split(),
        "lang": element.get("lang", ""),
        "children": [child for child in children if child],
    }
    if element.tag == "img":
        node |= {"src": unquote(element.get("src").partition(",")[2]), "alt": element.get("alt")}
    if element.tag == "a":
        node["href"] = element.get("href")
    return node


def _spaced(text: str | None) -> str:
    """Return text as HTML shows it: spaces and line ends are one space."""
    return re.sub(r"[ \t\n\f\r]+", " ", text or "")
