"""The benchmark measures what it says: real commands, real changes, guides that pass all checks, the same text."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from benchmarks.bench import CHANGES, run
from benchmarks.builds import change, copy_project
from benchmarks.builds import run as run_command
from handouts.content.loader import load
from handouts.errors import Problems
from tests.build_tools import ROOT, tree


@pytest.mark.parametrize("what", CHANGES)
def test_each_change_is_another_and_the_content_stays_valid(tmp_path, what):
    project = copy_project(ROOT, tmp_path / "project")
    seen = [tree(project / "content")]
    for number in range(5):
        change(project, what, number)
        seen.append(tree(project / "content"))
    problems = Problems()
    load(project / "content", problems)

    assert all(one != other for one, other in pairwise(seen))
    assert problems == []
    assert not (project / ".cache").exists()


def test_a_command_counts_with_the_processes_it_starts_and_one_that_fails_stops_the_benchmark(tmp_path):
    inner = "x = bytearray(60_000_000)"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}], check=True)"

    assert run_command("python3", "-c", outer, cwd=tmp_path).peak_mb > 60
    with pytest.raises(RuntimeError, match="no such thing"):
        run_command("python3", "-c", "raise SystemExit('no such thing')", cwd=tmp_path)


@pytest.mark.thorough
def test_a_quick_run_measures_everything(tmp_path, capsys):
    project = copy_project(ROOT, tmp_path / "project")
    (project / "content/data/traditional.toml").unlink()
    for translation in (project / "content").rglob("*.en.*"):
        translation.unlink()

    run(root=project, json_file=str(tmp_path / "bench.json"), quick=True)
    figures = json.loads((tmp_path / "bench.json").read_text("utf-8"))

    assert {"costs", "KB", "changes", "growth", "PDFs"} <= figures.keys()
    assert {"cold", "cached", "plain Pelican"} <= figures["costs"].keys()
    assert set(figures["changes"]) == {"nothing", *CHANGES}
    assert set(figures["growth"]) == {"0", "10"}
    assert figures["growth"]["10"]["peak MB"] < 500
    assert "guides added" in capsys.readouterr().out
