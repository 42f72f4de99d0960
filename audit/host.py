"""The built site as its host serves it: the headers of its _headers, compressed, 404.html for what is not there.

In: the folder of a built site. Out: the answer to a path, or a server on 127.0.0.1.
The form of _headers is that of Cloudflare Pages and Netlify
(https://developers.cloudflare.com/pages/configuration/headers/): a path in which * is anything, and below it,
indented, `Name: value`.
"""

from __future__ import annotations

import contextlib
import gzip
import http.server
import mimetypes
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

KINDS = {".js": "text/javascript", ".webmanifest": "application/manifest+json", ".ics": "text/calendar"}
"""What Python's own table lacks, or has otherwise on some systems."""

COMPRESSED = ("text/", "application/json", "application/manifest+json", "application/xml", "image/svg+xml")


@dataclass(frozen=True)
class Answer:
    """What a host says to one request."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def transferred(self) -> int:
        """Return the bytes of the body on the wire, compressed where a host compresses."""
        return len(self.compressed) if self.is_text else len(self.body)

    @property
    def is_text(self) -> bool:
        """Tell whether hosts compress this kind of file."""
        return self.headers.get("Content-Type", "").startswith(COMPRESSED)

    @cached_property
    def compressed(self) -> bytes:
        """Return the body as gzip; without a time, so that the same file is the same bytes."""
        return gzip.compress(self.body, mtime=0)


class Host:
    """A folder of files that answers like a web host."""

    def __init__(self, site: Path) -> None:
        self.site = site.resolve()
        self._rules = list(_rules(self.site / "_headers"))
        self._answers: dict[str, Answer] = {}

    def answer(self, target: str) -> Answer:
        """Return the answer to a path, its query and hash left aside: `prepaid/?v=1` is `prepaid/index.html`."""
        path = "/" + unquote(urlsplit(target).path).lstrip("/")
        if path not in self._answers:
            self._answers[path] = self._find(path)
        return self._answers[path]

    def _find(self, path: str) -> Answer:
        file = (self.site / path.lstrip("/")).resolve()
        if not file.is_relative_to(self.site) or file.name.startswith("_"):
            return self._file(self.site / "404.html", path, 404)
        if file.is_dir() and not path.endswith("/"):
            return Answer(301, {"Location": f"{path}/"}, b"")
        if file.is_dir():
            file /= "index.html"
        return (
            self._file(file, path, 200) if file.is_file() else self._file(self.site / "404.html", path, 404)
        )

    def _file(self, file: Path, path: str, status: int) -> Answer:
        guessed = mimetypes.guess_type(file.name)[0]
        kind = KINDS.get(file.suffix) or guessed or "application/octet-stream"
        kind += "; charset=utf-8" if kind.startswith("text/") else ""
        headers = {"Content-Type": kind, "Cache-Control": "max-age=600"}  # ten minutes, as GitHub Pages
        headers |= {name: value for pattern, name, value in self._rules if pattern.fullmatch(path)}
        return Answer(status, headers, file.read_bytes() if file.is_file() else b"")

    @contextlib.contextmanager
    def serving(self) -> Iterator[str]:
        """Serve on a free port of 127.0.0.1 and yield the address."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        host = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                answer = host.answer(self.path)
                small = answer.is_text and "gzip" in self.headers.get("Accept-Encoding", "")
                body = answer.compressed if small else answer.body
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if small:
                    self.send_header("Content-Encoding", "gzip")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # a browser that left has seen enough
                    self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        return Handler


def _rules(file: Path) -> Iterator[tuple[re.Pattern[str], str, str]]:
    """Yield from a _headers file: for which paths, name, value."""
    pattern = re.compile("")
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else []:
        if line.startswith("/"):
            pattern = re.compile(".*".join(map(re.escape, line.strip().split("*"))))
        elif ": " in line:
            name, value = line.strip().split(": ", 1)
            yield pattern, name, value
