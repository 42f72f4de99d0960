"""Several processes at work: the order of results, and what Ctrl+C leaves."""

import os
import pty
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from handouts.sheets.pool import WORTH_A_POOL, Crew
from tests.build_tools import HAN, ROOT, guide_text, invoke_command, tree, write_content

WORK = """
import os, signal, sys, time
from handouts.sheets.pool import Crew
def nap(seconds): os.write(1, b"%d\\n" % os.getpid()); time.sleep(seconds)
with Crew(4, ()) as crew:
    pieces = [crew.hand(str(n), nap, 60) for n in range(4)]
    pieces[0].result()
"""
"""A program whose workers would sleep for a minute, each naming itself first."""


def double(tool: int, number: int) -> tuple[int, int, int]:
    return tool, 2 * number, os.getpid()


@pytest.mark.parametrize("pieces", [1, WORTH_A_POOL, 20])
def test_results_come_in_any_order_they_are_asked_for(pieces, capfd):
    with Crew(pieces, (7,)) as crew:
        given = [crew.hand(str(number), double, number) for number in range(pieces)]
        results = [one.result() for one in reversed(given)]

    assert [result[:2] for result in reversed(results)] == [(7, 2 * number) for number in range(pieces)]
    assert (os.getpid() in {result[2] for result in results}) == (
        pieces < WORTH_A_POOL or os.cpu_count() == 1
    )


def test_a_fault_in_a_worker_is_a_fault_of_the_build():
    with pytest.raises(TypeError), Crew(WORTH_A_POOL, ()) as crew:
        crew.hand("odd", double, 1).result()


def runs(process: int) -> bool:
    """Tell whether a process still works; one that ended may wait for init to take note."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL"])
def test_when_a_build_ends_its_workers_end_at_once(how):
    with subprocess.Popen(
        [sys.executable, "-c", WORK], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        workers = [int(process.stdout.readline()) for _ in range(min(2, os.cpu_count() or 1))]
        process.send_signal(getattr(signal, how))
        process.wait(20)
        for _ in range(100):
            left = [worker for worker in workers if runs(worker)]
            if not left:
                break
            time.sleep(0.05)

    assert left == []


def test_ctrl_c_on_a_terminal_ends_a_build_and_leaves_the_old_output(tmp_path):
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
        os.execv(command[0], command)  # the child is the build, with the terminal as its own
    said = b""
    while b"Printed 1 of" not in said:
        said += os.read(terminal, 4096)
    os.write(terminal, b"\x03")
    _, status = os.waitpid(child, 0)
    os.close(terminal)

    assert os.waitstatus_to_exitcode(status) == 130
    assert tree(output) == before
