"""A volunteer who follows CONTRIBUTING from top to bottom meets no red test."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.build_tools import ROOT

TESTS = [f"tests/test_{name}.py" for name in ("content", "claims", "data", "docs", "look", "operators")]
"""Those that look at content and at the pages and sheets made of it."""

LEFT_OUT = (".git", ".venv", ".cache", ".hypothesis", "output", "dist", "node_modules", "__pycache__")


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A copy in which everything was done once that CONTRIBUTING explains."""
    project = tmp_path_factory.mktemp("maintainer") / "project"
    shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(*LEFT_OUT))
    content = project / "content"
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    example = re.search(r"(?ms)^```markdown\n(---\n.*?)^```$", contributing)[1]
    (content / "guides/mini.md").write_text(example, encoding="utf-8")
    for kind, name in (("guide", "neu"), ("operator", "neu-mobile"), ("post", "neuigkeit")):
        task(project, "new", kind, name)
    edit(content / "data/operators.toml", "【待写】neu-mobile", "Neu Mobile")
    edit(
        content / "data/operators.toml", "【待写】查到了什么，缺什么。", "刚加进来的一家，什么都还没有查到。"
    )
    edit(
        content / "data/operators.toml",
        "sells = []  # 【待写】prepaid, plan, pack, data",
        'sells = ["prepaid"]',
    )
    for name in ("guides/neu.md", "posts/neuigkeit.md"):
        text = (content / name).read_text(encoding="utf-8")
        (content / name).write_text(
            text.replace("【待写】", "").replace("draft: yes\n", ""), encoding="utf-8"
        )
    fact = re.search(r"(?m)^\[([\w-]+)\]", (content / "data/facts.toml").read_text(encoding="utf-8"))[1]
    task(project, "renew", fact, "--yes")
    edit(content / "data/ui.toml", 'name = "比利时销卡指南"', 'name = "比国停卡手册"')
    return project


def task(project: Path, *call: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "invoke", *call], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.thorough
def test_what_contributing_explains_builds_and_the_name_and_the_accent_stand_in_one_place(project):
    tokens, icon = project / "theme/static/css/tokens.css", project / "theme/static/icons/favicon.svg"
    accent = re.search(r"--accent: *(#[0-9a-fA-F]{6})", tokens.read_text(encoding="utf-8"))[1]
    for path in (tokens, icon):  # both are named in CONTRIBUTING
        path.write_text(path.read_text(encoding="utf-8").replace(accent, "#123456"), encoding="utf-8")

    assert "sheets and" in task(project, "build")
    output = project / "output"
    assert (output / "handouts/mini-neu-mobile.pdf").is_file()
    assert (output / "neu/index.html").is_file()
    assert (output / "posts/neuigkeit/index.html").is_file()
    texts = {
        path: path.read_text(encoding="utf-8")
        for path in output.rglob("*")
        if path.suffix in (".html", ".xml", ".css", ".svg")
    }
    assert [path.name for path, text in texts.items() if "比利时销卡指南" in text] == []
    assert [path.name for path, text in texts.items() if accent.lower() in text.lower()] == []


@pytest.mark.thorough
def test_no_test_of_content_is_red(project):
    options = ("-q", "-p", "no:cacheprovider", "-m", "not thorough", "--tb=line")
    command = [sys.executable, "-m", "pytest", *TESTS, *options]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-5000:]
