"""`./inv` on machines that are not this one: the real script, with fakes (tests/machine) of all that changes a machine."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LONG = 120
"""Seconds after which a command hangs; a busy machine may take a while."""

LOCKS = ("requirements", "requirements-test", "requirements-audit")
REAL_TOOLS = [
    "awk", "cat", "chmod", "cksum", "cp", "df", "env", "grep", "mkdir", "readlink", "rm", "sh", "sleep", "tail",
]  # fmt: skip


class Machine:
    """A folder with the project in it, and a PATH."""

    def __init__(self, folder: Path):
        self.bin = folder / "bin"
        self.bin.mkdir(parents=True)
        self.project = folder / "a project"
        self.project.mkdir()
        self.venv = self.project / ".venv"
        self._calls = folder / "calls"
        fakes = str(self.bin)
        self.env = {"PATH": fakes, "CALLS": str(self._calls), "FAKES": fakes, "REAL_PYTHON": sys.executable}
        for tool in REAL_TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        for fake in (ROOT / "tests/machine").iterdir():
            shutil.copy(fake, self.bin)
        shutil.copy(ROOT / "inv", self.project)
        (self.project / "audit").mkdir()
        for lock in (*(f"{name}.lock" for name in LOCKS), "audit/package-lock.json"):
            (self.project / lock).write_text(lock)

    def has(self, name: str, text: str) -> None:
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def lacks(self, name: str) -> None:
        (self.bin / name).unlink()

    def start(self, *arguments: str, inv: Path | None = None, cwd: Path | None = None, **env: str):
        return subprocess.Popen(
            [inv or self.project / "inv", *arguments],
            cwd=cwd or self.project,
            env=self.env | env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # no terminal to ask for a password, and a group to interrupt
        )

    def inv(self, *arguments: str, **options) -> subprocess.CompletedProcess:
        process = self.start(*arguments, **options)
        out, err = process.communicate(timeout=LONG)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def start_and_wait_for_pip(self) -> subprocess.Popen:
        """Start a set-up that goes on once there is a file `go on`."""
        process = self.start("build", PIP_WAITS_FOR=str(self.bin / "go on"))
        while " pip install " not in self._calls_so_far():
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
        return process

    def calls(self) -> list[str]:
        calls = self._calls_so_far().splitlines()
        self._calls.unlink(missing_ok=True)
        return calls

    def _calls_so_far(self) -> str:
        return self._calls.read_text() if self._calls.exists() else ""

    def installed(self) -> list[str]:
        """The lock files that pip was given since the last look."""
        return [Path(call.split()[-1]).name for call in self.calls() if " pip install " in call]


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.fixture
def ready(machine):
    machine.inv("build")
    machine.calls()
    return machine


def test_an_environment_that_belongs_to_another_folder_is_left_alone(machine, tmp_path):
    """`venv --clear` empties what a link leads to."""
    other = tmp_path / "other/.venv"
    other.mkdir(parents=True)
    (other / "pyvenv.cfg").touch()
    machine.venv.symlink_to(other)

    done = machine.inv("build")

    assert done.returncode == 3
    said = "is a link, and set-up would empty the folder it leads to. Delete the link, then run ./inv again."
    assert done.stderr == f"inv: {machine.venv} {said}\n"
    assert (other / "pyvenv.cfg").is_file()


def test_arguments_reach_invoke_as_they_were_given_in_the_folder_of_the_caller(ready, tmp_path):
    """Through links to the script, too."""
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    (tmp_path / "first").symlink_to("a project/inv")
    (tmp_path / "second").symlink_to(tmp_path / "first")

    for script in (None, tmp_path / "second"):
        done = ready.inv("build", "two words", "", "*", "$HOME", inv=script, cwd=elsewhere)
        assert done.stdout == f"<build><two words><><*><$HOME> in {elsewhere}"
        assert done.stderr == ""
    assert ready.calls() == []


def test_first_call_prepares_and_then_runs(machine):
    """Pip takes only ready-made files with known hashes."""
    done = machine.inv("build")

    assert done.stdout.startswith("<build>")
    assert "making .venv" in done.stderr
    [pip] = [call for call in machine.calls() if " pip install " in call]
    assert pip.endswith("/requirements.lock")
    assert "--require-hashes" in pip
    assert "--only-binary :all:" in pip


STALE = {
    "another lock": lambda one: (one.project / "requirements.lock").write_text("three\n"),
    "interrupted": lambda one: (one.venv / ".ready").unlink(),
    "python gone": lambda one: (one.venv / "bin/python").unlink(),
    "moved": lambda one: setattr(one, "project", one.project.rename(one.project.with_name("moved"))),
}


@pytest.mark.parametrize("change", STALE.values(), ids=STALE)
def test_stale_set_up_is_done_again(ready, change):
    change(ready)

    assert ready.inv("build").stdout.startswith("<build>")
    assert ready.installed() == ["requirements.lock"]
    ready.inv("build")
    assert ready.calls() == []


def test_only_tests_get_what_tests_need(ready):
    """And a browser where the system has none."""
    ready.lacks("chromium-headless-shell")
    ready.inv("build")
    assert ready.calls() == []

    ready.inv("test")
    calls = ready.calls()
    assert [call.split("/")[-1] for call in calls if " pip install " in call] == ["requirements-test.lock"]
    assert any("playwright install --with-deps chromium" in call for call in calls)
    ready.inv("test")
    assert ready.installed() == []


@pytest.mark.parametrize("call", [["audit"], ["test", "--thorough"], ["test", "-t"]], ids=" ".join)
def test_only_the_audit_gets_what_the_audit_needs(ready, call):
    ready.inv(*call)
    *pip, npm = [one for one in ready.calls() if " pip install " in one or one.startswith("node")]
    assert [one.split("/")[-1] for one in pip] == ["requirements-test.lock", "requirements-audit.lock"]
    assert npm.split("npm-cli.js ")[1].startswith(f"ci --prefix {ready.project}/audit --ignore-scripts")

    ready.inv(*call)
    ready.inv("test")
    assert ready.calls() == []


def test_no_python_is_one_sentence(machine):
    """A name that leads nowhere is passed over."""
    machine.has("python3.13", "#!/bin/sh\necho 'no such version' >&2\nexit 127\n")
    assert machine.inv("build").stderr.count("no such version") == 0

    machine.lacks("python3.11")
    shutil.rmtree(machine.venv)
    done = machine.inv("build")

    assert done.returncode == 3
    assert re.fullmatch(r"inv: .*Python 3\.11 or later.*\n", done.stderr)
    assert not machine.venv.exists()


def test_activated_environment_is_not_remade_with_itself(ready):
    (ready.project / "requirements.lock").write_text("three\n")
    (ready.venv / "bin/python3.14").write_text("#!/bin/sh\necho 'the wrong one' >>\"$CALLS\"\n")
    (ready.venv / "bin/python3.14").chmod(0o755)

    ready.inv("build", PATH=f"{ready.venv}/bin:{ready.bin}")

    assert "the wrong one" not in ready.calls()


def test_root_installs_what_is_missing_and_nothing_else(machine):
    """Debian's Python without venv gets it; what apt does not know is left out."""
    venv = f"python3.{sys.version_info.minor}-venv"
    missing = f"fontconfig fonts-noto-cjk libharfbuzz-subset0 {venv}"
    done = machine.inv("build", NO_VENV="1", NOT_INSTALLED=missing, UNKNOWN="libharfbuzz-subset0")

    update, install = [call for call in machine.calls() if call.startswith("apt-get")]
    assert update == "apt-get update"
    assert install.endswith(f" install -y --no-install-recommends fontconfig fonts-noto-cjk {venv}")
    assert "apt has no libharfbuzz-subset0" in done.stderr
    assert done.returncode == 0


