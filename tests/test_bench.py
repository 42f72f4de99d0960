"""The benchmark measures what it says: the same text in every way, real commands, and guides that pass all checks."""

from __future__ import annotations

import json
import re

import pytest

from benchmarks import others
from benchmarks.bench import copy_project, run
from benchmarks.builds import EXPLAINED, FACTS, GUIDE, PRINTED, counted_up, swapped
from benchmarks.cost import run as run_command
from benchmarks.generate import PHASES, STEPS, generate
from benchmarks.inside import _insist
from benchmarks.table import Aim, aims, table
from benchmarks.trees import sheet_tree
from handouts.content.loader import load
from handouts.errors import Problems
from handouts.pdf.verify import printed_text
from handouts.sheets.templates import Edition, Setting, SheetTemplate
from tests.build_tools import ROOT, SITE, a4, tree

# --- The generator ----------------------------------------------------------------------------------------------


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


# --- What is built and changed ----------------------------------------------------------------------------------


def test_the_project_is_copied_without_what_was_built(tmp_path):
    project = copy_project(ROOT, tmp_path / "project")

    assert (project / "pelicanconf.py").is_file()
    assert not (project / ".cache").exists()
    assert not list(project.rglob("__pycache__"))


def test_plain_pelican_gets_every_article(tmp_path):
    plain = others.plain_pelican(ROOT, tmp_path / "plain")
    articles = {
        f"{kind}-{path.stem}.md"
        for kind in ("guides", "pages", "posts")
        for path in (ROOT / "content" / kind).glob("*.md")
    }

    assert articles <= {path.name for path in (plain / "content").iterdir()}


@pytest.mark.parametrize(("place", "on_paper"), [(PRINTED, True), (EXPLAINED, False)])
def test_ten_times_another_word_changes_and_the_content_stays_valid(tmp_path, place, on_paper):
    project = copy_project(ROOT, tmp_path / "project")
    guide, seen = project / GUIDE, set()
    for number in range(10):
        text = swapped(guide.read_text(encoding="utf-8"), place, number)
        guide.write_text(text, encoding="utf-8")
        seen.add(text)
    problems = Problems()
    content = load(project / "content", problems)

    assert len(seen) == 10
    assert problems == []
    assert (_sheet(project, content) != _sheet(ROOT, load(ROOT / "content", Problems()))) == on_paper


def test_the_fact_that_changes_is_printed(tmp_path):
    project = copy_project(ROOT, tmp_path / "project")
    facts = project / FACTS
    facts.write_text(counted_up(facts.read_text(encoding="utf-8")), encoding="utf-8")
    problems = Problems()
    content = load(project / "content", problems)

    assert problems == []
    assert _sheet(project, content) != _sheet(ROOT, load(ROOT / "content", Problems()))


def _sheet(project, content) -> str:
    """Return the sheet of the guide that the benchmark changes."""
    template = SheetTemplate(project / "theme/templates", content.data, SITE)
    guide = next(guide for guide in content.guides if guide.slug == "prepaid")
    return template.render(Edition(guide=guide), Setting(points="10.5"))


# --- The same sheet in every way --------------------------------------------------------------------------------


def test_typst_is_given_every_character_of_a_sheet(real_content):
    template = SheetTemplate(ROOT / "theme/templates", real_content.data, SITE)

    def texts(node) -> str:
        return node if isinstance(node, str) else "".join(map(texts, node["children"]))

    for guide in real_content.guides:
        html = template.render(Edition(guide=guide), Setting(points="10.5"))
        told = json.loads(sheet_tree(html))

        assert re.sub(r"\s", "", texts(told["sheet"])) == printed_text(html)
        assert told["points"] == "10.5"
        assert "<svg" in json.dumps(told)


def test_a_way_that_leaves_text_out_is_refused(tiny):
    pdf = tiny.write(tiny.lay_out(a4("<p>停卡</p>")))
    _insist(pdf, "停卡", "whole")

    with pytest.raises(RuntimeError, match="号"):
        _insist(pdf, "停卡号", "short")


def test_what_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr(others, "find_chromium", lambda: None)
    monkeypatch.setattr(others.importlib.util, "find_spec", lambda name: None)

    assert set(others.left_out()) == {"Chromium", "Chromium kept running", "Typst"}


# --- Measuring and telling --------------------------------------------------------------------------------------


def test_a_command_counts_with_the_processes_it_starts(tmp_path):
    inner = "x = bytearray(60_000_000)"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}], check=True)"
    cost, said = run_command("python3", "-c", f"{outer}; print('ready')", cwd=tmp_path)

    assert cost.peak_mb > 60
    assert said == "ready\n"


def test_a_command_that_fails_stops_the_benchmark(tmp_path):
    with pytest.raises(RuntimeError, match="no such thing"):
        run_command("python3", "-c", "raise SystemExit('no such thing')", cwd=tmp_path)


