"""Setting pages: what may be read, what is refused, what the finished PDF is, and which private names that takes."""

import pkgutil
import re
from io import BytesIO

import page as page_validation
import pikepdf
import pytest

from handouts.errors import SheetError
from handouts.pdf import finish, styles, typesetter
from handouts.pdf.typesetter import FontFetcher, Typesetter
from tests.build_tools import GUIDES, ROOT, a4
from tests.sheet_tools import structure

GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/x.css", "https://example.org/x.css", "ftp://127.0.0.1/x.css", "//127.0.0.1/x.css",
        "gopher://127.0.0.1/x", "FILE:///etc/passwd", "file://localhost/etc/passwd", "file:///etc/passwd", "x.css",
    ],
)  # fmt: skip
def test_the_network_and_all_files_are_refused(url):
    with pytest.raises(ValueError, match=r"protocol|URL|URI"):
        FontFetcher().fetch(url)


@pytest.mark.parametrize(
    ("body", "style", "said"),
    [
        pytest.param("<p>停</p>", "p { colour: red }", "colour", id="unknown property"),
        pytest.param("<p>停</p>", "p { color: bright }", "bright", id="unknown value"),
        pytest.param("<p>停</p>", "p { width: calc( }", "calc", id="broken value"),
        pytest.param('<a href="#nowhere">停</a>', "", "nowhere", id="link to nothing"),
        pytest.param(f'<img src="{GIF}">', "", "alt", id="picture without a text"),
        pytest.param('<img alt="图" src="missing.png">', "", "missing.png", id="missing picture"),
        pytest.param('<img alt="图" src="http://127.0.0.1:9/x.png">', "", "x.png", id="on the network"),
        pytest.param('<img alt="图" src="file:///etc/passwd">', "", "passwd", id="file elsewhere"),
        pytest.param("<p>停</p>", "@import url(missing.css);", "missing.css", id="missing style sheet"),
        pytest.param("<p>\ue000</p>", "", "notdef", id="character without a glyph"),
    ],
)
def test_whatever_weasyprint_has_to_say_is_an_error(tiny, body, style, said):
    with pytest.raises(SheetError, match=said):
        tiny.write(tiny.lay_out(a4(body, style)))


def test_a_style_sheet_with_a_fault_is_an_error():
    with pytest.raises(SheetError, match="colour"):
        Typesetter({"bad.css": "p { colour: red }"}, []).lay_out(a4("<p>card</p>"), style="bad.css")


@pytest.mark.parametrize("name", styles.STYLES)
def test_a_paper_sets_its_properties_at_the_root_and_uses_none_that_is_not_set(name):
    """WeasyPrint gets them worked out: what stands elsewhere would be lost."""
    text = styles.resolve_properties(styles.read_styles(ROOT / "theme/static/css"), name, ("points-11",))
    assert re.findall(r"(?<![\w-])--[\w-]+", styles.ROOT.sub("", text)) == []


def test_no_pdf_runs_anything_is_filled_in_or_tells_where_and_when_it_was_made(site, listing):
    """No script, no action on opening: only empty fields and links. No folder of the machine, no date."""
    for path in listing:
        with pikepdf.open(site / path) as document:
            assert not {"/OpenAction", "/AA"} & set(document.Root.keys()), path
            actions = {
                str(thing.get("/S"))
                for thing in document.objects
                if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Action"
            }
            fields = document.Root.get("/AcroForm", {}).get("/Fields", [])
            filled = {str(field.get("/V", "")) for field in fields}
            assert not {"/CreationDate", "/ModDate"} & set(document.docinfo.keys()), path
            with document.open_metadata() as metadata:
                assert not [key for key in metadata if "Date" in key], path
            plain = BytesIO()
            document.save(plain, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
        assert actions <= {"/URI"}, path
        assert filled <= {"", "/Off"}, path
        for word in (b"/JavaScript", b"/Launch", b"file:", b"/tmp/"):
            assert word not in plain.getvalue(), path


def test_the_checker_of_pdf_ua_sees_a_sheet_without_tags(tiny):
    plain = tiny.lay_out(a4("<p>停</p>")).write_pdf()
    assert not page_validation.validate_pdf_bytes(plain, profile="ua1").is_compliant


def test_every_pdf_of_the_site_conforms(site, listing):
    failures = {}
    for path in listing:
        report = page_validation.validate_pdf_bytes((site / path).read_bytes(), profile="ua1")
        failures[path] = [one.rule_id for one in report.failures]

    assert {path: found for path, found in failures.items() if found} == {}


def test_every_pdf_of_every_edition_is_small(whole_site):
    """One paper has 130 KB at most, the volume of all what a mail may carry anywhere."""
    sizes = {path.relative_to(whole_site): path.stat().st_size for path in whole_site.rglob("*.pdf")}
    large = {path: size for path, size in sizes.items() if size > (130_000, 600_000)[path.stem == "all"]}
    assert len(sizes) > len(GUIDES)
    assert large == {}


def test_the_volume_of_all_is_as_old_as_the_oldest_fact_of_its_parts(listing):
    """Those of operators and the large print are not bound; the letters and the phrase card rest on no fact."""
    notes = (f"letter-notes-{lang}" for lang in ("fr", "nl", "de", "en"))
    parts = [f"handouts/{name}.pdf" for name in (*GUIDES, *notes)]
    assert listing["handouts/all.pdf"]["oldest_fact"] == min(listing[part]["oldest_fact"] for part in parts)


FORM = (
    '<form><input type="checkbox" id="a" name="a" style="appearance: auto"><label for="a">一</label>'
    '<input type="checkbox" id="b" name="b" style="appearance: auto"><label for="b">二</label></form>'
)


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
        page = tiny.lay_out(
            a4(f'{FORM}<p style="position: absolute">停</p><img alt="图" src="{GIF}">')
        ).pages[0]
        samples = [page, *_below(getattr(page, "_page_box", None))]
        owner = next((one for one in samples if isinstance(one, owner)), owner)

    assert hasattr(owner, name), use


def _below(box):
    """Yield a box and all boxes in it."""
    yield box
    for child in getattr(getattr(box, "_box", box), "children", ()):
        yield from _below(child)
