"""The tasks: what they are called, what they load, how they end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import invoke as framework
import pytest

import tasks
from handouts.commands import start
from handouts.errors import CallError, ContentError, MachineError, Problem
from tests.build_tools import AS_IN_A_TERMINAL, ROOT, build, guide_text, invoke, tree, write_content


@pytest.fixture(autouse=True)
def same_handlers():
    """Tasks take over SIGTERM for the process they run in; give it back."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


# --- What is there ----------------------------------------------------------------------------------------------


def test_the_list_of_tasks_reads_like_a_table_of_contents():
    done = invoke("--list")

    told = dict(re.findall(r"^  ([a-z][a-z.-]*) {2,}([A-Z](?:.|\n {3,})*\.)$", done.stdout, re.MULTILINE))
    assert {"build", "check", "test"} <= set(told)
    assert len(told) == len(re.findall(r"^  \S", done.stdout, re.MULTILINE))


def test_every_option_of_every_task_is_explained():
    for name in framework.Collection.from_module(tasks).tasks:
        told = invoke("--help", name).stdout.partition("Options:")[2]
        options = re.findall(r"^  -.*", told, re.MULTILINE)
        unexplained = [option for option in options if not re.search(r"\S {2,}\S", option)]
        assert unexplained == [], f"{name}: {unexplained}"


def test_listing_the_tasks_loads_nothing_slow():
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "invoke", "--search-root", str(ROOT), "--list"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.split("\n")}
    assert "invoke" in loaded
    assert not loaded & {"pelican", "weasyprint", "fontTools", "jinja2", "markdown", "PIL", "pypdfium2"}


# --- How they end -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (ContentError([Problem("b.md", 2, "B."), Problem("a.md", 1, "A.")]), 1, "a.md:1: A.\nb.md:2: B."),
        (CallError("no."), 2, "no."),
        (MachineError("no."), 3, "no."),
        (KeyboardInterrupt(), 130, "Stopped. Nothing was changed."),
    ],
    ids=["content", "call", "machine", "Ctrl+C"],
)
def test_what_can_go_wrong_ends_with_its_sentence_and_code(error, code, message):
    @tasks._explained
    def fail() -> None:
        raise error

    with pytest.raises(framework.Exit) as caught:
        fail()

    assert (caught.value.code, str(caught.value.message)) == (code, message)


STOP_ME = "import os, signal; os.kill(os.getpid(), signal.SIGINT)\n"


@pytest.mark.parametrize("file", ["sitecustomize.py", "invoke.py", "tasks.py"])
def test_ctrl_c_while_invoke_starts_ends_with_the_same_sentence_and_code(tmp_path, file):
    """While Python looks around, while Invoke loads, while it loads the tasks."""
    (tmp_path / file).write_text(STOP_ME)
    command = [sys.executable, "-SP", ROOT / "handouts/commands/start.py", "--search-root", tmp_path, "-l"]

    done = subprocess.run(
        [sys.executable, "-I", "-c", AS_IN_A_TERMINAL, *map(str, command)],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped. Nothing was changed.\n")


def test_once_a_task_runs_it_is_stopped_more_gently():
    """It has something to clear up."""
    before = signal.signal(signal.SIGINT, start.stop)

    @tasks._explained
    def clears_up() -> None:
        os.kill(os.getpid(), signal.SIGINT)

    try:
        with pytest.raises(framework.Exit, match="Stopped"):
            clears_up()
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("exchanged", [True, False])
def test_who_stops_a_build_is_told_whether_it_was_done(tmp_path, monkeypatch, capsys, exchanged):
    """Ctrl+C may come when the new site is there already, and only the list of sheets is still to be printed."""
    output = tmp_path / "out"
    output.mkdir()

    def stop(**_: object) -> None:
        if exchanged:
            (tmp_path / "new").mkdir()
            output.rmdir()
            (tmp_path / "new").rename(output)
        raise KeyboardInterrupt

    monkeypatch.setattr("handouts.commands.build.build", stop)

    if exchanged:
        tasks.build(framework.Context(), output=str(output))
        assert capsys.readouterr().err == f"Stopped, but it was done: the new site is in {output}\n"
    else:
        with pytest.raises(framework.Exit, match=r"Stopped\. Nothing was changed\."):
            tasks.build(framework.Context(), output=str(output))


def test_a_fault_of_the_program_keeps_its_traceback():
    """Only what we can explain is explained."""

    @tasks._explained
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()


@pytest.mark.parametrize(("given", "here", "named"), [("", ROOT, "content"), ("x/y", ROOT, "x/y")])
def test_the_content_is_named_as_the_caller_would(monkeypatch, given, here, named):
    monkeypatch.chdir(here)

    assert str(tasks._content(given)) == named


def test_elsewhere_the_projects_own_content_has_its_whole_name(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    assert tasks._content("") == ROOT / "content"


# --- check ------------------------------------------------------------------------------------------------------


def test_check_finds_what_a_build_finds_and_writes_nothing(tmp_path):
    """The cache of sheets, which may be deleted at any time, is the only thing that grows."""
    content = write_content(tmp_path / "content", guide_text(who="今天,测试").replace("{#before-1}", ""))
    before = tree(tmp_path)

    checked = invoke("check", "--content", content)

    assert checked.returncode == 1
    assert checked.stderr == build(content, tmp_path / "out").stderr
    assert checked.stderr.count("\n") >= 2
    assert tree(tmp_path) == before


def test_check_passes_what_a_build_accepts(tmp_path, one_guide):
    before = tree(one_guide)

    done = invoke("check", "--content", one_guide, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("All is well")  # one that prints says first how far it is
    assert list(tmp_path.iterdir()) == []
    assert tree(one_guide) == before


def test_check_without_content_ends_with_the_code_of_a_call_at_fault():
    done = invoke("check", "--content", "missing")

    assert (done.returncode, done.stderr) == (
        2,
        "missing is no folder. Give --content the folder that holds guides/ and data/.\n",
    )


# --- test -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("thorough", "marker"), [(False, "'not thorough' -n auto"), (True, "thorough")])
def test_test_runs_the_linter_then_pytest_with_its_marker(thorough, marker):
    context = framework.MockContext(run=framework.Result(), repeat=True)

    tasks.test(context, thorough=thorough)

    commands = [call.args[0] for call in context.run.mock_calls]
    assert any("ruff check" in command and "ruff format --check" in command for command in commands[:-1])
    assert f"-m pytest -m {marker}" in commands[-1]
    assert all(str(Path(ROOT)) in command for command in commands)
