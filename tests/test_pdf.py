"""Setting pages: what may be read, what is refused, and what the finished PDF is."""

from io import BytesIO
from pathlib import Path

import page as page_validation
import pikepdf
import pytest

from handouts.errors import SheetError
from handouts.pdf.typesetter import LocalFetcher, Typesetter
from tests.build_tools import GUIDES, SITE, a4

GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

# --- What may be read -------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(tmp_path) -> Path:
    """A folder that may be read, beside a file that may not."""
    (tmp_path / "open").mkdir()
    (tmp_path / "open/in.txt").write_text("in")
    (tmp_path / "secret.txt").write_text("out")
    return tmp_path


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/x.css",
        "https://example.org/x.css",
        "ftp://127.0.0.1/x.css",
        "//127.0.0.1/x.css",
        "gopher://127.0.0.1/x",
        "FILE:///etc/passwd",
        "file://localhost/etc/passwd",
        "file:///etc/passwd",
    ],
)
def test_the_network_and_other_files_are_refused(shelf, url):
    with pytest.raises(ValueError, match=r"outside|protocol|URL|URI"):
        LocalFetcher(shelf / "open").fetch(url)


@pytest.mark.parametrize("way", ["open/../secret.txt", "open/%2e%2e/secret.txt", "open/%2E%2E%2Fsecret.txt"])
def test_no_path_leads_out_of_the_folders(shelf, way):
    with pytest.raises(ValueError, match="outside"):
        LocalFetcher(shelf / "open").fetch(f"{shelf.as_uri()}/{way}")


def test_no_link_leads_out_of_the_folders(shelf):
    (shelf / "open/link.txt").symlink_to(shelf / "secret.txt")

    with pytest.raises(ValueError, match="outside"):
        LocalFetcher(shelf / "open").fetch((shelf / "open/link.txt").as_uri())


def test_a_folder_whose_name_only_begins_alike_is_another(shelf):
    (shelf / "open-not").mkdir()
    (shelf / "open-not/x.txt").write_text("x")

    with pytest.raises(ValueError, match="outside"):
        LocalFetcher(shelf / "open").fetch((shelf / "open-not/x.txt").as_uri())


# --- What is an error -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "style", "said"),
    [
        pytest.param("<p>停</p>", "p { colour: red }", "colour", id="unknown property"),
        pytest.param("<p>停</p>", "p { color: bright }", "bright", id="unknown value"),
        pytest.param("<p>停</p>", "p { width: calc( }", "calc", id="broken value"),
        pytest.param('<a href="#nowhere">停</a>', "", "nowhere", id="link to nothing"),
        pytest.param(f'<img src="{GIF}">', "", "alt", id="picture without a text"),
        pytest.param('<img alt="图" src="missing.png">', "", "missing.png", id="missing picture"),
        pytest.param(
            '<img alt="图" src="http://127.0.0.1:9/x.png">', "", "x.png", id="picture on the network"
        ),
        pytest.param('<img alt="图" src="file:///etc/passwd">', "", "passwd", id="file elsewhere"),
        pytest.param("<p>停</p>", "@import url(missing.css);", "missing.css", id="missing style sheet"),
        pytest.param("<p>\ue000</p>", "", "notdef", id="character without a glyph"),
    ],
)
def test_whatever_weasyprint_has_to_say_is_an_error(tiny, body, style, said):
    with pytest.raises(SheetError, match=said):
        tiny.write(tiny.lay_out(a4(body, style)))


def test_a_style_sheet_with_a_fault_is_an_error(tmp_path):
    (tmp_path / "bad.css").write_text("p { colour: red }", encoding="utf-8")
    typesetter = Typesetter(tmp_path, [])

    with pytest.raises(SheetError, match="colour"):
        typesetter.lay_out(a4("<p>card</p>"), style="bad.css")


# --- What the PDF is --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=GUIDES)
def sheet(request, site) -> bytes:
    """The PDF of a guide on the real site."""
    return (site / f"handouts/{request.param}.pdf").read_bytes()


