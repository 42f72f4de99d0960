"""What the tests in a browser share: scripts for pages, visits, and a host for a built site.

The host has the site's own headers, in any folder, and does whatever a host can do wrong.
"""

from __future__ import annotations

import http.server
import sys
import threading
from functools import partial
from pathlib import Path

from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}
NOW = "2027-02-01T09:00:00"
"""A Monday: what the reader's clock says."""
WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile MicroMessenger/8.0.49"
WITHOUT_COPY = "delete Navigator.prototype.serviceWorker"
"""A script that lets a browser be one without service workers: every page then comes from the host, and every test
sees each request. What the worker does is the matter of test_offline.py."""


def script(name: str) -> str:
    return (Path(__file__).parent / f"browser/{name}.js").read_text("utf-8")


class Visit:
    """What one page asks for and says, until its scripts have run."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.said: list[str] = []
        self._open = 0
        page.on("console", lambda one: self.said.extend([one.text] * (one.type in ("error", "warning"))))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self._begun(request.url))
        page.on("requestfinished", lambda _: self._ended())
        page.on("requestfailed", lambda _: self._ended())

    def _begun(self, url: str) -> None:
        self.asked.append(url)
        self._open += 1

    def _ended(self) -> None:
        self._open -= 1

    def settle(self) -> None:
        """Wait until every script that was asked for, by a page or by a script, has run, and all files are there."""
        seen = -1
        while self._open or seen != len(self.asked):
            seen = len(self.asked)
            self.page.evaluate(script("settled"), sorted({url for url in self.asked if url.endswith(".js")}))


VISITS: dict[Page, Visit] = {}
"""The visits of the pages that a test has open."""


def reload(page: Page, address: str = "") -> None:
    """Load a page anew, or another in its place, and wait until its scripts have run."""
    page.goto(address) if address else page.reload()
    VISITS[page].settle()


class Host:
    """Serves a folder at a free port until it is closed."""

    def __init__(self, folder: Path, below: str = "/") -> None:
        self.folder = folder
        self.below = below
        """Where the site begins: `/` or, as on GitHub Pages, `/name/`."""
        self.faults: dict[str, tuple[int, bytes]] = {}
        """By file name: a status and a body to send instead; the status 0 sends nothing for as long as the host is open."""
        self.asked: list[str] = []
        self._port = 0
        self.open()

    def open(self) -> None:
        handler = type("Handler", (_Handler,), {"host": self})
        self._server = _Server(("127.0.0.1", self._port), partial(handler, directory=self.folder))
        self.gone = threading.Event()
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}{self.below}"

    def close(self) -> None:
        self.gone.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *request: object) -> None:
        """Say nothing of a browser that left before it had all."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(*request)


class _Handler(http.server.SimpleHTTPRequestHandler):
    host: Host

    def do_GET(self) -> None:
        self.host.asked.append(self.path)
        del self.headers["If-Modified-Since"]  # in seconds; a test changes a file twice within one
        if not self.path.startswith(self.host.below):
            self.send_error(404)
            return
        self.path = "/" + self.path.removeprefix(self.host.below)
        fault = self.host.faults.get(self.path.lstrip("/").split("?")[0])
        if fault:
            if not fault[0]:
                self.host.gone.wait(30)
                return
            self._send(*fault, self.guess_type(self.path))
        else:
            super().do_GET()

    def send_error(self, code: int, *args: object) -> None:
        self._send(code, (self.host.folder / "404.html").read_bytes(), "text/html; charset=utf-8")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        for line in (self.host.folder / "_headers").read_text("utf-8").splitlines():
            if line.startswith("  "):
                self.send_header(*line.strip().split(": ", 1))
        super().end_headers()

    def log_message(self, *args: object) -> None:
        pass
