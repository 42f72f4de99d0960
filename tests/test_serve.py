"""The preview: what it hands out, what it tells open pages, and that a warm build equals a cold one."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import pytest

from handouts.cache.memoize import memoizing
from handouts.commands.build import build
from handouts.serve import rebuild as warm
from handouts.serve.server import Hub, open_server
from handouts.sheets.jobs import STAGES
from handouts.sheets.printer import PreviewState
from tests.build_tools import (
    FRONT,
    ROOT,
    assert_explained,
    copy_of_the_project,
    differing,
    edit,
    guide_text,
    invoke,
    invoke_command,
    tree,
    write_content,
)

SLUG = FRONT["slug"]


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    (folder / "prepaid").mkdir(parents=True)
    (folder / "prepaid/index.html").write_text("<html><body><p>页</p></body></html>", "utf-8")
    (folder / "404.html").write_text("<body>not here</body>")
    (folder / "style.css").write_text("p {}")
    (tmp_path / "secret").write_text("secret")
    return folder


@pytest.fixture
def ask(site, hub) -> Iterator[Callable[..., tuple[int, dict, bytes]]]:
    """A running server: ask it for a path, get status, headers and body."""
    with open_server(0, site, hub) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()

        def ask(path: str, **headers: str) -> tuple[int, dict, bytes]:
            with closing(http.client.HTTPConnection("127.0.0.1", ask.port, timeout=20)) as connection:
                connection.request(
                    "GET", path, headers={key.replace("_", "-"): one for key, one in headers.items()}
                )
                answer = connection.getresponse()
                return answer.status, dict(answer.getheaders()), answer.read()

        ask.port = server.server_port
        yield ask
        hub.end()
        server.shutdown()


def test_a_page_gets_the_script_and_a_style_sheet_nothing(ask, site):
    status, headers, page = ask("/prepaid/")

    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert page.count(b'<script src="/-/reload.js"') == 1
    assert page.endswith(b"></script></body></html>")
    assert ask("/style.css")[2] == b"p {}"
    assert b"reload.js" not in (site / "prepaid/index.html").read_bytes()


@pytest.mark.parametrize(
    "path",
    ["/nothing/", "/empty/", "/a%00b", "/" + "a" * 5000, "/%ff%fe", "/" + "a/" * 3000],
    ids=lambda path: path[:9],
)
def test_what_is_not_there_is_the_sites_own_404_and_no_folder_is_listed(ask, site, path):
    """Nor is a path that no disk can hold."""
    (site / "empty").mkdir()

    status, _, page = ask(path)

    assert status == 404
    assert b"not here" in page
    assert b"reload.js" in page


@pytest.mark.parametrize(
    "path",
    ["/../secret", "/%2e%2e/secret", "/prepaid/..%2f..%2fsecret", "//secret", "/..%5csecret", "/prepaid"],
)
def test_nothing_outside_the_site_is_handed_out_and_a_folder_is_shown_with_its_slash(ask, path):
    status, headers, page = ask(path)

    assert status in (301, 404)
    assert b"secret" not in page
    assert not headers.get("Location", "/").startswith("//")
    assert (headers.get("Location") == "/prepaid/") == (path == "/prepaid")


@pytest.mark.parametrize("name", ["evil.example", "evil.example:80", "127.0.0.1.evil.example"])
def test_another_name_that_leads_here_is_refused(ask, name):
    assert ask("/prepaid/", Host=name)[0] == 403


def test_a_service_worker_is_sent_to_sleep(ask, site):
    (site / "sw.js").write_text("keep everything")

    assert b"unregister" in ask("/sw.js", Service_Worker="script")[2]
    assert ask("/sw.js")[2] == b"keep everything"


def test_before_the_first_build_there_is_a_page_that_reloads(ask, site):
    shutil.rmtree(site)

    status, _, page = ask("/")

    assert status == 503
    assert b"The first build is on its way" in page
    assert b"reload.js" in page


def test_a_port_that_is_taken_is_a_sentence_and_exit_2():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert_explained(invoke("serve", "--port", str(other.getsockname()[1])), 2, "is taken")


WRONG = "content/a.md:1: This is wrong."
NEWS = (
    # what the builder answers, and what an open page hears then: version, problems, the files that changed with it
    ({"problems": [], "files": {"a.html": "1", "handouts/a.pdf": "1"}}, 1, [], {"a.html": 1, "handouts/a.pdf": 1}),
    ({"problems": [WRONG]}, 1, [WRONG], {"a.html": 1, "handouts/a.pdf": 1}),
    ({"problems": [], "files": {"a.html": "1", "a/sheet.png": "1"}}, 2, [], {"a.html": 1, "handouts/a.pdf": 2, "a/sheet.png": 2}),
    ({"problems": [], "files": {"theme/css/a.css": "1", "images/a.png": "1"}}, 3, [], {"a.html": 3, "handouts/a.pdf": 2, "a/sheet.png": 3, "": 3}),
)  # fmt: skip


def test_an_open_page_hears_of_every_change(ask, hub):
    """What pages show changes every page, what they link to none; a mistake leaves the last good version."""
    hub.publish(NEWS[0][0])
    with closing(http.client.HTTPConnection("127.0.0.1", ask.port, timeout=20)) as connection:
        connection.request("GET", "/-/events")
        events = connection.getresponse()
        assert events.headers["Content-Type"] == "text/event-stream"
        for number, (answer, *heard) in enumerate(NEWS):
            if number:
                hub.publish(answer)
            state = json.loads(events.readline()[6:])
            assert [state[key] for key in ("version", "problems", "files")] == heard
            events.readline()


@pytest.mark.thorough
def test_a_warm_build_equals_a_cold_one_after_every_change(tmp_path):
    content = write_content(tmp_path / "content", guide_text(cards="prepaid"))
    guide, other, facts = (
        content / name for name in (f"guides/{SLUG}.md", "guides/other.md", "data/facts.toml")
    )
    last = PreviewState()
    changes = (
        lambda: None,
        lambda: guide.write_text(guide_text(cards="prepaid", answer="**先看，再停。**"), "utf-8"),
        lambda: other.write_text(guide_text(cards="prepaid", slug="other", order="2"), "utf-8"),
        lambda: [
            other.unlink(),
            facts.write_text(facts.read_text("utf-8").replace('value = "€', 'value = "€1', 1), "utf-8"),
        ],
        lambda: edit(content / "data/ui.toml", 'name = "比利时销卡指南"', 'name = "比国停卡手册"'),
    )

    with memoizing():
        for change in changes:
            change()
            for last.stage in STAGES:
                assert warm.answer(ROOT, content, tmp_path / "warm", last)["problems"] == []
            build(root=ROOT, content=content, output=tmp_path / "cold")
            assert differing(tree(tmp_path / "warm"), tree(tmp_path / "cold")) == []


@contextmanager
def running(
    command: list[str], project: Path, errors: int = subprocess.PIPE, **env: str
) -> Iterator[subprocess.Popen]:
    """Run a preview until the end of the block, then stop it as Ctrl+C does; kill what hangs."""
    env = os.environ | env
    with subprocess.Popen(
        command, cwd=project, env=env, stdout=subprocess.PIPE, stderr=errors, text=True
    ) as process:
        watchdog = threading.Timer(300, process.kill)
        watchdog.start()
        try:
            yield process
            process.send_signal(signal.SIGINT)
            process.wait(60)
        finally:
            process.kill()
            watchdog.cancel()


@pytest.mark.thorough
def test_a_save_shows_a_mistake_shows_and_ctrl_c_ends_it(tmp_path):
    content = write_content(tmp_path / "content")
    guide = content / f"guides/{SLUG}.md"
    with running(invoke_command("serve", "--port", "0", "--content", content), ROOT) as process:
        port = int(process.stdout.readline().split("/")[2].split(":")[1])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        connection.request("GET", "/-/events")
        events = connection.getresponse()

        def until(claim) -> dict:
            for line in islice(events, 60):  # a sign of life every 15 seconds: no endless wait
                if line.startswith(b"data: ") and claim(state := json.loads(line[6:])):
                    return state
            raise AssertionError("The preview never told")

        first = until(lambda state: state["version"] or state["problems"])
        assert first["problems"] == []
        guide.write_text(guide_text(title="另一个标题"), "utf-8")
        assert until(lambda state: state["version"] > first["version"])["files"][f"{SLUG}/index.html"] > 1
        guide.write_text(guide_text(answer="没有结论。"), "utf-8")
        assert f"guides/{SLUG}.md:" in until(lambda state: state["problems"])["problems"][0]
        guide.rename(guide.with_name("moved.md"))
        guide.with_name("moved.md").write_text(guide_text(), "utf-8")
        good = until(lambda state: not state["problems"])
        guide.with_name("new.md").write_text(guide_text(slug="new", order="2"), "utf-8")
        assert until(lambda state: state["version"] > good["version"])["files"]["new/index.html"]
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        connection.close()
        said = process.stderr.read()
    assert "Traceback" not in said
    assert said.count(f"guides/{SLUG}.md:") == 1


def saved_by_rename(path: Path, text: str) -> None:
    """Save as many editors do: write another file, then rename it."""
    new = path.with_name("new-of-the-editor")
    new.write_text(text, "utf-8")
    new.replace(path)


@pytest.mark.thorough
def test_settings_saved_by_rename_and_content_replaced_as_a_whole_are_seen_every_time(tmp_path):
    project = copy_of_the_project(tmp_path / "project")
    content = write_content(project / "content")
    other = shutil.copytree(content, project / "other")
    (other / f"guides/{SLUG}.md").write_text(guide_text(title="另一个标题"), "utf-8")
    settings = (project / "pelicanconf.py").read_text("utf-8")
    command = [sys.executable, "-m", "invoke", "serve", "--port", "0"]
    with running(command, project, subprocess.STDOUT) as process:

        def until_built() -> None:
            assert any(" pages and " in line for line in process.stdout), "the preview ended"

        port = process.stdout.readline().split("/")[2].split(":")[1]
        until_built()
        for name in ("one", "two", "three"):
            time.sleep(2)  # the further builds of the same save
            address = f"https://{name}.example/report"
            changed = settings.replace('REPORT_URL = ""', f'REPORT_URL = "{address}"')
            saved_by_rename(project / "pelicanconf.py", changed)
            while address.encode() not in page(port):
                until_built()
        time.sleep(2)
        content.rename(project / "old")
        other.rename(content)
        while "另一个标题".encode() not in page(port):
            until_built()


def page(port: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
        return answer.read()


@pytest.mark.thorough
def test_pelican_builds_again_at_every_save_and_waits_while_something_is_wrong(tmp_path):
    project = copy_of_the_project(tmp_path / "project")
    guide = write_content(project / "content") / f"guides/{SLUG}.md"
    command = [sys.executable, "-m", "pelican", "--autoreload"]
    said: list[str] = []
    with running(command, project, subprocess.STDOUT, PYTHONPATH=".") as process:
        listening = threading.Thread(target=lambda: said.extend(process.stdout))
        listening.start()

        def until(text: str) -> None:
            """Save until it shows: Pelican starts to watch some time after a run."""
            for _ in range(60):
                guide.write_text(text, "utf-8")
                time.sleep(1)
                if (project / "output/index.html").is_file() and shown(text):
                    return
            raise AssertionError("".join(said))

        def shown(text: str) -> bool:
            home = (project / "output/index.html").read_text("utf-8")
            return any(word in home and word in text for word in ("第一句", "第二句", "第三句"))

        until(guide_text(title="第一句"))
        until(guide_text(title="第二句"))
        for _ in range(5):
            guide.write_text(guide_text(answer="没有结论。"), "utf-8")
            time.sleep(1)
        until(guide_text(title="第三句"))
    listening.join()
    named = [line for line in said if f"guides/{SLUG}.md:" in line and "Modified" not in line]
    assert 1 <= len(named) <= 12, "".join(said)
