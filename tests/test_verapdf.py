"""veraPDF, the reference checker of PDF/UA-1; test_audit.py has it judge every PDF of the site."""

from __future__ import annotations

import shutil

import pytest

from audit import verapdf
from tests.build_tools import ROOT, a4

LIBRARIES = ROOT / ".cache/verapdf"


def test_without_java_or_maven_it_is_left_out_with_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")

    judged = verapdf.check(tmp_path, tmp_path / "libraries")

    assert judged.findings == []
    assert judged.left_out == (
        "veraPDF is left out: this machine has no java and no mvn. "
        "Install Java and Maven (Debian: maven) to have it judge."
    )


needs_java = pytest.mark.skipif(
    not (shutil.which("java") and shutil.which("mvn")), reason="needs Java and Maven"
)


@pytest.mark.thorough
@needs_java
def test_it_sees_a_pdf_without_tags_and_one_that_is_none(tmp_path, tiny):
    """Else that would prove nothing."""
    (tmp_path / "handouts").mkdir()
    (tmp_path / "handouts/untagged.pdf").write_bytes(tiny.lay_out(a4("<p>停</p>")).write_pdf())
    (tmp_path / "handouts/broken.pdf").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "handouts/good.pdf").write_bytes(tiny.write(tiny.lay_out(a4("<p>停</p>"))))

    judged = verapdf.check(tmp_path, LIBRARIES)

    assert {finding.page for finding in judged.findings} == {"handouts/untagged.pdf", "handouts/broken.pdf"}
    assert judged.passed == 1