def structure(document: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    """Return all elements of the structure tree, in reading order."""
    found, left = [], [document.Root.StructTreeRoot.K]
    while left:
        node = left.pop(0)
        if isinstance(node, pikepdf.Array):
            left[:0] = list(node)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.append(node)
            left[:0] = [node.K] if "/K" in node else []
    return found


def types(document: pikepdf.Pdf) -> list[str]:
    return [str(element.S) for element in structure(document)]


def test_a_sheet_is_tagged_in_chinese_with_a_title(sheet):
    with pikepdf.open(BytesIO(sheet)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "zh-Hans"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as metadata:
            assert "核对表" in metadata["dc:title"]
            assert metadata["pdfuaid:part"] == "1"


def test_headings_tables_lists_and_figure_are_tagged_as_such(sheet):
    with pikepdf.open(BytesIO(sheet)) as document:
        found = types(document)

    assert found.count("/H1") == 1
    assert found.count("/H2") >= 6
    assert found.index("/H1") < found.index("/H2")
    assert found.count("/TH") >= 4
    assert {"/L", "/LI", "/Table", "/TR", "/TD", "/Figure"} <= set(found)


def test_every_cell_of_a_table_names_its_header_cells(sheet):
    with pikepdf.open(BytesIO(sheet)) as document:
        elements = structure(document)
        heads = {str(one.ID) for one in elements if str(one.S) == "/TH"}
        named = [[str(id) for id in one.A.Headers] for one in elements if str(one.S) == "/TD"]

    assert named
    assert all(ids and set(ids) <= heads for ids in named)


def test_the_code_to_scan_has_a_text(sheet):
    with pikepdf.open(BytesIO(sheet)) as document:
        figures = [element for element in structure(document) if str(element.S) == "/Figure"]

    assert len(figures) == 1
    assert f"{SITE}/" in str(figures[0].Alt)


def fields(document: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    """Return what can be ticked or filled in on a screen."""
    return [field for field in document.Root.AcroForm.Fields if field.get("/Subtype") == "/Widget"]


def test_every_tick_box_and_line_of_a_sheet_is_a_field_with_a_name(sheet):
    """The name is what a screen reader says: the lead of the step, the label of the line."""
    with pikepdf.open(BytesIO(sheet)) as document:
        found = fields(document)
        kinds = {str(field.FT) for field in found}
        names = [str(field.get("/TU", "")).strip() for field in found]
        tags = types(document).count("/Form")

    assert kinds == {"/Btn", "/Tx"}
    assert all(names)
    assert len(set(names)) == len(names)
    assert tags == len(found)


def test_a_sheet_starts_unticked_and_empty(sheet):
    with pikepdf.open(BytesIO(sheet)) as document:
        assert {str(field.get("/V", "")) for field in fields(document)} <= {"", "/Off"}


def test_a_sheet_runs_nothing(sheet):
    """No script, no action on opening: only fields and links."""
    with pikepdf.open(BytesIO(sheet)) as document:
        assert not {"/OpenAction", "/AA"} & set(document.Root.keys())
        actions = [
            str(thing.get("/S"))
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Action"
        ]
        plain = BytesIO()
        document.save(plain, stream_decode_level=pikepdf.StreamDecodeLevel.all)

    assert set(actions) <= {"/URI"}
    assert b"/JavaScript" not in plain.getvalue()
    assert b"/Launch" not in plain.getvalue()


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_foreign_phrases_name_their_language(sheet, lang):
    """WCAG technique PDF19; WeasyPrint alone drops it."""
    with pikepdf.open(BytesIO(sheet)) as document:
        marked = [one for one in structure(document) if str(one.get("/Lang", "")) == lang]

    assert len(marked) >= 3


def test_the_checker_of_pdf_ua_sees_a_sheet_without_tags(tiny):
    """Else the test above would prove nothing."""
    plain = tiny.lay_out(a4("<p>停</p>")).write_pdf()

    assert not page_validation.validate_pdf_bytes(plain, profile="ua1").is_compliant


def test_every_pdf_of_the_site_conforms_and_is_small(site, listing):
    """One paper below 130 KB, the volume of all below what a mail may carry anywhere."""
    failures = {}
    for path in listing:
        pdf = (site / path).read_bytes()
        report = page_validation.validate_pdf_bytes(pdf, profile="ua1")
        limit = 600_000 if path == "handouts/all.pdf" else 130_000
        failures[path] = [one.rule_id for one in report.failures] + ["too large"] * (len(pdf) >= limit)

    assert {path: found for path, found in failures.items() if found} == {}


def test_the_volume_of_all_is_as_old_as_the_oldest_fact_of_its_parts(listing):
    """Those of operators and the large print are not bound; the letters and the phrase card rest on no fact."""
    notes = (f"letter-notes-{lang}" for lang in ("fr", "nl", "de", "en"))
    parts = [f"handouts/{name}.pdf" for name in (*GUIDES, *notes)]

    assert listing["handouts/all.pdf"]["oldest_fact"] == min(listing[part]["oldest_fact"] for part in parts)


def test_a_sheet_holds_no_date_of_its_making(sheet):
    with pikepdf.open(BytesIO(sheet)) as document:
        assert "/CreationDate" not in document.docinfo
        assert "/ModDate" not in document.docinfo
        with document.open_metadata() as metadata:
            assert not [key for key in metadata if "Date" in key]


def test_a_sheet_names_no_folder_of_the_machine(sheet):
    with pikepdf.open(BytesIO(sheet)) as document:
        plain = BytesIO()
        document.save(plain, stream_decode_level=pikepdf.StreamDecodeLevel.all)

    assert b"file:" not in plain.getvalue()
    assert b"/tmp/" not in plain.getvalue()
