"""The audit: the host it serves from, what it says, and that it sees what is wrong."""

import gzip
import http.client
import json
import re
import shutil
from contextlib import closing

import pytest

from audit import verapdf
from audit.host import serving
from audit.run import Finding, sentences
from tests.build_tools import ROOT, a4, assert_explained, invoke

PATHS = {
    "prepaid/": 200,
    "prepaid/?v=1": 200,
    "prepaid": 301,
    "b/": 404,
    "_headers": 404,
    "../../etc/passwd": 404,
}


def test_a_path_is_answered_as_a_host_does(site):
    with (
        serving(site) as address,
        closing(http.client.HTTPConnection(address.split("/")[2], timeout=20)) as host,
    ):
        for path, status in PATHS.items():
            host.request("GET", f"/{path}", headers={"Accept-Encoding": "gzip"})
            answer = host.getresponse()
            sent = answer.read()
            assert answer.status == status, path
            if sent:
                file = site / ("404.html" if status == 404 else "prepaid/index.html")
                assert gzip.decompress(sent) == file.read_bytes(), path
            host.request("HEAD", f"/{path}", headers={"Accept-Encoding": "gzip"})
            answer = host.getresponse()
            assert (answer.status, answer.headers["Content-Length"]) == (status, str(len(sent))), path
            assert answer.read() == b""


def test_a_page_and_a_rule_get_one_line_with_the_places():
    found = [Finding("a/index.html", "axe", "image-alt", f"img:nth-child({n})", "Add it.") for n in range(5)]

    assert list(sentences([*found, Finding("index.html", "html", "error", "", "No title.")])) == [
        "a/index.html: axe image-alt at img:nth-child(0), img:nth-child(1), img:nth-child(2) and 2 more: Add it.",
        "index.html: html error: No title.",
    ]


def test_a_folder_without_a_site_is_a_wrong_call(tmp_path):
    assert_explained(invoke("audit", "--site", tmp_path), 2, "there is no index.html")


def test_the_lock_of_node_packages_has_hashes_and_no_address():
    lock = json.loads((ROOT / "audit/package-lock.json").read_text("utf-8"))
    package = json.loads((ROOT / "audit/package.json").read_text("utf-8"))
    installed = {name: entry for name, entry in lock["packages"].items() if name}

    assert all(entry.get("integrity", "").startswith("sha512-") for entry in installed.values())
    assert not any("resolved" in entry for entry in installed.values())
    for name, version in (package["dependencies"] | package["overrides"]).items():
        assert installed[f"node_modules/{name}"]["version"] == version


def test_without_java_or_maven_it_is_left_out_with_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")

    judged = verapdf.check(tmp_path, tmp_path / "libraries")

    assert judged.findings == []
    assert judged.left_out == (
        "veraPDF is left out: this machine has no java and no mvn. "
        "Install Java and Maven (Debian: maven) to run it too."
    )


@pytest.mark.thorough
def test_the_site_passes_the_audit(site, listing, tmp_path):
    """Without Lighthouse, which measures time. veraPDF judges where it can be installed."""
    done = invoke("audit", "--quick", "--site", site, "--report", tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "audit.json").read_text("utf-8")) == []
    assert f"{len(listing)} PDFs conform to PDF/UA-1" in done.stdout or "veraPDF is left out" in done.stdout


FAULTS = {
    "axe image-alt": '<img src="theme/x.png">',
    "axe color-contrast": '<p id="faint">这几个字太淡</p><link rel="stylesheet" href="faint.css">',
    "html error": "<p><div>错</div></p><img>",
    "requests own host only": '<img alt="外" src="https://example.com/x.png">',
    "browser console": '<script src="gone.js"></script>',
}


@pytest.mark.thorough
def test_the_audit_sees_every_kind_of_fault(tmp_path):
    """Else a pass would prove nothing. Lighthouse measures home only, where there are no guides."""
    html = a4(f"<main><h1>小</h1>{''.join(FAULTS.values())}</main>")
    html = html.replace("<style></style>", '<link rel="canonical" href="https://example.org/">')
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text(html, "utf-8")
    (tmp_path / "site/faint.css").write_text("#faint { color: #bbb }", "utf-8")

    done = invoke("audit", "--site", tmp_path / "site", "--report", tmp_path / "report")

    assert done.returncode == 1
    assert re.search(r"^lighthouse +\d+ findings", done.stdout, re.MULTILINE)
    assert [fault for fault in FAULTS if f"index.html: {fault}" not in done.stderr] == []


@pytest.mark.thorough
@pytest.mark.skipif(not (shutil.which("java") and shutil.which("mvn")), reason="needs Java and Maven")
def test_it_sees_a_pdf_without_tags_and_one_that_is_none(tmp_path, tiny):
    for folder in ("handouts", "en/handouts"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "en/handouts/untagged.pdf").write_bytes(tiny.lay_out(a4("<p>停</p>")).write_pdf())
    (tmp_path / "handouts/broken.pdf").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "handouts/good.pdf").write_bytes(tiny.write(tiny.lay_out(a4("<p>停</p>"))))

    judged = verapdf.check(tmp_path, ROOT / ".cache/verapdf")

    assert {finding.page for finding in judged.findings} == {
        "en/handouts/untagged.pdf",
        "handouts/broken.pdf",
    }
    assert judged.passed == 1