APT = "sudo apt-get update && sudo apt-get install -y --no-install-recommends fontconfig fonts-noto-cjk"
OTHERS = {
    "no sudo": ({"id": "echo 1000"}, APT),
    "a sudo that wants a password": ({"id": "echo 1000", "sudo": "exit 1"}, APT),
    "macOS": (
        {
            "uname": "echo Darwin",
            "brew": 'case "$*" in "list pango" | "list font-noto-sans") ;; *) false ;; esac',
        },
        "brew install font-noto-sans-cjk",
    ),
}


@pytest.mark.parametrize(("tools", "line"), OTHERS.values(), ids=OTHERS)
def test_where_it_may_not_install_the_line_to_run_is_printed(machine, tools, line):
    for name, does in tools.items():
        machine.has(name, f"#!/bin/sh\n{does}\n")

    done = machine.inv("build", NOT_INSTALLED="fontconfig fonts-noto-cjk")

    assert done.returncode == 3
    assert done.stderr.splitlines()[1:] == [f"  {line}"]
    assert not machine.venv.exists()


@pytest.mark.parametrize(
    ("call", "says", "reason"),
    [
        ("build", "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "wrong hash"),
        ("build", "WARNING: Retrying after connection broken by 'NewConnectionError(…)'", "network"),
        ("build", "OSError: [Errno 28] No space left on device", "disk is full"),
        ("build", "ERROR: No matching distribution found for segno==1.6.6", "no ready-made package"),
        ("build", "ERROR: something else", "lines above"),
        ("audit", "npm error code EINTEGRITY", "wrong hash"),
        ("audit", "npm error code ENOTFOUND", "network"),
        ("audit", "npm error", "lines above"),
    ],
)
def test_failure_shows_the_end_of_the_log_and_then_says_why(machine, call, says, reason):
    log = "\n".join((*(f"line {number}" for number in range(100)), says))

    fails = {"build": {"PIP_SAYS": log, "PIP_EXITS": "1"}, "audit": {"NPM_SAYS": log}}
    done = machine.inv(call, **fails[call])

    assert done.returncode == 3
    *tail, sentence = done.stderr.splitlines()
    assert tail[-20:] == log.splitlines()[-20:]
    assert "line 80" not in done.stderr
    assert reason in sentence
    assert machine.inv(call).stdout.startswith(f"<{call}>")


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_a_set_up_that_was_ended_is_done_by_the_next_call(machine, sign):
    """Killed outright, it says nothing, and leaves no lock."""
    process = machine.start_and_wait_for_pip()
    os.killpg(process.pid, sign)
    out, err = process.communicate(timeout=LONG)

    assert out == ""
    if sign == signal.SIGINT:
        assert process.returncode == 3
        assert err.splitlines()[1:] == ["inv: set-up interrupted. The next ./inv starts it over."]
    machine.calls()
    assert machine.inv("build").stdout.startswith("<build>")
    assert machine.installed() == ["requirements.lock"]


def test_two_calls_at_once_prepare_once(machine):
    first = machine.start_and_wait_for_pip()
    second = machine.start("build")
    said = second.stderr.readline()
    machine.has("go on", "")
    first.communicate(timeout=LONG)
    out, _ = second.communicate(timeout=LONG)

    assert "waiting for it" in said
    assert out.startswith("<build>")
    assert machine.installed() == ["requirements.lock"]


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w-]+)==([\w.]+)", (ROOT / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_every_wish_with_hashes_and_names_no_registry(name):
    lock = (ROOT / f"{name}.lock").read_text()

    assert pins(f"{name}.in").items() <= pins(f"{name}.lock").items()
    assert "://" not in lock
    for requirement in re.split(r"\n(?=\S)", lock.strip()):
        assert "--hash=sha256:" in requirement, requirement


def test_github_installs_on_macos_what_inv_asks_for_there():
    asked = re.search(r"(?m)^brew='(.*)'", (ROOT / "inv").read_text())[1]
    installed = re.search(r"brew install ([^#\n]*)", (ROOT / ".github/workflows/tests.yml").read_text())[1]

    assert asked.split() == installed.split()


@pytest.mark.parametrize(
    "workflow", sorted((ROOT / ".github/workflows").iterdir()), ids=lambda file: file.name
)
def test_every_action_is_pinned_by_digest_and_may_write_nothing_by_default(workflow):
    text = workflow.read_text()
    used = re.findall(r"uses: (\S+)(.*)", text)

    assert used
    for action, comment in used:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action
    assert re.search(r"^permissions:\n  contents: read$", text, re.MULTILINE)
