"""Setting pages: what may be read, what is refused, and what the finished PDF is."""

import re
from io import BytesIO

import page as page_validation
import pikepdf
import pytest

from handouts.errors import SheetError
from handouts.pdf import styles
from handouts.pdf.typesetter import FontFetcher, Typesetter
from tests.build_tools import GUIDES, ROOT, a4

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
    text = styles.settled(styles.read_styles(ROOT / "theme/static/css"), name, ("points-11",))

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
