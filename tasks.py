"""What a maintainer does here, one task each: ./inv -l lists them, ./inv --help TASK explains one."""

from __future__ import annotations

import functools
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from invoke import Context, Exit, Task, task
from invoke.parser.parser import ParseMachine

from handouts.commands import start
from handouts.commands.atomic import done_if_replaced
from handouts.commands.up_to_date import LastBuild
from handouts.errors import BuildError, Problem, Problems, UsageError, explain_os_errors

if TYPE_CHECKING:
    from handouts.content.data import Data

sys.dont_write_bytecode = False  # Invoke sets it; compiling the package again takes a tenth of a second

ROOT = Path(__file__).resolve().parent
SOURCES = "folder with guides/ and data/"


# --- Calls and errors -------------------------------------------------------------------------------------------


def _refuse_call(machine: ParseMachine, message: str) -> None:
    """Refuse a call that cannot be parsed; Invoke would exit with 1, which means the content here."""
    raise Exit(f"{message} ./inv -l lists the tasks.", code=UsageError.exit_code)


def _handle(machine: ParseMachine, word: str) -> None:
    """Add each word to the list of a task that has one: `test PATH PATH`. Invoke has no argument for several words."""
    lists = [one for one in machine.context.args.values() if one.kind is list] if machine.context else []
    if lists and not word.startswith("-") and not machine.waiting_for_flag_value:
        lists[0].value = word
    else:
        INVOKE_HANDLE(machine, word)


INVOKE_HANDLE = ParseMachine.handle
setattr(ParseMachine, "handle", _handle)  # noqa: B010  # a type checker allows no other method
setattr(ParseMachine, "error", _refuse_call)  # noqa: B010
for _stream in filter(None, (sys.stdout, sys.stderr)):
    _stream.reconfigure(errors="replace")  # a terminal in GBK or latin-1 cannot show every character


def _guarded(run: Callable) -> Callable:
    """Let a task end with a sentence and an exit code instead of a traceback."""

    @functools.wraps(run)
    def guarded(*args: object, **options: object) -> object:
        # A task has something to clean up. But a background process of a script goes on ignoring Ctrl+C.
        if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        for sign in (signal.SIGTERM, signal.SIGALRM):
            signal.signal(sign, signal.default_int_handler)
        sys.unraisablehook = _stop_soon
        try:
            with explain_os_errors():
                return run(*args, **options)
        except BuildError as error:
            raise Exit(str(error), code=error.exit_code) from error
        except KeyboardInterrupt as stop:
            raise Exit(start.STOPPED_MESSAGE, code=start.STOPPED) from stop

    return guarded


def _stop_soon(dropped: sys.UnraisableHookArgs) -> None:
    """Repeat a Ctrl+C that came while an object was deleted: Python drops what is raised there."""
    if issubclass(dropped.exc_type, KeyboardInterrupt):
        signal.setitimer(signal.ITIMER_REAL, 0.01)
    else:
        sys.__unraisablehook__(dropped)


def _command(iterable: Iterable[str] = (), **help: str) -> Callable[[Callable], Task]:
    """Make a task of a function, as Invoke's `task` does; `help` explains its options."""
    return lambda run: task(iterable=iterable, help=help)(_guarded(run))


# --- Tasks ------------------------------------------------------------------------------------------------------


@_command(
    content=SOURCES,
    output="folder to build into",
    volume="also print all sheets in one PDF, as publish does",
    force="build even if nothing changed",
)
def build(c: Context, content: str = "", output: str = "", volume: bool = False, force: bool = False) -> None:
    """Build the site and all sheets into output/."""
    target = Path(output or ROOT / "output")
    record = LastBuild(ROOT, _content(content), target, volume)
    last = None if force else record.unchanged()
    if last:
        made, warnings = last
        _say(f"Nothing changed since the last build: {made} in {target}")
        _warn(warnings)
        return
    from handouts.commands.build import build as run  # slow to import, and not needed above

    with done_if_replaced(target):
        report = run(root=ROOT, content=_content(content), output=target, volume=volume, record=record)
        _say(f"{report.changes} {report.made} are in {target}".strip())
        _warn((*report.overdue, *report.old))
        if report.hint:
            _say(report.hint)


