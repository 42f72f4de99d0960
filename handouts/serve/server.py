"""Run the process that builds, serve the site's files with a script added to each page, and send every change to open pages.

In: the content, a port. Out: the site on 127.0.0.1, which only this machine can reach, until Ctrl+C.
Server-sent events: https://html.spec.whatwg.org/#server-sent-events
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..content.files import require_folder
from ..errors import UsageError
from ..site.settings import UNREGISTER
from .rebuild import saves

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
"""Host names that are answered. A page that reaches us by another name may be an attack (DNS rebinding)."""
PREVIEW = "/-/"
"""First path segment of what the preview adds to the site."""
HEARTBEAT = 15.0
"""Seconds between two messages to a page; one that cannot be sent shows that the page is closed."""

SCRIPT = Path(__file__).with_name("reload.js")

SCRIPT_TAG = f'<script src="{PREVIEW}reload.js" data-run="{{run}}" data-version="{{version}}"></script>'
WAITING = "<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><body><p>{title}</p></body></html>"
CRASHED = "The process that builds crashed; the terminal shows why. Save a file to start it again."


class Hub:
    """The state of the preview; threads can wait for its next change."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {
            "run": f"{time.time_ns():x}",  # identifies this server: a page of an earlier one reloads
            "version": 0,
            "problems": [],
            "files": {},  # the version in which each file last changed; "" stands for all that pages share
        }
        """What a page receives; a change makes a new one."""
        self.ended = False
        self._digests: dict[str, str] = {}
        self._news = threading.Condition()

    def publish(self, answer: dict[str, Any]) -> None:
        """Take an answer of the builder and notify waiting threads."""
        state = {**self.state, "problems": answer["problems"]}
        if not answer["problems"]:
            state["version"] += 1
            state["files"] = dict(state["files"])
            for name, _ in answer["files"].items() ^ self._digests.items():
                of_all_pages = name.startswith(("theme/", "images/"))
                state["files"]["" if of_all_pages else name] = state["version"]
            self._digests = answer["files"]
        with self._news:
            self.state = state
            self._news.notify_all()

    def end(self) -> None:
        """Wake all waiting threads for the last time."""
        with self._news:
            self.ended = True
            self._news.notify_all()

    def wait(self, known: dict[str, Any] | None, seconds: float) -> dict[str, Any] | None:
        """Wait until the state differs from `known` and return it; None after this many seconds, or at the end."""
        with self._news:
            changed = self._news.wait_for(lambda: self.ended or self.state != known, seconds)
            return self.state if changed and not self.ended else None


