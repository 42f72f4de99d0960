"""Serve the site's files, with a script added to each page, and send every change to open pages.

In: a port, the folder of the site, the result of each build. Out: a server that only this machine can reach.
Server-sent events: https://html.spec.whatwg.org/#server-sent-events
"""

from __future__ import annotations

import errno
import json
import sys
import threading
import time
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..errors import UsageError
from ..site.settings import UNREGISTER

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
RUNNING, FAILED = "The first build is on its way.", "To be corrected before there is a page:"


class Hub:
    """The state of the preview; threads can wait for its next change."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._run = f"{time.time_ns():x}"
        """Identifies this server: a page of an earlier server reloads."""
        self._version = 0
        self._digests: dict[str, str] = {}
        self._changed: dict[str, int] = {}
        """The version in which each file last changed; "" stands for all that pages share."""
        self._problems: list[str] = []
        self.ended = False

    def publish(self, answer: dict[str, Any]) -> None:
        """Take an answer of the builder and notify waiting threads."""
        with self._news:
            self._problems = answer["problems"]
            if not self._problems:
                self._version += 1
                files = answer["files"]
                for name in files.keys() | self._digests.keys():
                    if files.get(name) != self._digests.get(name):
                        of_all_pages = name.startswith(("theme/", "images/"))
                        self._changed["" if of_all_pages else name] = self._version
                self._digests = files
            self._news.notify_all()

    def end(self) -> None:
        """Wake all waiting threads for the last time."""
        with self._news:
            self.ended = True
            self._news.notify_all()

    def state(self) -> dict[str, Any]:
        """Return the state as a page receives it."""
        with self._news:
            files = dict(self._changed)  # a copy: the page reads it outside the lock
            return {"run": self._run, "version": self._version, "problems": self._problems, "files": files}

    def wait(self, known: dict[str, Any] | None, seconds: float) -> dict[str, Any] | None:
        """Wait until the state differs from `known` and return it; None after so many seconds, or at the end."""

        def changed() -> bool:
            state = (self._version, self._problems)
            return self.ended or known is None or (known["version"], known["problems"]) != state

        with self._news:
            if not self._news.wait_for(changed, seconds) or self.ended:
                return None
            return self.state()


class Handler(SimpleHTTPRequestHandler):
    """Serves the files of the site and those of the preview."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012  # as the base class has it
        **SimpleHTTPRequestHandler.extensions_map,
        "": "text/plain; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".xml": "application/xml; charset=utf-8",
        ".txt": "text/plain; charset=utf-8",
        ".ics": "text/calendar; charset=utf-8",
        ".webmanifest": "application/manifest+json",
    }

    def __init__(self, *args: Any, hub: Hub, **options: Any) -> None:
        self._hub = hub
        super().__init__(*args, **options)

    def do_GET(self) -> None:
        """Answer a request."""
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
        state = self._hub.state()  # first: a page may then be newer than its state, never older
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
                content = WAITING.format(title=FAILED if state["problems"] else RUNNING).encode()
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
