"""Several processes at work: what is left of them when the first one ends. A worker that is killed: test_faults.py."""

import os
import pty
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.build_tools import HAN, ROOT, guide_text, invoke_command, tree, write_content

WORK = """
import os, time
from handouts.sheets import pool
pool.workers = lambda items: 2
def nap(seconds): os.write(1, b"%d\\n" % os.getpid()); time.sleep(seconds)
list(pool.run(nap, [60] * 4))
"""
"""A program whose workers would sleep for a minute, each naming itself first."""


def runs(process: int) -> bool:
    """Tell whether a process still works; one that ended may wait for init to take note."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="there are no workers")
@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL"])
def test_when_a_build_ends_its_workers_end_at_once(how):
    command = [sys.executable, "-c", WORK]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        workers = [int(process.stdout.readline()) for _ in range(2)]
        process.send_signal(getattr(signal, how))
        process.wait(60)
        deadline = time.monotonic() + 30
        while any(map(runs, workers)) and time.monotonic() < deadline:
            time.sleep(0.05)

    assert not any(map(runs, workers))


def test_ctrl_c_on_a_terminal_ends_a_build_and_leaves_the_old_output(tmp_path):
    """The terminal says how far it is."""
    # Words that no run had before: what is in the cache would not be printed.
    guide = guide_text(cards="prepaid", who="".join(random.choices(HAN, k=12)) + "的人")
    content, output = write_content(tmp_path / "content", guide), tmp_path / "site"
    (output / "handouts").mkdir(parents=True)
    (output / "handouts.json").write_text("{}")
    (output / "index.html").write_text("old")
    before = tree(output)
    command = invoke_command("build", "--content", content, "--output", output)
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm"
        os.execv(command[0], command)  # the child is the build, with the terminal as its own
    said = b""
    while not re.search(rb"Printed [1-9]", said):
        said += os.read(terminal, 4096)
    os.write(terminal, b"\x03")
    _, status = os.waitpid(child, 0)
    os.close(terminal)

    assert os.waitstatus_to_exitcode(status) == 130
    assert tree(output) == before
