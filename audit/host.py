"""The built site on 127.0.0.1 as its host serves it: the headers of its _headers, compressed, 404.html.

The form of _headers is that of Cloudflare Pages and Netlify (https://developers.cloudflare.com/pages/configuration/headers/):
a path in which * is anything, and below it, indented, `Name: value`.
"""

from __future__ import annotations

import contextlib
import gzip
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMPRESSED = ("text/", "application/json", "application/manifest+json", "application/xml", "image/svg+xml")
KINDS = {
    ".js": "text/javascript; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".ics": "text/calendar",
}


@contextlib.contextmanager
def serving(site: Path) -> Iterator[str]:
    """Serve a folder on a free port of 127.0.0.1 and yield the address."""
    handler = type("Handler", (_Handler,), {"site": site.resolve(), "rules": [*_rules(site / "_headers")]})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Answers like a web host."""

    protocol_version = "HTTP/1.1"
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, **KINDS}  # noqa: RUF012  # as the base class
    site: Path
    rules: list[tuple[re.Pattern[str], str, str]]

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        file = (self.site / path.lstrip("/")).resolve()
        if file.is_dir() and file.is_relative_to(self.site) and not path.endswith("/"):
            self._answer(301, {"Location": f"{path}/"}, b"")
            return
        file = file / "index.html" if file.is_dir() else file
        inside = file.is_file() and file.is_relative_to(self.site) and not file.name.startswith("_")
        file = file if inside else self.site / "404.html"
        headers = {"Content-Type": self.guess_type(str(file)), "Cache-Control": "max-age=600"}
        headers |= {name: value for pattern, name, value in self.rules if pattern.fullmatch(path)}
        body = file.read_bytes() if file.is_file() else b""
        if headers["Content-Type"].startswith(COMPRESSED) and "gzip" in self.headers.get(
            "Accept-Encoding", ""
        ):
            headers["Content-Encoding"], body = "gzip", gzip.compress(body, mtime=0)
        self._answer(200 if inside else 404, headers, body)

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # the browser closed the connection
            self.wfile.write(body if self.command != "HEAD" else b"")

    do_HEAD = do_GET  # noqa: N815  # the name that http.server calls

    def log_message(self, *args: object) -> None:
        pass


def _rules(file: Path) -> Iterator[tuple[re.Pattern[str], str, str]]:
    """Yield from a _headers file: for which paths, name, value."""
    pattern = re.compile("")
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else []:
        if line.startswith("/"):
            pattern = re.compile(".*".join(map(re.escape, line.strip().split("*"))))
        elif ": " in line:
            name, value = line.strip().split(": ", 1)
            yield pattern, name, value