def test_an_aim_is_met_missed_or_not_known():
    assert [
        Aim("time", value, limit, "s").met for value, limit in ((1, 1), (1.1, 1), (None, 1), (1, None))
    ] == [
        True,
        False,
        None,
        None,
    ]


FIGURES = {
    "machine": {"python": "3.11", "cores": 2, "load at the start": 0.1, "load at the end": 0.2, "versions": {"typst": "0.15"}},
    "left_out": {},
    "builds": {
        "sheets": 10, "PDFs": 12, "cold": 6.0, "nothing changed": 0.1, "one word changed": 1.0, "one printed word changed": 2.0,
        "one printed fact changed": 3.0, "cold, CPU": 8.0, "nothing changed, CPU": 0.1, "one word changed, CPU": 1.1,
        "one printed word changed, CPU": 2.1, "one printed fact changed, CPU": 3.1, "cold, peak MB": 100.0,
    },
    "saves": {"one word changed": 0.4, "one printed word changed": 0.6, "one printed word changed, its PDF": 0.9},
    "sheet": {
        "template": 0.01, "layout": 0.05, "write": 0.03, "proof": 0.01, "fit, write and proof": 0.1,
        "fit, write and proof, wall": 0.1, "KB": 80.0, "largest KB": 88.0,
    },
    "others": {
        "Typst": {"CPU": 0.02, "wall": 0.02, "KB": 100.0, "fresh process": 0.2},
        "Chromium": {"fresh process": 1.0, "fresh process, CPU": 1.5},
        "plain Pelican": {"fresh process": 0.5, "fresh process, CPU": 0.4},
    },
    "scale": {
        "0": {"cold, CPU": 8.0, "peak MB": 100},
        "100": {"cold, CPU": 30.0, "cold, CPU, each": 0.2, "cached, CPU, each": 0.1, "peak MB": 150},
        "1000": {"cold, CPU": 300.0, "cold, CPU, each": 0.3, "cached, CPU, each": 0.1, "peak MB": 501},
    },
}  # fmt: skip


def test_the_aims_are_worked_out_from_the_figures():
    verdicts = {aim.name: (aim.value, aim.limit, aim.met) for aim in aims(FIGURES)}

    assert verdicts["a fresh sheet, to a fifth of Chromium's"] == (0.1, 0.2, True)
    assert verdicts["a fresh sheet, CPU, to Typst's"] == (5.0, 15, True)
    assert verdicts["a sheet's size, to Typst's"] == (0.8, 1.1, True)
    assert verdicts["the whole build, to plain Pelican twice and 0.12 s a sheet"] == (6.0, 1.6, False)
    assert verdicts["one word changed, to articles and all sheets by Typst"] == (
        1.0,
        pytest.approx(0.88),
        False,
    )
    assert verdicts["one word changed, to articles and all sheets by Chromium"] == (1.0, 10.5, True)
    assert verdicts["from 100 to 1,000 guides: cold, CPU, each"][2] is False
    assert verdicts["from 100 to 1,000 guides: cached, CPU, each"][2] is True
    assert verdicts["from 100 to 1,000 guides: peak MB"][2] is False
    assert verdicts["the largest process"] == (501, 500, False)


def test_the_table_compares_and_says_what_is_left_out():
    alone = {
        **FIGURES,
        "others": {"plain Pelican": {"fresh process": 0.5}},
        "left_out": {"Typst": "It is not here."},
    }
    whole, less = ("\n".join(table(one)) for one in (FIGURES, alone))

    assert re.search(r"Typst, CPU +0.0200 +ours is 0.1000, 5.00 times that", whole)
    assert re.search(r"one word changed, in the preview +0.400 +aim +0.500 s +met", whole)
    assert re.search(r"cold, CPU, each +0.2 +0.3", whole)
    assert re.search(r"plain Pelican, fresh process, CPU +0.4000 +ours is 8.0000, 20.00 times that", whole)
    assert "Other work" not in whole
    assert "Typst: It is not here." in less
    assert re.search("a fresh sheet, CPU, to Typst's +not measured", less)


@pytest.mark.thorough
def test_a_quick_run_measures_everything(tmp_path, capsys):
    run(root=ROOT, json_file=str(tmp_path / "bench.json"), quick=True)
    figures = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))

    assert FIGURES["builds"].keys() == figures["builds"].keys()
    assert FIGURES["saves"].keys() == figures["saves"].keys()
    assert FIGURES["sheet"].keys() <= figures["sheet"].keys()
    assert {"plain Pelican", *others.left_out()} | figures["others"].keys() >= {"Chromium", "Typst"}
    assert set(figures["scale"]) == {"0", "10"}
    assert figures["scale"]["10"]["peak MB"] < 500
    assert "Aims" in capsys.readouterr().out
