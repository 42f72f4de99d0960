"""What a screen reader is told of every PDF of the site: what checkers of PDF/UA do not look at.

The order of the structure tree against the eye's, the language of each piece, headings, tables, fields.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest

from handouts.content.html import without_references
from handouts.sheets.documents import PAGE_NUMBER
from handouts.sheets.selection import FALLBACK
from handouts.text import HAN
from tests.build_tools import GUIDES
from tests.sheet_tools import squeezed, structure

LETTERS = ("fr", "nl", "de", "en")
KINDS = (
    "prepaid", "4g", "prepaid-base", "prepaid-large", *(f"letter-{lang}" for lang in LETTERS),
    *(f"letter-notes-{lang}" for lang in LETTERS), "phrases", "all",
)  # fmt: skip
"""One or more of each kind of paper; what holds for every PDF is claimed of every PDF below."""


@dataclass(frozen=True)
class Piece:
    """Text under one element of the structure tree."""

    tag: str
    lang: str
    page: int
    text: str
    box: tuple[float, float, float, float]
    """Left, bottom, right, top, in PDF units."""


def texts(pdf: bytes) -> dict[tuple[int, int], tuple[str, tuple[float, float, float, float]]]:
    """Return what each marked piece of content draws, by page and number, as PDFium reads it."""
    document = pdfium.PdfDocument(pdf)
    found: dict[tuple[int, int], tuple[str, tuple[float, float, float, float]]] = {}
    for number, page in enumerate(document):
        reader = page.get_textpage()
        for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT], textpage=reader):
            name = number, pdfium_c.FPDFPageObj_GetMarkedContentID(item)
            text, box = found.get(name, ("", (1e9, 1e9, -1e9, -1e9)))
            left, bottom, right, top = item.get_bounds()
            box = min(box[0], left), min(box[1], bottom), max(box[2], right), max(box[3], top)
            found[name] = text + item.extract(), box
    document.close()
    return found


def pieces(pdf: bytes) -> Iterator[Piece]:
    """Yield every text in the order of the structure tree, with the language that holds for it."""
    drawn = texts(pdf)
    with pikepdf.open(BytesIO(pdf)) as document:
        pages = {page.objgen: number for number, page in enumerate(document.pages)}

        def walk(node, tag: str, lang: str, page: int) -> Iterator[Piece]:
            if isinstance(node, pikepdf.Array):
                for one in node:
                    yield from walk(one, tag, lang, page)
            elif isinstance(node, pikepdf.Dictionary):
                if node.get("/Type") == "/OBJR":
                    return
                page = pages[node.Pg.objgen] if "/Pg" in node else page
                if node.get("/Type") == "/MCR":
                    yield from walk(node.MCID, tag, lang, page)
                elif "/K" in node:
                    yield from walk(node.K, str(node.get("/S", tag)), str(node.get("/Lang", lang)), page)
            elif (page, int(node)) in drawn:
                yield Piece(tag, lang, page, *drawn[page, int(node)])

        yield from walk(document.Root.StructTreeRoot.K, "", str(document.Root.Lang), 0)


@pytest.fixture(scope="module")
def told(site) -> dict[str, list[Piece]]:
    return {name: list(pieces((site / f"handouts/{name}.pdf").read_bytes())) for name in KINDS}


@pytest.mark.parametrize("name", KINDS)
def test_the_tree_holds_every_text_once_and_in_the_order_in_which_it_is_drawn(told, site, name):
    """verify.py holds that order against the text that was to be printed; so the tree says the same.

    The number of a page in its margin is not told: WeasyPrint keeps it out of the tree.
    """
    in_tree = [(piece.page, piece.text) for piece in told[name]]
    read = texts((site / f"handouts/{name}.pdf").read_bytes()).items()
    drawn = [(page, text) for (page, number), (text, _) in read if number >= 0]

    assert in_tree == [one for one in drawn if not re.fullmatch(PAGE_NUMBER, squeezed(one[1]))]
    foreign = [piece.text for piece in told[name] if piece.lang != "zh-Hans"]
    assert not re.search(f"[{HAN}]", "".join(foreign))


@pytest.mark.parametrize("name", [name for name in KINDS if name not in ("phrases", "all")])
def test_what_is_told_later_stands_lower_or_further_right(told, name):
    """Of two pieces that share a part of the width, the one read first is higher.

    The card is folded first, and the volume ends with it: tests/test_card.py.
    """
    wrong = []
    for at, one in enumerate(told[name]):
        for other in told[name][at + 1 :]:
            shared = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
            above = other.box[1] >= one.box[3] - 0.5
            if one.page == other.page and shared > 2 and above:
                wrong.append((one.text, other.text))

    assert wrong == []


def test_a_step_is_told_as_box_lead_note_and_day(site, real_content):
    (guide,) = (one for one in real_content.guides if one.slug == "prepaid")
    steps = [step for part in guide.sections if part.letter for step in part.printed]
    wanted = {step.id: squeezed(step.lead.striptags().removesuffix("。")) for step in steps}
    pdf = (site / "handouts/prepaid.pdf").read_bytes()
    drawn = texts(pdf)
    with pikepdf.open(BytesIO(pdf)) as document:
        rows = ["".join(_told(one, drawn)) for one in structure(document) if str(one.S) == "/LI"]

    row = re.compile(r"[+−\d天月当]*\[([\w-]+)\](.+)\[done-\1\]")
    found = {step[1]: step[2] for step in map(row.fullmatch, map(squeezed, rows)) if step}
    assert list(found) == list(wanted)
    assert all(found[id].startswith(lead) and len(found[id]) > len(lead) for id, lead in wanted.items())


def _told(node, drawn: dict) -> Iterator[str]:
    """Yield the texts of an element of the first page in the order of the tree, and each field as its name in brackets."""
    if isinstance(node, pikepdf.Array):
        for one in node:
            yield from _told(one, drawn)
    elif isinstance(node, pikepdf.Dictionary) and node.get("/Type") == "/OBJR":
        yield f"[{str(node.Obj.get('/T', '')).partition('-')[2]}]"
    elif isinstance(node, pikepdf.Dictionary):
        yield from _told(node.get("/MCID", node.get("/K", pikepdf.Array())), drawn)
    else:
        yield drawn.get((0, int(node)), ("",))[0]


def in_language(pieces: list[Piece], lang: str) -> str:
    return squeezed("".join(piece.text for piece in pieces if piece.lang == lang))


@pytest.mark.parametrize("lang", LETTERS)
def test_every_foreign_phrase_names_its_language(told, real_content, lang):
    phrases = real_content.data.phrases
    guides = {guide.slug: guide.phrases for guide in real_content.guides}
    papers = ("prepaid", "4g", "prepaid-base", "prepaid-large") if lang != "de" else ()
    shown = {name: guides[name.partition("-")[0]] for name in papers}

    for name, ids in (shown | {"phrases": phrases.keys() - {FALLBACK}}).items():
        said = in_language(told[name], lang)
        for id in ids:
            for sentence in getattr(phrases[id], lang).split(" / "):
                assert squeezed(sentence) in said.replace("/", "") + said, (name, id)


@pytest.mark.parametrize("lang", LETTERS)
def test_a_letter_is_told_in_its_language_and_its_notes_in_chinese(told, real_content, lang):
    letter, notes = real_content.data.letter, told[f"letter-notes-{lang}"]
    assert {piece.lang for piece in told[f"letter-{lang}"]} == {lang}
    assert squeezed(letter["closing"].zh) in in_language(notes, "zh-Hans")
    assert squeezed(getattr(letter["closing"], lang)) in in_language(notes, lang)


def test_every_pdf_tells_title_language_headings_tables_pictures_and_fields(site: Path, listing):
    wrong = []
    for path, entry in listing.items():
        with pikepdf.open(site / path) as document:
            wrong += [(path, fault) for fault in faults(document, entry)]

    assert wrong == []


def faults(document: pikepdf.Pdf, entry: dict) -> Iterator[str]:
    root, elements = document.Root, structure(document)
    if not root.ViewerPreferences.DisplayDocTitle or not str(document.docinfo.get("/Title", "")):
        yield "no title to show"
    if str(root.Lang) not in ("zh-Hans", entry["language"]):
        yield f"in {root.Lang}"
    levels = [int(str(one.S)[2]) for one in elements if str(one.S)[:2] == "/H" and str(one.S)[2:].isdigit()]
    if levels[:1] != [1] or any(after > before + 1 for before, after in itertools.pairwise(levels)):
        yield f"headings {levels}"
    if entry["guide"] and not {"/L", "/LI", "/Table", "/Figure"} <= {str(one.S) for one in elements}:
        yield "no list, no table or no code"
    heads = {str(one.ID) for one in elements if str(one.S) == "/TH"}
    for one in elements:
        if str(one.S) == "/TH" and str(one.A.get("/Scope")) not in ("/Row", "/Column"):
            yield "a header cell that does not say what it heads"
        if str(one.S) == "/TD" and not {str(id) for id in one.A.Headers} <= heads:
            yield "a cell without its headers"
        if str(one.S) == "/Figure" and "https://" not in str(one.get("/Alt", "")):
            yield "a picture without a text"
    yield from faults_of_fields(document, entry)
    if sum(str(one.S) == "/Form" for one in elements) != len(fields_of(document)):
        yield "not each field is told"


def fields_of(document: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    return list(document.Root.get("/AcroForm", {}).get("/Fields", []))


def faults_of_fields(document: pikepdf.Pdf, entry: dict) -> Iterator[str]:
    """Yield what links and fields lack; on a sheet no two fields may be called the same."""
    for page in document.pages:
        notes = list(page.get("/Annots", []))
        widgets = [one for one in notes if one.Subtype == "/Widget"]
        if any(int(one.F) != 4 for one in notes):
            yield "a link or field that is not printed"
        if widgets and page.Tabs != "/S":
            yield "fields out of the order of the structure"
        if any(not str(one.get("/TU", "")).strip() for one in widgets):
            yield "a field without a name"
    for key in ("/T", "/TU") if entry["guide"] else ("/T",):
        # Fields of one /T are one field (ISO 32000-1, 12.7.3.2); a screen reader says /TU.
        names = [str(one.get(key)) for one in fields_of(document)]
        yield from (f"two fields are called {name}" for name in set(names) if names.count(name) > 1)


def test_the_large_print_says_every_step_nowhere_smaller_than_16_points_with_its_page_on_each(
    site, real_content
):
    for guide in real_content.guides:
        document = pdfium.PdfDocument(site / f"handouts/{guide.slug}-large.pdf")
        said = squeezed("".join(page.get_textpage().get_text_range() for page in document))
        steps = [step for section in guide.sections for step in section.printed]
        words = [
            squeezed(without_references(part).striptags()).removesuffix("。")
            for step in steps
            for part in (step.lead, step.note)
        ]
        assert [one for one in words if one not in said] == []
        for number, page in enumerate(document, 1):
            items = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT])
            text = squeezed(page.get_textpage().get_text_range())
            assert min(item.get_font_size() * abs(item.get_matrix().a) for item in items) >= 15.99
            assert f"–{number}/{len(document)}–" in text
        assert f"大字版，共{len(document)}页" in squeezed(document[0].get_textpage().get_text_range())
        document.close()


def test_the_volume_has_contents_bookmarks_and_labels_that_agree(site):
    document = pdfium.PdfDocument(site / "handouts/all.pdf")
    contents = document[0].get_textpage().get_text_range()
    marks = [(mark.get_title(), mark.get_dest().get_index() + 1) for mark in document.get_toc()]
    labels = [document.get_page_label(number) for number in range(len(document))]
    document.close()

    assert len(marks) == 15
    for title, page in marks[1:]:
        assert f"{squeezed(title)}{page}" in squeezed(contents)
    assert labels[0] == "contents-1"
    assert labels[1:6] == [f"{guide}-1" for guide in GUIDES]
    assert labels[6:8] == ["letter-fr-1", "letter-notes-fr-1"]
    assert labels[-1] == "phrases-1"
