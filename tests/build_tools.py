"""What the tests of sheets and builds share: content folders to build, calls of Invoke, a printer.

Content made here is the smallest that the theme accepts: real data, the bones of the reference pages, guides of a test's own.
"""

import os
import re
import shutil
import string
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from handouts.content.data import Data, load_data
from handouts.content.draft import split
from handouts.content.lint.rules import lint
from handouts.content.loader import Content, load
from handouts.content.parser import parse_guide
from handouts.content.syntax import ANCHOR, HEADING, facts_in
from handouts.errors import Problems, SheetError
from handouts.model import Fact
from handouts.paper import A4, Format
from handouts.pdf import fonts
from handouts.pdf.styles import read_styles
from handouts.pdf.typesetter import Typesetter
from handouts.pdf.verify import printed_text
from handouts.sheets.fit import fit
from handouts.sheets.manifest import Handout
from handouts.sheets.selection import Variant
from handouts.sheets.templates import Setting, SheetTemplate

ROOT = Path(__file__).resolve().parent.parent
SITE = "https://sim.example.be"
"""An address as readers could have it; conftest.py lets every build take it."""
GUIDES = ("prepaid", "mobile", "4g", "5g", "data")

MESSAGE = re.compile(r"[^:\n]+:\d+: .+[.?。]")
"""`path:line: what is wrong. What to do.`"""

Step = tuple[str, str, str]
"""Lead, note and options of a step: ("换号码。", "银行、学校", "note=optional")."""

SHORT: tuple[Step, ...] = (("先看清是哪一种卡。", "", ""), ("把号码抄下来。", "", ""), ("存好截图。", "", ""))
LONG: tuple[Step, ...] = (
    ("把银行和微信和学校和房东那里的号码一个一个都换掉。", "先换收验证码的，再换别的，换完自己试一次", ""),
) * 7

FRONT = {
    "title": "小卡怎么停", "sheet": "小卡核对表", "slug": "mobile", "name": "小卡", "home": "一句话说清楚", "card": "测试用的卡",
    "updated": "2026-11-20", "order": "1", "who": "测试的人", "start": "今天", "takes": "[5 分钟]{ours}", "costs": "不花钱",
    "phrases": "cancel", "fields": "number", "aliases": "小卡",
}  # fmt: skip
"""The theme links to the slug."""


def guide_text(
    *,
    before: Sequence[Step] = SHORT,
    submit: Sequence[Step] = SHORT,
    after: Sequence[Step] = SHORT,
    bring: Sequence[Step] = SHORT,
    answer: str = "**先看清是哪一种卡，再停。**",
    **front: str,
) -> str:
    """Return a guide as a writer would have written it; `front` changes the front matter."""
    lines = ["---", *(f"{key}: {value}" for key, value in {**FRONT, **front}.items()), "---", ""]
    lines += ["## 一句话答案 {#answer}", "", answer, ""]
    phases = {"before": ("A 出发前", before), "submit": ("B 提交", submit), "after": ("C 之后", after)}
    for id, (title, steps) in {**phases, "bring": ("带什么", bring)}.items():
        lines += [f"## {title} {{#{id}}}", ""]
        lines += [_step_line(f"{id}-{number}", step) for number, step in enumerate(steps, 1)]
        lines += [""]
    lines += ["## 柜台怎么说 {#say}", "", "指着说。", "", "## 不服怎么办 {#complain}", ""]
    lines += ["## 改了什么 {#changes}", "", f"- {front.get('updated', FRONT['updated'])}：第一版。", ""]
    return "\n".join(lines)


def _step_line(id: str, step: Step) -> str:
    lead, note, options = step
    return f"- [ ] **{lead}**{f' *{note}*' if note else ''} {{#{id}{f' {options}' if options else ''}}}"


def write_content(folder: Path, *guides: str, letters: bool = False) -> Path:
    """Write a content folder with these guides, or with one short guide; the letters take long to print."""
    real = ROOT / "content"
    shutil.copytree(real / "data", folder / "data")
    if not letters:
        (folder / "data/letters.toml").unlink()
    (folder / "data/search.toml").unlink()  # it leads to the real guides
    (folder / "data/traditional.toml").unlink()  # one edition is enough
    facts = (real / "data/facts.toml").read_text("utf-8")
    facts = re.sub(r"^review_by = .*\n", "", facts, flags=re.MULTILINE)
    facts = re.sub(r"^read = .*\n", r"\g<0>review_by = 2099-12-31\n", facts, flags=re.MULTILINE)
    facts = re.sub(
        r'(?s)(\n\[no-date-notice\].*?\nconfidence = )"\w+"', r'\1"low"', facts
    )  # as somebody may do
    _write(folder / "data/facts.toml", facts)  # never overdue, on whatever day the tests run
    (folder / "shared").mkdir()
    shutil.copy(real / "shared/complain.md", folder / "shared")  # the one text that any guide shows
    for page in sorted((real / "pages").glob("*.md")):
        _write(folder / "pages" / page.name, _bones(page.read_text("utf-8")))
    for guide in guides or (guide_text(),):
        slug = re.search(r"^slug: (\S+)$", guide, re.MULTILINE)
        _write(folder / "guides" / f"{slug[1] if slug else 'nameless'}.md", guide)
    return folder


