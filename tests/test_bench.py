"""The benchmark measures what it says, and its generator makes guides that pass all checks."""

from __future__ import annotations

import json
import shutil

import pytest

from benchmarks.bench import copy_project, median, plain_pelican, run, table
from benchmarks.generate import PHASES, STEPS, generate
from handouts.content import load
from handouts.errors import Problems
from tests.build_tools import ROOT, tree


def test_made_guides_pass_all_checks_and_have_the_steps_of_real_ones(tmp_path, real_content):
    problems = Problems()
    content = load(generate(ROOT / "content", tmp_path / "content", 12), problems)
    real = {str(step.lead) for guide in real_content.guides for step in guide.steps}
    made = [guide for guide in content.guides if guide.slug.startswith("made-")]

    assert problems == []
    assert len(made) == 12
    assert {str(step.lead) for guide in made for step in guide.steps} <= real
    assert {len(guide.steps) for guide in made} == {len(PHASES) * STEPS}
    assert len({tuple(str(step.lead) for step in guide.steps) for guide in made}) == 12


def test_the_same_number_gives_the_same_bytes(tmp_path):
    one, other = (tree(generate(ROOT / "content", tmp_path / name, 7)) for name in ("one", "other"))

    assert one == other


def test_the_project_is_copied_without_what_was_built(tmp_path):
    project = copy_project(ROOT, tmp_path / "project")

    assert (project / "pelicanconf.py").is_file()
    assert not (project / ".cache").exists()
    assert not list(project.rglob("__pycache__"))


def test_plain_pelican_gets_every_article(tmp_path):
    plain = plain_pelican(ROOT, tmp_path / "plain")
    articles = {
        f"{kind}-{path.stem}.md"
        for kind in ("guides", "pages", "posts")
        for path in (ROOT / "content" / kind).glob("*.md")
    }

    assert articles <= {path.name for path in (plain / "content").iterdir()}


def test_the_median_is_of_several_runs_each_prepared():
    told = []

    assert median(3, lambda number: [5, 1, 2][number], before=lambda: told.append("ready")) == 2
    assert told == ["ready"] * 3


def test_the_table_compares():
    figures = {
        "machine": {"python": "3.11", "cores": 2, "load": 0.1},
        "builds": {"cold": 6.0, "one word changed": 1.0},
        "sheet": {"fit, write and proof": 0.1},
        "others": {"Chromium, one sheet": 1.0, "plain Pelican, the same articles": 2.0},
        "left_out": ["Typst is not installed."],
        "scale": {
            "10": {"cold": 7.0, "each": 0.1, "each from cache": 0.01, "nothing changed": 0.2, "peak MB": 150}
        },
    }
    lines = "\n".join(table(figures))

    assert "ours is 0.100, 0.10 times that" in lines
    assert "ours is 6.000, 3.00 times that" in lines
    assert "Typst is not installed." in lines
    assert "150" in lines


@pytest.mark.thorough
def test_a_quick_run_measures_everything(tmp_path, capsys):
    run(root=ROOT, json_file=str(tmp_path / "bench.json"), quick=True)
    figures = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))

    assert {
        "cold",
        "nothing changed",
        "one word changed",
        "one printed word changed",
        "one fact changed",
    } == set(figures["builds"])
    assert {"layout", "write", "proof", "fit, write and proof"} <= set(figures["sheet"])
    assert ("Chromium, one sheet" in figures["others"]) == bool(shutil.which("chromium"))
    assert figures["scale"]["10"]["peak MB"] < 500
    assert "one fact changed" in capsys.readouterr().out
