"""Leave out of a PDF what says nothing or says it again.

In: the objects of a PDF that WeasyPrint has made, languages marked. Out: the same PDF in fewer objects:
  structure tree  every line of text has an element of its own, every <b> and <small> one that only holds others;
                  what such elements hold moves to the element above, which says the same to a screen reader
  tick boxes      each has its own drawing of the same tick
  destinations    every id of the HTML is a place to go to, whether a link leads there or not
"""

from __future__ import annotations

import pydyf

from .objects import at, forget, is_reference

WRAPPERS = {"/NonStruct", "/Span"}
"""Elements that only hold others (ISO 32000-1, 14.8.4)."""
HOLDERS = {"/P", "/H1", "/H2", "/H3", "/LBody", "/TD", "/TH", "/Link", *WRAPPERS}
"""Elements in which text may stand by itself; lists, tables and sections hold only elements."""


def lean_tree(pdf: pydyf.PDF) -> None:
    """Take the elements that only hold others out of the structure tree."""
    tree = at(pdf, pdf.catalog["StructTreeRoot"])
    moved: dict[bytes, bytes] = {}
    for top in tree["K"]:
        _lean(pdf, top, moved)

    def now(reference: bytes) -> bytes:
        while reference in moved:
            reference = moved[reference]
        return reference

    parents = at(pdf, tree["ParentTree"])["Nums"]  # number, element or elements, number, ...
    for place, value in enumerate(parents):
        if isinstance(value, pydyf.Array):
            value[:] = map(now, value)
        elif is_reference(value):
            parents[place] = now(value)


def _lean(pdf: pydyf.PDF, reference: bytes, moved: dict[bytes, bytes]) -> None:
    """Shorten what is below an element; note in `moved` what took the place of an element left out."""
    element, kids = at(pdf, reference), pydyf.Array()
    for kid in element["K"]:
        if is_reference(kid) and at(pdf, kid).get("Type") != "/OBJR":
            _lean(pdf, kid, moved)
    _raise_language(pdf, element)
    for kid in element["K"]:
        child = at(pdf, kid) if is_reference(kid) else None
        if child is None:
            kids.append(kid)
        elif child.get("Type") == "/OBJR":
            kids.append(pydyf.Dictionary({"Type": "/OBJR", "Obj": child["Obj"]}))
            forget(pdf, kid)
        elif _says_nothing(child, element):
            for inner in filter(is_reference, child["K"]):
                at(pdf, inner)["P"] = reference
            kids += child["K"]
            moved[kid] = reference
            forget(pdf, kid)
        else:
            kids.append(kid)
    element["K"] = kids
    element.pop("Type", None)  # optional, and every element is of this type
    if all(map(is_reference, kids)):
        element.pop("Pg", None)  # says on which page its own content is


def _raise_language(pdf: pydyf.PDF, element: pydyf.Dictionary) -> None:
    """Let an element say the language that all it holds has in common."""
    kids = [at(pdf, kid) if is_reference(kid) else {} for kid in element["K"]]
    languages = {kid["Lang"].string if "Lang" in kid else "" for kid in kids}
    wrapped = all(kid.get("S") in WRAPPERS for kid in kids)
    if wrapped and len(languages) == 1 and languages != {""} and "Lang" not in element:
        element["Lang"] = kids[0]["Lang"]
        for kid in kids:
            del kid["Lang"]


def _says_nothing(child: pydyf.Dictionary, parent: pydyf.Dictionary) -> bool:
    """Tell whether what an element holds may as well stand in the element above."""
    if child["S"] not in WRAPPERS or {"Lang", "Alt", "ID"} & child.keys():
        return False
    if all(map(is_reference, child["K"])):
        return True
    return parent["S"] in HOLDERS and parent.get("Pg") == child["Pg"]


def share_ticks(pdf: pydyf.PDF) -> None:
    """Let all tick boxes of one size show the same drawing when they are ticked."""
    drawn: dict[bytes, bytes] = {}
    for thing in pdf.objects:
        states = thing["AP"]["N"] if isinstance(thing, pydyf.Dictionary) and "AP" in thing else {}
        for state, drawing in states.items():
            first = drawn.setdefault(at(pdf, drawing).data, drawing)
            if first != drawing:
                states[state] = first
                forget(pdf, drawing)


def keep_destinations_in_use(pdf: pydyf.PDF) -> None:
    """Leave out the named places to which no link of the PDF leads."""
    names = pdf.catalog.pop("Names", None)
    wanted = {
        thing["Dest"].string
        for thing in pdf.objects
        if isinstance(thing, pydyf.Dictionary) and _is_jump(thing)
    }
    places = names["Dests"]["Names"] if names else []
    kept = [pair for pair in zip(places[::2], places[1::2], strict=True) if pair[0].string in wanted]
    if kept:
        pdf.catalog["Names"] = names
        names["Dests"]["Names"] = pydyf.Array(part for pair in kept for part in pair)


def _is_jump(thing: pydyf.Dictionary) -> bool:
    """Tell whether an object is a link to a named place."""
    return isinstance(thing.get("Dest"), pydyf.String)
