"""The tasks: what they are called, what they load, how they end."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import invoke as framework
import pytest

import tasks
from tests.build_tools import (
    AS_IN_A_TERMINAL,
    ROOT,
    assert_explained,
    build,
    copy_of_the_project,
    edit,
    guide_text,
    invoke,
    invoke_command,
    run,
    tree,
    write_content,
)


@pytest.fixture(autouse=True)
def same_handlers():
    """Tasks take over signals for the process they run in; give them back."""
    before = {sign: signal.getsignal(sign) for sign in (signal.SIGTERM, signal.SIGALRM)}
    hook = sys.unraisablehook
    yield
    sys.unraisablehook = hook
    for sign, handler in before.items():
        signal.signal(sign, handler)


def test_the_list_of_tasks_reads_like_a_table_of_contents_and_every_option_is_explained():
    listed = invoke("--list").stdout
    told = dict(re.findall(r"^  ([a-z][a-z.-]*) {2,}([A-Z](?:.|\n {3,})*\.)$", listed, re.MULTILINE))
    assert {"build", "check", "test"} <= set(told)
    assert len(told) == len(re.findall(r"^  \S", listed, re.MULTILINE))

    for name, task in framework.Collection.from_module(tasks).tasks.items():
        assert [argument.name for argument in task.get_arguments() if not argument.help] == [], name
    assert "folder to build into" in invoke("--help", "build").stdout


@pytest.mark.parametrize("file", ["sitecustomize.py", "invoke.py", "tasks.py"])
def test_ctrl_c_while_invoke_starts_ends_with_the_same_sentence_and_code(tmp_path, file):
    """While Python looks around, while Invoke loads, while it loads the tasks."""
    (tmp_path / file).write_text("import os, signal; os.kill(os.getpid(), signal.SIGINT)\n")
    start = [ROOT / "handouts/commands/start.py", "--search-root", tmp_path, "-l"]
    command = [sys.executable, "-I", "-c", AS_IN_A_TERMINAL, sys.executable, "-SP", *map(str, start)]

    env = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = run(*command, env=env)

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped. Nothing was changed.\n")


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


def test_a_stop_that_comes_while_an_object_is_deleted_is_not_lost():
    """Python drops an exception that is raised there, and goes on."""

    class Deleted:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    @tasks._guarded
    def run() -> None:
        Deleted()
        time.sleep(60)

    with pytest.raises(framework.Exit, match="Stopped"):
        run()


def test_a_fault_of_the_program_keeps_its_traceback():
    """Only what we can explain is explained."""

    @tasks._guarded
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()


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


def test_test_runs_one_file_wherever_the_caller_stands(tmp_path):
    (tmp_path / "test_one.py").write_text("def test_one():\n    assert True\n")

    done = invoke("test", "test_one.py", cwd=tmp_path)

    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
    assert "All checks passed" not in done.stdout


@pytest.mark.thorough
def test_style_types_and_tests_are_judged_in_one_run(tmp_path):
    project = copy_of_the_project(tmp_path / "project")
    edit(project / "pyproject.toml", '"-p", "tests.plugin_build",', "")
    (project / "handouts/wrong.py").write_text('import os\nx: int = "a"\n')
    (project / "tests").mkdir()
    (project / "tests/test_one.py").write_text("def test_one():\n    assert False\n")
    env = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}

    command = [sys.executable, "-m", "invoke", "test"]
    done = run(*command, cwd=project, env=env)

    assert done.returncode == 1
    for said in (
        "1 failed",
        "ruff check .: ",
        "F401",
        "1 file would be reformatted",
        "Incompatible types in",
    ):
        assert said in done.stdout


def test_a_test_that_is_not_there_is_the_callers_fault():
    assert_explained(invoke("test", "tests/test_nothing.py"), 2, "There is no test tests/test_nothing.py.")


@pytest.mark.parametrize("encoding", ["gbk", "latin-1", "ascii"])
def test_every_locale_can_read_the_facts(encoding):
    env = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}
    done = run(*invoke_command("facts"), env=env, encoding=encoding)

    assert (done.returncode, done.stderr) == (0, "")


def started(*command: str, shell: str) -> subprocess.CompletedProcess[str]:
    """Run ./inv's last line in a shell; `"$@"` in it is the command."""
    return run("sh", "-c", shell, "sh", *invoke_command(*command))


@pytest.mark.parametrize("streams", ["<&- >&- 2>&-", ">/dev/full"])
def test_closed_streams_end_in_no_traceback(streams):
    done = started("facts", shell=f'"$@" {streams}')

    assert done.returncode == 0
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("given", ["</dev/null", "<&-"])
def test_a_renewal_that_nobody_confirms_changes_nothing(one_guide, given):
    before = tree(one_guide)

    done = started("renew", "base-phone", "--content", str(one_guide), shell=f'"$@" {given}')

    assert_explained(done, 1, "Nothing was changed", "--yes")
    assert tree(one_guide) == before


@pytest.mark.parametrize("call", ["serve --port abc", "facts --within soon", "bench --guides many"])
def test_what_should_be_a_number_and_is_none_is_the_callers_fault(call):
    task, option, value = call.split()

    assert_explained(invoke(task, option, value), 2, f"is not a number. Give {option} one.")


@pytest.mark.parametrize("call", ["new guide neu", "new operator neu", "renew base-phone --yes"])
def test_a_content_folder_that_cannot_be_written_is_the_machines_fault(disk, call):
    content = write_content(disk("8m") / "content")
    assert run("mount", "-o", "remount,ro", content.parent).returncode == 0

    assert_explained(invoke(*call.split(), "--content", content), 3, "read-only")


def test_facts_of_one_page_are_renewed_together_and_those_of_two_are_not(tmp_path):
    content = write_content(tmp_path / "content")
    listed = invoke("facts", "--by-page", "--content", content).stdout.splitlines()
    pages = [line.split()[3:] for line in listed if "facts renew" in line]
    several = next(ids for ids in pages if len(ids) > 1)
    other = next(ids[0] for ids in pages if ids != several and several[0] not in ids)

    done = invoke("facts", "renew", *several, "--yes", "--content", content)
    refused = invoke("renew", several[0], other, "--yes", "--content", content)
    unknown = invoke("renew", "gone", "--content", content)

    assert done.returncode == 0, done.stderr
    assert f"{', '.join(several)}: checked live on" in done.stdout
    assert (content / "data/facts.toml").read_text("utf-8").count("live = true") >= len(several)
    assert_explained(refused, 2, "no page in common")
    assert_explained(unknown, 2, "There is no fact `gone`. ./inv facts lists them all.")
