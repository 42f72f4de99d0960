"""Show the site while it is being written: ./inv serve.

In: the content, a port. Out: the site on 127.0.0.1, built anew at every save, until Ctrl+C. Three parts:
  the builder  another process (warm.py), so that a build never holds up a page and its code can be renewed
  the hub      knows the last good version and the problems since, and tells every open page
  the server   hands out the files; a page gets one script more, which reloads it and shows the problems

Nothing of this is ever in a built file. Server-sent events: https://html.spec.whatwg.org/#server-sent-events
"""

from __future__ import annotations

import contextlib
import errno
import html
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .errors import CallError
from .offline import SLEEPER

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
"""What a browser may call us. Another name that leads here is somebody else's page reading ours
(DNS rebinding)."""
OWN = "/-/"
"""First path segment of what the preview adds to the site."""
HEARTBEAT = 15.0
"""Seconds between two signs of life to a page, by which a closed one is noticed."""
SETTLED = 20
"""Milliseconds without another change after which a save is whole: editors write, rename and touch."""

SCRIPT = """\
// Added by ./inv serve; no built file has it.
const me = document.currentScript.dataset;
const place = "preview " + location.pathname;
const kept = sessionStorage.getItem(place);
if (kept !== null) {
  sessionStorage.removeItem(place);
  const { y, open } = JSON.parse(kept);
  document.querySelectorAll("details").forEach((box, n) => { if (n in open) box.open = open[n]; });
  scrollTo(0, y);
}
function reload() {
  const open = [...document.querySelectorAll("details")].map((box) => box.open);
  sessionStorage.setItem(place, JSON.stringify({ y: scrollY, open }));
  location.reload();
}
function show(problems) {
  document.getElementById("preview-problems")?.remove();
  if (!problems.length) return;
  const box = document.createElement("section");
  box.id = "preview-problems";
  box.setAttribute("role", "alert");
  box.style.cssText = "position:fixed;inset:auto 0 0 0;max-height:60vh;overflow:auto;margin:0;padding:1rem;" +
    "background:#7a1010;color:#fff;font:14px/1.5 ui-monospace,monospace;white-space:pre-wrap;z-index:2147483647";
  box.textContent = "The last good version is shown. To be corrected:\\n" + problems.join("\\n");
  document.body.append(box);
}
const page = location.pathname.slice(1).replace(/(^|\\/)$/, "$1index.html");
new EventSource("/-/events").onmessage = (event) => {
  const { run, version, problems, files } = JSON.parse(event.data);
  const mine = [page, ""].map((name) => files[name] ?? 0);
  if (run !== me.run || Math.max(...mine) > Number(me.version)) reload();
  else show(problems);
};
"""
"""`files` says in which version each page last changed; "" stands for all that pages share."""

WAITING = "<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><body><p>{title}</p></body></html>"


class Hub:
    """The state of the preview, and those who wait for its next change."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._run = f"{time.time_ns():x}"
        """Names this start of the server: a page of an earlier one reloads."""
        self._version = 0
        self._digests: dict[str, str] = {}
        self._changed: dict[str, int] = {}
        self._problems: list[str] = []
        self._ended = False

    def publish(self, answer: dict[str, Any]) -> None:
        """Take the builder's answer, and wake those who wait."""
        with self._news:
            self._problems = answer["problems"]
            if not self._problems:
                self._version += 1
                files = answer["files"]
                for name in files.keys() | self._digests.keys():
                    if files.get(name) != self._digests.get(name):
                        self._changed[name if name.endswith(".html") else _shared(name)] = self._version
                self._digests = files
            self._news.notify_all()

    def end(self) -> None:
        """Let everybody who waits go."""
        with self._news:
            self._ended = True
            self._news.notify_all()

    def state(self) -> dict[str, Any]:
        """Return what a page is told."""
        with self._news:
            return self._state()

    def _state(self) -> dict[str, Any]:
        return {
            "run": self._run,
            "version": self._version,
            "problems": self._problems,
            "files": self._changed,
        }

    def wait(self, known: dict[str, Any] | None, seconds: float) -> dict[str, Any] | None:
        """Return the state as soon as it differs from the known one; None when it does not in this time."""

        def new() -> bool:
            return self._ended or known is None or self._differs(known)

        with self._news:
            if not self._news.wait_for(new, seconds) or self._ended:
                return None
            return json.loads(json.dumps(self._state()))

    def _differs(self, known: dict[str, Any]) -> bool:
        return (known["version"], known["problems"]) != (self._version, self._problems)

    @property
    def ended(self) -> bool:
        """Tell whether the preview is over."""
        return self._ended


