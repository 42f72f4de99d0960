"""What is added to a PDF that WeasyPrint leaves out, and which of its private names that takes."""

import pkgutil
from io import BytesIO

import pikepdf
import pytest

from handouts.pdf import finish, typesetter
from tests.build_tools import a4
from tests.sheet_tools import structure

FORM = (
    '<form><input type="checkbox" id="a" name="a" style="appearance: auto"><label for="a">一</label>'
    '<input type="checkbox" id="b" name="b" style="appearance: auto"><label for="b">二</label></form>'
)
PICTURE = '<img alt="图" src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==">'


def test_foreign_text_names_its_language(tiny):
    """Nested in a block, beside another one, and in one that stands by itself."""
    body = (
        '<p>说 <b lang="fr">non</b></p><p lang="fr">non <b>merci</b></p><p><b lang="nl">nee</b><b lang="en">no</b></p>'
        '<p style="position: absolute" lang="de">nein</p>'
    )
    with pikepdf.open(BytesIO(tiny.write(tiny.lay_out(a4(body))))) as document:
        found = [str(one.Lang) for one in structure(document) if "/Lang" in one]

    assert found == ["fr", "fr", "fr", "nl", "en", "de"]


def test_what_is_not_in_the_tree_is_an_artifact(site, listing):
    """Every piece of content with a number leads to an element from which the top of the tree can be reached."""
    for path in listing:
        with pikepdf.open(site / path) as document:
            known = {one.objgen for one in structure(document)}
            numbers = list(document.Root.StructTreeRoot.ParentTree.Nums)
            of_page = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
            for page in document.pages:
                marked = [
                    int(one.operands[1].MCID)
                    for one in pikepdf.parse_content_stream(page)
                    if str(one.operator) == "BDC" and "/MCID" in one.operands[1]
                ]
                assert {of_page[int(page.StructParents)][number].objgen for number in marked} <= known, path


@pytest.mark.parametrize(("where", "name", "use"), [*finish.PRIVATE, *typesetter.PRIVATE])
def test_a_private_name_of_weasyprint_is_still_there(tiny, where, name, use):
    """Fails after an upgrade that takes a name away; `use` is what must be done another way then."""
    owner = pkgutil.resolve_name(where)
    if isinstance(owner, type):  # what an object gets while it is made, the class does not show
        page = tiny.lay_out(a4(f'{FORM}<p style="position: absolute">停</p>{PICTURE}')).pages[0]
        samples = [page, *_below(getattr(page, "_page_box", None))]
        owner = next((one for one in samples if isinstance(one, owner)), owner)

    assert hasattr(owner, name), use


def _below(box):
    """Yield a box and all boxes in it."""
    yield box
    for child in getattr(getattr(box, "_box", box), "children", ()):
        yield from _below(child)