def _bones(page: str) -> str:
    """Return a page's front matter and anchors, without what it says."""
    _, front, body = page.split("---\n", 2)
    kept = []
    for line in body.split("\n"):
        if HEADING.match(line):
            kept += [line, ""]
        elif anchor := ANCHOR.search(line):
            kept += [f"### 一段 {{#{anchor['id']}}}", ""]
        elif cited := facts_in(line):  # titles and headings rest on them
            kept += [f"一句话。[@{'; @'.join(cited)}]", ""]
    return "\n".join(["---", front + "---", "", "一句话。", "", *kept])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def loaded(folder: Path, *more: object) -> tuple[Content, list[str]]:
    """Load a content folder; return it, and what is wrong with it."""
    problems = Problems()
    content = load(folder, problems, *more)
    return content, [str(problem) for problem in sorted(set(problems))]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_bytes(text.replace(old, new).encode())


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Return the names of the files in which two trees differ, so that a failure is short."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def fact(id: str, value: str = "", confidence: str = "high", statement: str = "。") -> Fact:
    texts = {"id": id, "value": value, "confidence": confidence, "statement": statement, "kind": "law"}
    return Fact(**texts, sources=("bipt",), read=date(2026, 11, 20))


def run(*command: str | Path, cwd: Path = ROOT, **options) -> subprocess.CompletedProcess[str]:
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    return subprocess.run([*map(str, command)], cwd=cwd, check=False, **(given | options))


def invoke_command(*args: str | Path) -> list[str]:
    start = ROOT / "handouts/commands/start.py"
    return [sys.executable, "-SP", str(start), "--search-root", str(ROOT), *map(str, args)]