@_command(content=SOURCES)
def check(c: Context, content: str = "") -> None:
    """Check content, links and sheets; write nothing."""
    from handouts.commands.build import check as run

    report = run(root=ROOT, content=_content(content))
    _say(f"All is well: {report.made}.")
    _warn((*report.overdue, *report.old))


@_command(port="where on 127.0.0.1", content=SOURCES)
def serve(c: Context, port: str = "8000", content: str = "") -> None:
    """Show the site in a browser while you write; every save shows at once."""
    from handouts.serve.server import serve as run

    run(root=ROOT, content=_content(content), port=_number("port", port))


@_command(kind="guide, operator or post", name="its address, as in keep-number", content=SOURCES)
def new(c: Context, kind: str, name: str, content: str = "") -> None:
    """Start a guide, an operator or a post that passes all checks."""
    from handouts.commands.new import new as run

    _say(run(kind, name, _content(content), date.today()))


@_command(to="the folder to publish into", dry_run="only show what would change", content=SOURCES)
def publish(c: Context, to: str = "", dry_run: bool = False, content: str = "") -> None:
    """Build strictly, show what changes for readers, and publish it."""
    from handouts.commands.publish import publish as run

    run(root=ROOT, content=_content(content), to=to, dry_run=dry_run, say=_say)


@_command(
    json="write the figures there too",
    quick="one run of each, ten guides",
    guides="add up to this many guides: 10, 100, 1000 or 5000",
)
def bench(c: Context, json: str = "", quick: bool = False, guides: str = "100") -> None:
    """Measure builds, side by side with other ways where they are installed."""
    from benchmarks.bench import run

    run(root=ROOT, json_file=json, quick=quick, guides=_number("guides", guides))


@_command(
    site="a site that is built already, in place of building output/",
    report="folder for the full report, in place of .cache/audit",
    pictures="folder for pictures of all kinds of pages; nothing is judged then",
    quick="without Lighthouse, which needs a machine that does nothing else",
)
def audit(c: Context, site: str = "", report: str = "", pictures: str = "", quick: bool = False) -> None:
    """Judge every page and PDF: axe, HTML checker, veraPDF, Lighthouse, all requests."""
    from audit import run

    if not site:
        build(c)
    built = Path(site or ROOT / "output")
    if pictures:
        run.pictures(built, Path(pictures))
    else:
        run.audit(built, Path(report or ROOT / ".cache" / "audit"), speed=not quick)


@_command(
    due="only what is past its date; exit 1 if anything is",
    within="only what is due within this many days",
    by_page="grouped by the page to open",
    content=SOURCES,
)
def facts(c: Context, due: bool = False, within: str = "", by_page: bool = False, content: str = "") -> None:
    """List all facts by age, with the page to open; `facts renew ID…` sets their date to today."""
    from handouts.content import review

    if "renew" in sys.argv:  # Invoke runs the tasks of a line one by one; the next one is what was meant
        return
    data, today = _data(content), date.today()
    if due or within:
        chosen = review.due_within(data, today, 0 if due else _number("within", within))
    else:
        chosen = review.by_age(data)
    lines = review.by_page(chosen, data, today) if by_page else review.table(chosen, data, today)
    _say(*lines, f"{len(chosen)} of {len(data.facts)} facts.")
    if due and chosen:
        raise Exit(code=1)


@_command(
    iterable=["ids"],
    ids="the facts, as in facts.toml; the option may be left out: renew ID ID",
    yes="do not ask",
    content=SOURCES,
)
def renew(c: Context, ids: list[str], yes: bool = False, content: str = "") -> None:
    """Write down that you opened the page of these facts today and it still says so."""
    from handouts.content import review

    data, today = _data(content), date.today()
    _say(*review.table(review.find(data, ids), data, today))
    if not yes:
        try:
            answer = input("Does the live page say exactly this today? [y/N] ")
        except (EOFError, RuntimeError):  # RuntimeError: standard input is closed
            nobody = "\nNothing was changed: nobody answered. Add --yes if you have read the page."
            raise Exit(nobody, code=1) from None
        if answer.strip().lower() not in ("y", "yes"):
            raise Exit("Nothing was changed. Correct the statement in facts.toml first.", code=1)
    review.renew(_content(content) / "data" / "facts.toml", ids, today)
    _say(f"{', '.join(ids)}: checked live on {today}.")


