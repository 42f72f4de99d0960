"""Make many guides out of the sentences of the real ones, to see how the build grows.

In: the real content, how many. Out: a content folder with the real data, pages and posts, the real guides and that
many more, each with steps of real guides in a mix of its own. The same number gives the same bytes.
"""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

from handouts.content.syntax import CITE, LINK, STEP, Draft, split
from handouts.errors import Problems

PHASES = {"before": "A 出发前", "submit": "B 提交", "after": "C 之后", "bring": "带什么"}
STEPS = 5
"""Of each phase; the real sheets print 4 to 7."""
SEED = 2026


def generate(source: Path, folder: Path, count: int) -> Path:
    """Write the content folder."""
    shutil.copytree(source, folder)
    drafts = [_draft(path) for path in sorted((source / "guides").glob("*.md"))]
    pool = {phase: [step for draft in drafts for step in _steps(draft, phase)] for phase in PHASES}
    chance = random.Random(SEED)
    for number in range(1, count + 1):
        draft = drafts[number % len(drafts)]
        text = _guide(draft, number, {phase: chance.sample(pool[phase], STEPS) for phase in PHASES})
        (folder / "guides" / f"made-{number:04}.md").write_text(text, encoding="utf-8", newline="\n")
    return folder


def _draft(path: Path) -> Draft:
    """Read one real guide."""
    problems = Problems()
    draft = split(path, "guides", path.read_text(encoding="utf-8"), problems)
    problems.stop_if_any()
    return draft


def _steps(draft: Draft, phase: str) -> list[tuple[str, list[str]]]:
    """Return the steps of a phase that are printed: their line without its id, and what explains them."""
    inside, steps = False, []
    for line in draft.body:
        if line.startswith("## "):
            inside = f"{{#{phase}}}" in line
        match = STEP.match(line)
        if inside and line.startswith("- [") and match:
            steps.append((match["text"], match["options"] or "", []))
        elif inside and steps and re.match(r"  \S", line) and not re.match(r"  (?:[-|]|\d)", line):
            steps[-1][2].append(LINK.sub(r"\g<text>", line))  # the others' ids are not there
    return [(text, body) for text, options, body in steps if "sheet=no" not in options]


def _guide(draft: Draft, number: int, chosen: dict[str, list[tuple[str, list[str]]]]) -> str:
    """Return a guide as a writer would have written it."""
    front = draft.front | {"slug": f"made-{number:04}", "order": "999"}
    for key in ("cards", "diagram"):
        front.pop(key, None)
    answer = next(line for line in draft.body if line.startswith("**"))
    lines = ["---", *(f"{key}: {value}" for key, value in front.items()), "---", ""]
    lines += ["## 一句话答案 {#answer}", "", CITE.sub("", LINK.sub(r"\g<text>", answer)), ""]
    for phase, title in PHASES.items():
        lines += [f"## {title} {{#{phase}}}", ""]
        for place, (text, body) in enumerate(chosen[phase], 1):
            lines += [f"- [ ] {text} {{#{phase}-{place} note=optional}}"]
            lines += [part for line in body for part in (line, "")] or [""]
    lines += ["## 柜台怎么说 {#say}", "", "指着说。", "", "## 不服怎么办 {#complain}", ""]
    heading = next(
        at for at, line in enumerate(draft.body) if line.startswith("## ") and "{#changes}" in line
    )
    return "\n".join([*lines, *draft.body[heading:]])