class Handler(SimpleHTTPRequestHandler):
    """Serves the files of the site and those of the preview."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012  # as the base class has it
        **SimpleHTTPRequestHandler.extensions_map,
        "": "text/plain; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".txt": "text/plain; charset=utf-8",
        ".ics": "text/calendar; charset=utf-8",
    }

    def __init__(self, *args: Any, hub: Hub, **options: Any) -> None:
        self._hub = hub
        super().__init__(*args, **options)

    def do_GET(self) -> None:
        if self.headers.get("Host", "").rsplit(":", 1)[0] not in NAMES:
            refusal = b"This preview answers to 127.0.0.1 and localhost only."
            self._send(refusal, "text/plain", HTTPStatus.FORBIDDEN)
            return
        path = urlsplit(self.path).path
        if path == f"{PREVIEW}events":
            self._events()
        elif path == f"{PREVIEW}reload.js":
            self._send(SCRIPT.read_bytes(), "text/javascript; charset=utf-8")
        elif self.headers.get("Service-Worker") == "script":
            self._send(UNREGISTER.read_bytes(), "text/javascript; charset=utf-8")
        else:
            self._file(path)

    do_HEAD = do_GET  # noqa: N815  # the name that http.server calls

    def _file(self, path: str) -> None:
        """Send a file; a page gets the script."""
        state = self._hub.state  # first: a page may then be newer than its state, never older
        file = Path(self.translate_path(path))
        status = HTTPStatus.OK
        try:
            if file.is_dir():
                if not path.endswith("/"):
                    self._redirect(f"{path}/")
                    return
                file /= "index.html"
            content = file.read_bytes()
        except (OSError, ValueError):  # no such file, too long a name, a zero byte in it
            status = HTTPStatus.NOT_FOUND
            file = Path(self.directory) / "404.html"
            try:
                content = file.read_bytes()
            except OSError:  # before the first build that succeeds
                status = HTTPStatus.SERVICE_UNAVAILABLE
                failed = "To be corrected before there is a page:"
                title = failed if state["problems"] else "The first build is on its way."
                content = WAITING.format(title=title).encode()
        if file.suffix == ".html":
            script = SCRIPT_TAG.format(run=state["run"], version=state["version"])
            content = content.replace(b"</body>", f"{script}</body>".encode())
        self._send(content, self.guess_type(str(file)), status)

    def _redirect(self, to: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", "/" + to.lstrip("/"))  # //host would be another server
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _events(self) -> None:
        """Send every change to a page until it is closed."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        known = None
        while not self._hub.ended:
            state = self._hub.wait(known, HEARTBEAT)
            try:
                self.wfile.write(f"data: {json.dumps(state)}\n\n".encode() if state else b": still here\n\n")
                self.wfile.flush()
            except OSError:
                return
            known = state or known

    def log_message(self, *args: Any) -> None:
        """Log no requests: the terminal shows builds."""


class Server(ThreadingHTTPServer):
    """A server that ignores a browser that closed its connection."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def open_server(port: int, folder: Path, hub: Hub) -> Server:
    """Return a server that listens on the port; UsageError if it cannot."""
    if not 0 <= port <= 65535:  # noqa: PLR2004  # 16 bits
        raise UsageError(f"{port} is not a port. Give --port a number from 1024 to 65535.")
    try:
        return Server((HOST, port), partial(Handler, hub=hub, directory=str(folder)))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = "is taken, perhaps by another ./inv serve"
        elif error.errno == errno.EACCES:
            reason = "is for the system only"
        else:
            raise
        raise UsageError(f"Port {port} {reason}. Give --port another number.") from error


def serve(*, root: Path, content: Path, port: int) -> None:
    """Build and show the site until Ctrl+C."""
    require_folder(content)
    hub = Hub()
    with tempfile.TemporaryDirectory(prefix="serve-") as folder:
        site = Path(folder) / "site"
        with open_server(port, site, hub) as server:
            threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
            try:
                print(f"http://{HOST}:{server.server_port}/ (Ctrl+C ends it)", flush=True)
                while True:
                    if _build_until_code_changes(root, content, site, hub):
                        hub.publish({"problems": [CRASHED]})
                        next(islice(saves(root, content), 1, None), None)  # the first comes at once
            except KeyboardInterrupt:
                print("Stopped.")
            finally:
                hub.end()
                server.shutdown()


def _build_until_code_changes(root: Path, content: Path, site: Path, hub: Hub) -> int:
    """Run the process that builds, and pass on its answers; return its exit code."""
    process = subprocess.Popen(
        [sys.executable, "-m", "handouts.serve.rebuild", *map(str, (root, content, site))],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])},
        stdout=subprocess.PIPE,
        start_new_session=True,  # it gets no Ctrl+C from the terminal
    )
    with process:
        try:
            for line in process.stdout or ():
                answer = json.loads(line)
                problems = answer["problems"]
                if not problems:
                    print(answer["made"], flush=True)
                elif problems != hub.state["problems"]:
                    print("\n".join(problems), file=sys.stderr, flush=True)
                hub.publish(answer)
            return process.wait()
        except BaseException:
            process.kill()  # it writes only to the preview's own folder and, whole files at a time, to the cache
            raise
