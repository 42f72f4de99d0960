"""A host for a built site: its own headers, in any folder, and whatever a host can do wrong."""

from __future__ import annotations

import http.server
import sys
import threading
from pathlib import Path

WITHOUT_COPY = "delete Navigator.prototype.serviceWorker"
"""A script that lets a browser be one without service workers: every page then comes from the host, and every test
sees each request. What the worker does is the matter of test_offline.py."""


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
        """Begin to serve, after `close` at the same port again."""
        host = self

        class Handler(_Handler):
            def __init__(self, *args: object) -> None:
                self.host = host
                super().__init__(*args, directory=host.folder)

        self._server = _Server(("127.0.0.1", self._port), Handler)
        self.gone = threading.Event()
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def address(self) -> str:
        """Return the address of the home page."""
        return f"http://127.0.0.1:{self._port}{self.below}"

    def close(self) -> None:
        """Be gone: nobody answers at this port."""
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
        del self.headers[
            "If-Modified-Since"
        ]  # it knows seconds only, and a test changes a file twice within one
        if not self.path.startswith(self.host.below):
            self.send_error(404)
            return
        self.path = "/" + self.path.removeprefix(self.host.below)
        fault = self.host.faults.get(self.path.lstrip("/").split("?")[0])
        if fault:
            status, body = fault
            if not status:
                self.host.gone.wait(30)
                return
            self.send_response(status)
            self.send_header("Content-Type", self.guess_type(self.path))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        else:
            super().do_GET()

    def send_error(self, code: int, *args: object) -> None:
        """Send the site's 404 page, as hosts do."""
        body = (self.host.folder / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        for line in (self.host.folder / "_headers").read_text(encoding="utf-8").splitlines():
            if line.startswith("  "):
                self.send_header(*line.strip().split(": ", 1))
        super().end_headers()

    def log_message(self, *args: object) -> None:
        pass
