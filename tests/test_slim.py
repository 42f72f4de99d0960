"""What is left out of a PDF, and that nothing else is."""

from io import BytesIO

import pikepdf
import pytest

from handouts.pdf.slim import HOLDERS
from tests.build_tools import a4

BOXES = "".join(
    f'<p><input type="checkbox" id="c{number}" name="c{number}" style="appearance: auto">'
    f'<label for="c{number}">第 {number} 步</label></p>'
    for number in range(3)
)


def pdf_of(tiny, body: str, **options: str) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(tiny.write(tiny.lay_out(a4(body, **options)))))


def shape(element: pikepdf.Dictionary) -> str:
    """Return an element with all below it: types, languages, numbers of content."""
    kids = element.K if isinstance(element.K, pikepdf.Array) else [element.K]
    inner = [
        str(int(kid)) if not isinstance(kid, pikepdf.Dictionary) else shape(kid) if "/S" in kid else "OBJR"
        for kid in kids
    ]
    language = f":{element.Lang}" if "/Lang" in element else ""
    return f"{str(element.S)[1:]}{language}({' '.join(inner)})"


def tree(pdf: pikepdf.Pdf) -> str:
    (top,) = pdf.Root.StructTreeRoot.K
    return shape(top)


@pytest.mark.parametrize(
    ("body", "elements"),
    [
        pytest.param("<p>停 <b>卡 <small>了</small></b></p>", "Document(P(0 1 2))", id="wrappers"),
        pytest.param(
            '<p>说 <span lang="fr">non</span></p>', "Document(P(0 Span:fr(1)))", id="a foreign word"
        ),
        pytest.param('<p lang="fr">non</p>', "Document(P:fr(0))", id="a foreign paragraph"),
        pytest.param(
            '<p lang="fr">non <b>merci</b></p>', "Document(P:fr(0 1))", id="a foreign paragraph in parts"
        ),
        pytest.param(
            '<p><b lang="fr">non</b><b lang="nl">nee</b></p>',
            "Document(P(NonStruct:fr(0) NonStruct:nl(1)))",
            id="two languages",
        ),
        pytest.param("<div>停</div>", "Document(Div(Span(0)))", id="text in a section stays in an element"),
    ],
)
def test_only_elements_that_say_nothing_are_left_out(tiny, body, elements):
    assert tree(pdf_of(tiny, body)) == elements


def test_every_piece_of_a_page_leads_to_the_element_that_holds_it(site):
    """In a paper of one page and in one of many; the elements may hold text by themselves."""
    for name in ("4g-proximus", "4g-large", "letter-nl", "all"):
        with pikepdf.open(site / f"handouts/{name}.pdf") as pdf:
            numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
            lists = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
            for page in pdf.pages:
                for piece, element in enumerate(lists[int(page.StructParents)]):
                    assert piece in [kid for kid in element.K if isinstance(kid, int)]
                    assert element.Pg.objgen == page.objgen
                    assert str(element.S) in HOLDERS | {"/Figure"}


def test_every_element_names_the_one_above(site):
    with pikepdf.open(site / "handouts/all.pdf") as pdf:
        left = [pdf.Root.StructTreeRoot.K[0]]
        seen = 0
        while left:
            element = left.pop()
            for kid in element.K:
                if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                    assert kid.P.objgen == element.objgen
                    left.append(kid)
                    seen += 1
    assert seen > 500


def test_tick_boxes_of_one_size_share_the_drawing_of_their_tick(tiny):
    pdf = pdf_of(tiny, f"<form>{BOXES}</form>")

    drawings = {field.AP.N.on.objgen for field in pdf.Root.AcroForm.Fields}
    assert len(pdf.Root.AcroForm.Fields) == 3
    assert len(drawings) == 1


def test_only_places_to_which_a_link_leads_have_a_name(tiny):
    pdf = pdf_of(tiny, '<p id="here">停</p><p id="there">卡 <a href="#here">上</a></p>')

    assert [str(name) for name in pdf.Root.Names.Dests.Names[::2]] == ["here"]


def test_without_links_no_place_has_a_name(tiny):
    assert "/Names" not in pdf_of(tiny, '<p id="here">停</p>').Root


def test_no_object_is_left_that_nothing_leads_to(site):
    """What was left out is gone, not only forgotten."""
    with pikepdf.open(site / "handouts/4g.pdf") as pdf:
        before = sum(1 for thing in pdf.objects if not isinstance(thing, pikepdf.Stream))
        pdf.remove_unreferenced_resources()
        out = BytesIO()
        pdf.save(out)
    with pikepdf.open(out) as again:
        after = sum(1 for thing in again.objects if not isinstance(thing, pikepdf.Stream))

    assert 0 <= before - after <= 2
