"""The audit: the host it serves from, what it says, and that it sees what is wrong."""

from __future__ import annotations

import gzip
import json
import urllib.request

import pytest

from audit import browse, run
from audit.finding import Finding, sentences
from audit.host import Host
from tests.build_tools import GUIDES, ROOT, invoke


@pytest.fixture
def host(tmp_path) -> Host:
    files = {
        "index.html": '<link rel="canonical" href="https://example.org/">家' + "家" * 200,
        "a/index.html": "甲",
        "404.html": "没有",
        "theme/x.js": "export {};" * 50,
        "theme/x.png": "\0" * 300,
        "_headers": "/*\n  X-All: yes\n/theme/*\n  Cache-Control: immutable\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Host(tmp_path)


# --- The host ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "status", "body"),
    [
        ("a/", 200, "甲"),
        ("a/?v=1#x", 200, "甲"),
        ("a", 301, ""),
        ("b/", 404, "没有"),
        ("_headers", 404, "没有"),
        ("../../etc/passwd", 404, "没有"),
    ],
)
def test_a_path_is_answered_as_a_host_does(host, target, status, body):
    answer = host.answer(target)

    assert (answer.status, answer.body.decode()) == (status, body)


def test_each_header_goes_to_the_paths_it_is_written_for(host):
    page, script = host.answer("a/").headers, host.answer("theme/x.js").headers

    assert page["X-All"] == script["X-All"] == "yes"
    assert page["Cache-Control"] != script["Cache-Control"] == "immutable"
    assert script["Content-Type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(("path", "encoding"), [("theme/x.js", "gzip"), ("theme/x.png", None)])
def test_text_comes_compressed_and_a_picture_as_it_is(host, path, encoding):
    with host.serving() as address:
        request = urllib.request.Request(address + path, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as response:
            body = response.read()

    whole = (host.site / path).read_bytes()
    assert response.headers["Content-Encoding"] == encoding
    assert (gzip.decompress(body) if encoding else body) == whole
    assert host.answer(path).transferred == len(body)


# --- What it says -----------------------------------------------------------------------------------------------


def test_a_page_and_a_rule_get_one_line_with_the_places():
    found = [
        Finding("a/index.html", "axe", "image-alt", f"img:nth-child({n})", "Add an alt.") for n in range(5)
    ]

    assert list(sentences([*found, Finding("index.html", "html", "error", "", "No title.")])) == [
        "a/index.html: axe image-alt at img:nth-child(0), img:nth-child(1), img:nth-child(2) and 2 more: Add an alt.",
        "index.html: html error: No title.",
    ]


def test_home_and_every_guide_are_measured(site):
    assert run.guides(site, browse.pages_of(site)) == sorted(
        ["index.html", *(f"{guide}/index.html" for guide in GUIDES)]
    )


def test_a_folder_without_a_site_is_a_wrong_call(tmp_path):
    done = invoke("audit", "--site", tmp_path)

    assert done.returncode == 2
    assert "no index.html with a canonical address" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_lock_of_node_packages_has_hashes_and_no_address():
    lock = json.loads((ROOT / "audit/package-lock.json").read_text(encoding="utf-8"))
    package = json.loads((ROOT / "audit/package.json").read_text(encoding="utf-8"))
    installed = {name: entry for name, entry in lock["packages"].items() if name}

    assert [
        name for name, entry in installed.items() if not entry.get("integrity", "").startswith("sha512-")
    ] == []
    assert [name for name, entry in installed.items() if "resolved" in entry] == []
    for name, version in (package["dependencies"] | package["overrides"]).items():
        assert installed[f"node_modules/{name}"]["version"] == version


# --- With everything installed ----------------------------------------------------------------------------------


@pytest.mark.thorough
def test_the_site_passes_the_audit(site, tmp_path):
    done = invoke("audit", "--site", site, "--report", tmp_path)

    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
    assert len(report["pages"]) == len(browse.pages_of(site))
    assert {one["page"] for one in report["lighthouse"]} == {
        "index.html",
        *(f"{guide}/index.html" for guide in GUIDES),
    }
    weights = {one["page"]: one["bytes"] for one in report["pages"]}
    assert all(weights[f"{guide}/index.html"] < 35 * 1024 for guide in GUIDES)


FAULTS = {
    "axe image-alt": '<img src="theme/x.png">',
    "axe color-contrast": '<p id="faint">这几个字太淡</p><link rel="stylesheet" href="faint.css">',
    "html error": "<p><div>错</div></p><img>",
    "requests own host only": '<img alt="外" src="https://example.com/x.png">',
    "browser console": '<script src="gone.js"></script>',
}


@pytest.mark.thorough
def test_the_audit_sees_every_kind_of_fault(tmp_path):
    """Else a pass would prove nothing. Without guides, Lighthouse only measures home."""
    html = '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>小</title>'
    html += '<link rel="canonical" href="https://example.org/"></head>'
    html += f"<body><main><h1>小</h1>{''.join(FAULTS.values())}</main></body></html>"
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text(html, encoding="utf-8")
    (tmp_path / "site/faint.css").write_text("#faint { color: #bbb }", encoding="utf-8")

    done = invoke("audit", "--site", tmp_path / "site", "--report", tmp_path / "report")

    assert done.returncode == 1
    said = done.stderr.splitlines()
    assert {
        fault for fault in FAULTS if any(line.startswith(f"index.html: {fault}") for line in said)
    } == set(FAULTS)