def _shared(name: str) -> str:
    """Return "" for what pages show, the name itself for what they only link to, as to the picture of a sheet."""
    return "" if name.startswith(("theme/", "images/")) else name


class Builder:
    """The process that builds; started again when its code changed or when it broke."""

    def __init__(self, root: Path, content: Path, output: Path, hub: Hub) -> None:
        self._command = [sys.executable, "-m", "handouts.warm", *map(str, (root, content, output))]
        self._env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")]),
        }
        self._hub = hub
        self._process: subprocess.Popen[str] | None = None

    def build(self) -> None:
        """Ask for a build; the answer goes to the hub."""
        for _ in range(2):
            if self._process is None or self._process.poll() is not None:
                self._start()
            try:
                self._process.stdin.write("b")
                self._process.stdin.flush()
            except OSError:
                self._process = None  # it broke between the two lines
                continue
            return

    def _start(self) -> None:
        self._process = subprocess.Popen(
            self._command,
            env=self._env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl+C is for us; we end it
        )
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout:
            answer = json.loads(line)
            self._hub.publish(answer)
            _tell(answer)
        if process is self._process and not self._hub.ended:
            problem = "The builder broke; its last words stand in the terminal. Save again to start it anew."
            self._hub.publish({"problems": [problem]})

    def stop(self) -> None:
        """End the process, at once."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            process.stdin.close()
        process.terminate()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _tell(answer: dict[str, Any]) -> None:
    """Say in the terminal what a build came to."""
    if answer["problems"]:
        print("\n".join(answer["problems"]), file=sys.stderr, flush=True)
    else:
        print(
            f"{answer['pages']} pages and {answer['sheets']} sheets in {answer['seconds']:.2f} s", flush=True
        )


class Handler(SimpleHTTPRequestHandler):
    """Hands out the site's files and the preview's own."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012  # as the base class has it
        **SimpleHTTPRequestHandler.extensions_map,
        "": "text/plain; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".xml": "application/xml; charset=utf-8",
        ".txt": "text/plain; charset=utf-8",
        ".ics": "text/calendar; charset=utf-8",
        ".webmanifest": "application/manifest+json",
    }

    def __init__(self, *args, hub: Hub, **options) -> None:
        self._hub = hub
        super().__init__(*args, **options)

    def do_GET(self) -> None:
        """Answer a request."""
        if self.headers.get("Host", "").rsplit(":", 1)[0] not in NAMES:
            self._send(
                b"This preview answers to 127.0.0.1 and localhost only.", "text/plain", HTTPStatus.FORBIDDEN
            )
            return
        path = urlsplit(self.path).path
        if path == f"{OWN}events":
            self._events()
        elif path == f"{OWN}reload.js":
            self._send(SCRIPT.encode(), "text/javascript; charset=utf-8")
        elif self.headers.get("Service-Worker") == "script":
            self._send(SLEEPER.encode(), "text/javascript; charset=utf-8")
        else:
            self._file(path)

    do_HEAD = do_GET  # noqa: N815  # http.server looks for that name

    def _file(self, path: str) -> None:
        """Send a file; a page with the script."""
        state = self._hub.state()  # before the file is read: a page may be newer than it says, never older
        file = Path(self.translate_path(path))
        if file.is_dir():
            if not path.endswith("/"):
                self._redirect(f"{path}/")
                return
            file /= "index.html"
        status = HTTPStatus.OK
        try:
            content = file.read_bytes()
        except OSError:
            status = HTTPStatus.NOT_FOUND
            file = Path(self.directory) / "404.html"
            try:
                content = file.read_bytes()
            except OSError:
                status, content = HTTPStatus.SERVICE_UNAVAILABLE, self._not_yet(state).encode()
        if file.suffix == ".html":
            content = with_script(content, state)
        self._send(content, self.guess_type(str(file)), status)

    def _not_yet(self, state: dict[str, Any]) -> str:
        """Return the page before there is a first good version."""
        title = (
            "To be corrected before there is a page:"
            if state["problems"]
            else "The first build is on its way."
        )
        return WAITING.format(title=html.escape(title))

    def _redirect(self, to: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", "/" + to.lstrip("/"))  # //host would leave this server
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind == "text/html" else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _events(self) -> None:
        """Tell one page every change until it is closed."""
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

    def log_message(self, *args) -> None:
        """Keep the terminal for builds."""


def with_script(page: bytes, state: dict[str, Any]) -> bytes:
    """Return a page with the preview's script before the end of its body."""
    tag = (
        f'<script src="{OWN}reload.js" data-run="{state["run"]}" data-version="{state["version"]}"></script>'
    )
    head, end, tail = page.rpartition(b"</body>")
    return head + tag.encode() + end + tail if end else page + tag.encode()


class Server(ThreadingHTTPServer):
    """A server whose pages may close their connection whenever they like."""

    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address) -> None:
        """Say nothing of a browser that went away."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def open_server(port: int, folder: Path, hub: Hub) -> Server:
    """Return a server that has its port, or raise a CallError."""
    if not 0 <= port <= 65535:  # noqa: PLR2004  # 16 bits
        raise CallError(f"{port} is no port. Give --port a number from 1024 to 65535.")

    def handler(*args) -> Handler:
        return Handler(*args, hub=hub, directory=str(folder))

    try:
        return Server((HOST, port), handler)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = "is taken, perhaps by another ./inv serve"
        elif error.errno == errno.EACCES:
            reason = "is for the system only"
        else:
            raise
        raise CallError(f"Port {port} {reason}. Give --port another number.") from error


def serve(*, root: Path, content: Path, port: int, ready: Callable[[str], None] = print) -> None:
    """Build and show the site until Ctrl+C."""
    if not content.is_dir():
        raise CallError(f"{content} is no folder. Give --content the folder that holds guides/ and data/.")
    hub = Hub()
    with tempfile.TemporaryDirectory(prefix="serve-") as folder:
        site = Path(folder) / "site"
        with open_server(port, site, hub) as server:
            builder = Builder(root, content, site, hub)
            threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
            try:
                builder.build()
                ready(f"http://{HOST}:{server.server_port}/ (Ctrl+C ends it)")
                sys.stdout.flush()
                for code in _saves(root, content):
                    if code:
                        builder.stop()
                    builder.build()
            except KeyboardInterrupt:
                print("Stopped.")
            finally:
                hub.end()
                builder.stop()
                server.shutdown()


def _saves(root: Path, content: Path) -> Iterable[bool]:
    """Yield at every save; True when the program itself was changed."""
    from watchfiles import DefaultFilter, watch

    code = root / "handouts"
    watched = [content, root / "theme", root / "pelicanconf.py", code]
    known = DefaultFilter()
    for changes in watch(
        *filter(Path.exists, watched),
        watch_filter=lambda change, path: known(change, path) and not Path(path).name.startswith("."),
        step=SETTLED,
        debounce=400,
        rust_timeout=1000,
    ):
        yield any(Path(path).is_relative_to(code.resolve()) for _, path in changes)
