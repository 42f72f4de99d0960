"""What a volunteer starts with ./inv new and does by CONTRIBUTING passes all checks and tests."""

from __future__ import annotations

import re
import shutil
import sys
from datetime import date
from pathlib import Path

import pytest

from handouts.commands.new import KINDS, PLACEHOLDER, new
from handouts.commands.publish import find_drafts, not_ready
from handouts.errors import UsageError
from tests.build_tools import ROOT, assert_explained, build, edit, invoke, run, tree

TESTS = [f"tests/test_{name}.py" for name in ("content", "claims", "data", "docs", "look", "operators")]
"""Those that look at content and at the pages and sheets made of it."""

LEFT_OUT = (".git", ".venv", ".cache", ".hypothesis", "output", "dist", "node_modules", "__pycache__")


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A copy in which everything was done once that CONTRIBUTING explains."""
    project = tmp_path_factory.mktemp("maintainer") / "project"
    shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(*LEFT_OUT))
    content = project / "content"
    contributing = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    example = re.search(r"(?ms)^```markdown\n(---\n.*?)^```$", contributing)[1]
    (content / "guides/mini.md").write_text(example, "utf-8")
    for kind, name in (("guide", "neu"), ("operator", "neu-mobile"), ("post", "neuigkeit")):
        task(project, "new", kind, name)
    operators = content / "data/operators.toml"
    edit(operators, "【待写】neu-mobile", "Neu Mobile")
    edit(operators, "【待写】查到了什么，缺什么。", "刚加进来的一家，什么都还没有查到。")
    edit(operators, "sells = []  # 【待写】prepaid, plan, pack, data", 'sells = ["prepaid"]')
    for name in ("guides/neu.md", "posts/neuigkeit.md"):
        text = (content / name).read_text("utf-8")
        (content / name).write_text(text.replace("【待写】", "").replace("draft: yes\n", ""), "utf-8")
    fact = re.search(r"(?m)^\[([\w-]+)\]", (content / "data/facts.toml").read_text("utf-8"))[1]
    task(project, "renew", fact, "--yes")
    edit(content / "data/ui.toml", 'name = "比利时销卡指南"', 'name = "比国停卡手册"')
    return project


def task(project: Path, *call: str) -> str:
    done = run(sys.executable, "-m", "invoke", *call, cwd=project)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.thorough
def test_what_contributing_explains_builds_and_the_name_and_the_accent_stand_in_one_place(project):
    tokens, icon = project / "theme/static/css/tokens.css", project / "theme/static/icons/favicon.svg"
    accent = re.search(r"--accent: *(#[0-9a-fA-F]{6})", tokens.read_text("utf-8"))[1]
    for path in (tokens, icon):  # both are named in CONTRIBUTING
        path.write_text(path.read_text("utf-8").replace(accent, "#123456"), "utf-8")

    assert "sheets and" in task(project, "build")
    output = project / "output"
    assert (output / "handouts/mini-neu-mobile.pdf").is_file()
    assert (output / "neu/index.html").is_file()
    assert (output / "posts/neuigkeit/index.html").is_file()
    texts = {
        path: path.read_text("utf-8")
        for path in output.rglob("*")
        if path.suffix in (".html", ".xml", ".css", ".svg")
    }
    assert [path.name for path, text in texts.items() if "比利时销卡指南" in text] == []
    assert [path.name for path, text in texts.items() if accent.lower() in text.lower()] == []


@pytest.mark.thorough
def test_no_test_of_content_is_red(project):
    options = ("-q", "-p", "no:cacheprovider", "-m", "not thorough", "--tb=line")
    command = [sys.executable, "-m", "pytest", *TESTS, *options]
    done = run(*command, cwd=project)
    assert done.returncode == 0, done.stdout[-5000:]


TODAY = date(2026, 11, 20)
FILES = {"guide": "guides/neu.md", "post": "posts/neu.md", "operator": "data/operators.toml"}


def test_a_new_guide_comes_last_on_the_home_page(folder, replace, problems):
    replace("guides/prepaid.md", "order: 1", "order: 2")
    new("guide", "neu", folder, TODAY)

    assert "\norder: 3\n" in (folder / FILES["guide"]).read_text("utf-8")
    assert problems() == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_is_not_published_and_what_is_none_stops_all_until_it_is_written(kind, folder):
    assert (find_drafts(folder), not_ready(folder, TODAY)) == (set(), [])
    new(kind, "neu", folder, TODAY)
    file = folder / FILES[kind]
    assert find_drafts(folder) == ({file} if kind != "operator" else set())
    file.write_text(file.read_text("utf-8").replace("draft: yes\n", ""), "utf-8")

    assert find_drafts(folder) == set()
    found = not_ready(folder, TODAY)
    assert found
    assert all(re.match(rf"content/{FILES[kind]}:\d+: 【待写】 is left here\.", str(one)) for one in found)


def test_a_new_operator_marks_its_name_and_what_it_sells(folder):
    new("operator", "mobi-one", folder, TODAY)
    text = (folder / "data/operators.toml").read_text("utf-8").partition("[mobi-one]")[2]
    marked = [line.split(" ")[0] for line in text.splitlines() if PLACEHOLDER in line]
    assert marked == ["name", "summary", "sells"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_started_passes_all_checks_says_what_is_next_and_is_not_written_twice(kind, folder, problems):
    call = ("new", kind, "neu", "--content", "content")
    done = invoke(*call, cwd=Path.cwd())
    before = tree(folder)

    assert problems() == []
    assert done.stdout.startswith(f"content/{FILES[kind]} is ready.")
    assert PLACEHOLDER in (folder / FILES[kind]).read_text("utf-8")
    assert_explained(invoke(*call, cwd=Path.cwd()), 2)
    assert tree(folder) == before


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *(("guide", name) for name in ("Neu", "../neu", "-neu", "neu--", "新", "", "n" * 41)),
        *(
            ("guide", name) for name in ("operators", "search", "drafts", "en", "phrases", "all")
        ),  # the site's own
        ("guide", "prepaid-base"),  # the PDF of a guide and an operator
        ("guide", "lost"),  # a page's
        ("post", "prepaid"),
        ("operator", "a.b"),
        ("page", "neu"),
    ],
)
def test_a_bad_name_is_the_callers_fault(kind, name, folder):
    before = tree(folder)
    with pytest.raises(UsageError, match=r"[.]$"):
        new(kind, name, folder, TODAY)
    assert tree(folder) == before


@pytest.mark.thorough
def test_what_is_started_is_built_and_printed(one_guide, tmp_path):
    folder = shutil.copytree(one_guide, tmp_path / "content")
    for kind in KINDS:
        new(kind, f"neu-{kind}", folder, TODAY)

    done = build(folder, tmp_path / "site")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site/handouts/neu-guide.pdf").is_file()
    assert (tmp_path / "site/operators/neu-operator/index.html").is_file()