@_command(
    iterable=["ids"],
    ids="only these, as in prepaid.en/unbind or prepaid.en; the option may be left out",
    renew="write down that these say what the source says now",
    content=SOURCES,
)
def translations(c: Context, ids: list[str], renew: bool = False, content: str = "") -> None:
    """List what changed since it was translated; `translations --renew ID…` notes that you looked."""
    from handouts.content import translations as listed
    from handouts.content.files import require_folder

    if renew and not ids:
        raise UsageError("Name what you compared: ./inv translations --renew prepaid.en/unbind")
    problems = Problems()
    require_folder(_content(content), "guides")
    texts = listed.translated_texts(_content(content), problems)
    problems.stop_if_any()
    if ids:
        texts = listed.chosen(texts, ids)
    if renew:
        listed.renew(texts)
        _say(f"{len(texts)} texts say what their sources say today.")
    else:
        old = [f"{one.path}:{one.line}: {one.message}" for one in texts if one.is_old]
        _say(*old, f"{len(old)} of {len(texts)} texts are old.")


@_command(
    iterable=["paths"],
    paths="only these files or folders; the option may be left out: test PATH PATH",
    thorough="the long campaigns instead: faults, mutations, scale",
)
def test(c: Context, paths: list[str], thorough: bool = False) -> None:
    """Run all tests with ruff and mypy beside them, or those of the paths."""
    from concurrent.futures import ThreadPoolExecutor

    for path in paths:
        if not Path(path.partition("::")[0]).exists():
            raise UsageError(f"There is no test {path}. Give paths like tests/test_lint.py.")
    root, python = shlex.quote(str(ROOT)), shlex.quote(sys.executable)
    options = ["-m", "thorough" if thorough else "not thorough", *map(os.path.abspath, paths)]
    if not paths and not thorough:  # each campaign uses all cores by itself
        options += ["-n", "auto", "--dist", "worksteal"]
    checks = () if paths else ("ruff check .", "ruff format --check .", f"{python} -m mypy")
    quiet = functools.partial(c.run, hide=True, warn=True, in_stream=False)
    with ThreadPoolExecutor(1) as pool:
        beside = {check: pool.submit(quiet, f"cd {root} && {check}") for check in checks}
        codes = [c.run(f"cd {root} && {python} -m pytest {shlex.join(options)}", warn=True).exited]
    for check, done in beside.items():
        codes.append(done.result().exited)
        _say(f"{check}: {(done.result().stdout + done.result().stderr).strip()}")
    if any(codes):
        raise Exit(code=next(filter(None, codes)))


# --- What they share --------------------------------------------------------------------------------------------


def _content(given: str) -> Path:
    """Return the content folder: the one that was given, or the project's, relative to the current folder if it is below."""
    content = ROOT / "content"
    return Path(given or (os.path.relpath(content) if content.is_relative_to(Path.cwd()) else content))


def _number(option: str, given: str) -> int:
    try:
        return int(given)
    except ValueError as error:
        raise UsageError(f"`{given}` is not a number. Give --{option} one.") from error


def _data(content: str) -> Data:
    """Load the data files alone, or stop with their problems."""
    from handouts.content.data import load_data
    from handouts.content.files import require_folder

    problems = Problems()
    folder = _content(content)
    require_folder(folder, "data")
    data = load_data(folder / "data", problems)
    problems.stop_if_any()
    return data


def _say(*lines: str, to: TextIO | None = None) -> None:
    """Print what was done, or to stderr what to look at; a closed pipe or a full disk is no error of the task."""
    stream = to or sys.stdout
    try:
        print(*lines, sep="\n", file=stream, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # else Python flushes again at exit
        if stream is sys.stdout and not isinstance(error, BrokenPipeError):
            print(f"It is done, but this could not be printed ({error.strerror}).", file=sys.stderr)


def _warn(problems: Iterable[Problem]) -> None:
    """Print warnings to stderr, in the form of errors."""
    for problem in sorted(problems):
        _say(f"{problem} (warning)", to=sys.stderr)