def invoke(*args: str | Path, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    return run(*invoke_command(*args), cwd=cwd, env=os.environ | env)


def build(content: Path, output: Path, **options) -> subprocess.CompletedProcess[str]:
    return invoke("build", "--content", content, "--output", output, **options)


def assert_untouched(output: Path, built: Path) -> None:
    """The output is the earlier one, byte for byte, and nothing is beside it."""
    assert differing(tree(output), tree(built)) == []
    assert [path.name for path in output.parent.glob(".*")] == []


def assert_explained(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """The command ended with this code, these words, and no traceback."""
    assert done.returncode == code, done.stderr
    for word in words:
        assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def copy_of_the_project(folder: Path) -> Path:
    """Copy what a clone holds, but for its content, so that a build there shares no cache with this one."""
    left_out = {str(ROOT / name) for name in ("content", "docs", "tests", "output", "dist", "audit")}

    def ignore(parent: str, names: list[str]) -> set[str]:
        hidden = {name for name in names if name.startswith(".") or name == "__pycache__"}
        return hidden | {name for name in names if f"{parent}/{name}" in left_out}

    return Path(shutil.copytree(ROOT, folder, ignore=ignore))


AS_IN_A_TERMINAL = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(*sys.argv[1:2], sys.argv[1:])"


@dataclass(frozen=True, slots=True)
class Site:
    """A copy of the project with its cache, and one place to build into."""

    project: Path
    name: str = "out"
    """Of the output."""

    @property
    def output(self) -> Path:
        return self.project / "site" / self.name

    @property
    def cache(self) -> Path:
        return self.project / ".cache"

    def command(self, content: Path, *more: str) -> list[str]:
        given = ("build", "--content", str(content), "--output", str(self.output), *more)
        return [sys.executable, "-m", "invoke", *given]

    def build(self, content: Path, *more: str, before: tuple[str, ...] = (), **env: str):
        """Build to the end; `before` is put before the command, as with `env`."""
        return run(*before, *self.command(content, *more), cwd=self.project, env=os.environ | env)

    def start(self, content: Path, *more: str, **env: str) -> subprocess.Popen[str]:
        """Start a build in a new process group, as a terminal does, whether these tests run in one or not."""
        return subprocess.Popen(
            [sys.executable, "-c", AS_IN_A_TERMINAL, *self.command(content, *more)],
            cwd=self.project,
            env=os.environ | env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def alone(self) -> bool:
        return [path.name for path in self.output.parent.iterdir()] == [self.name]

    def is_as(self, other: "Site") -> bool:
        """Tell whether nothing is beside the output, and it is that of another, byte for byte."""
        return self.alone() and differing(tree(self.output), tree(other.output)) == []


HAN = "一二三四五六七八九十号码卡停付费银行微信账单写明日期截图保存编号确认换绑学校房东合同设备先再后看清的是把都上网不要花钱之前最免行旧"
MARKS = "，。：；、（）“”…—·"
ACCENTED = "éèêëàâçîïôûüßäöœÉ€"


@dataclass(frozen=True)
class Printed:
    """What became of a guide: a sheet, or the problems that kept it from being one."""

    variant: Variant
    sheet: Handout | None
    pdf: bytes
    problems: Problems

    @property
    def optional(self) -> list[str]:
        """The ids of the steps whose note may leave, in order."""
        return [step.id for step in self.variant.guide.steps if step.note_optional]


def sheet_template(data: Data, site: str = SITE, paper: Format = A4) -> SheetTemplate:
    return SheetTemplate(ROOT / "theme/templates", data, site, paper)


class Printer:
    """Real fonts, style sheet and template, made ready once for many sheets."""

    def __init__(self) -> None:
        problems = Problems()
        self.data = load_data(ROOT / "content/data", problems)
        problems.stop_if_any()
        self.template = sheet_template(self.data)
        sample = self.variant(guide_text(before=LONG, phrases=" ".join(self.data.phrases)))
        sheet = self.template.render(sample, Setting(points="0"), version=string.hexdigits)
        printed = printed_text(sheet) + printed_text(self.template.phone(sample))
        self.fonts = fonts.subsets(fonts.find_faces(), printed + HAN + MARKS + ACCENTED)
        self.typesetter = Typesetter(read_styles(ROOT / "theme/static/css"), self.fonts)

    def variant(self, text: str) -> Variant:
        """Return what is printed of a guide, insisting that the linter has nothing to say."""
        problems = Problems()
        draft = split(Path("guides/mobile.md"), "guides", text, problems)
        assert not problems
        assert draft is not None
        assert list(lint(draft, self.data)) == []
        path = ROOT / "content/shared/complain.md"  # the one text that any guide shows
        draft = replace(draft, shared=(split(path, "shared", path.read_text("utf-8"), problems),))
        return Variant(guide=parse_guide(draft, self.data, lambda target: target))

    def fit(self, text: str) -> Printed:
        variant, problems = self.variant(text), Problems()
        try:
            made = fit(variant, self.template, self.typesetter)
        except SheetError as error:
            problems.add(variant.guide.path, error.line, f"{variant.name}.pdf {error}")
            return Printed(variant, None, b"", problems)
        return Printed(variant, made.handout, made.pdf, problems)

    def html(self, variant: Variant, setting: Setting) -> str:
        return self.template.render(variant, setting, version="01234567")

    def fits(self, variant: Variant, setting: Setting) -> bool:
        return len(self.typesetter.lay_out(self.html(variant, setting)).pages) == 1


def a4(body: str, style: str = "") -> str:
    """Return a tiny sheet in our fonts; `style` is added to it."""
    return (
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>小</title>'
        f"<style>{style}</style></head><body>{body}</body></html>"
    )


TINY = (
    "@page { size: 210mm 297mm; margin: 10mm }\n"
    'html { font-family: "Sheet Inline", "Sheet Han"; font-size: 12pt }\n'
    "body, p { margin: 0 }\n"
)
"""A style sheet for tiny sheets."""


CASES = Path(__file__).resolve().parent / "cases"


class Case(NamedTuple):
    title: str
    given: str
    expected: str


def cases(name: str) -> list[Case]:
    *blocks, rest = re.split(r"(?m)^\.\n", (CASES / f"{name}.md").read_text("utf-8"))
    assert len(blocks) % 3 == 0, f"{name}.md has an unfinished case"
    assert not rest.strip(), f"{name}.md has text after its last case"
    found = [
        Case(title.strip().split("\n")[-1], given, expected.removesuffix("\n"))
        for title, given, expected in zip(blocks[0::3], blocks[1::3], blocks[2::3], strict=True)
    ]
    assert len({case.title for case in found}) == len(found), f"{name}.md has a title twice"
    return found


def change(folder: Path, given: str) -> str:
    """Change one place of a file as a case says, or write a new file; return its name.

    `old`, a line `=>`, and `new` follow the name; without `=>` it is a new file.
    """
    name, _, changed = given.partition("\n")
    old, arrow, new = changed.partition("\n=>\n")
    if arrow:
        edit(folder / name, old, new.removesuffix("\n"))
    else:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(changed, "utf-8")
    return name


def said_of(name: str, case: Case) -> list[str]:
    """Return the messages that a case expects, each with its place; those that name no file are of the one that changed."""
    lines = case.expected.split("\n") if case.expected else []
    return [f"content/{name}:{line}" if line[0].isdigit() else f"content/{line}" for line in lines]
