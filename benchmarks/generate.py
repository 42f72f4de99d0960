"""Make many guides out of the real ones, to see how the build grows.

In: the real content, how many. Out: a content folder with everything real and that many guides more. Each is a real guide
with an address of its own, so it has its own page and sheet. The same number gives the same bytes.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path


def generate(source: Path, folder: Path, count: int) -> Path:
    shutil.copytree(source, folder)
    real = [path for path in sorted((source / "guides").glob("*.md")) if "." not in path.stem]
    made: dict[str, list[str]] = {path.stem: [path.stem] for path in real}
    for number in range(1, count + 1):
        path, slug = real[number % len(real)], f"made-{number:04}"
        made[path.stem].append(slug)
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"(?m)^slug: .*$", f"slug: {slug}", text, count=1)
        text = re.sub(r"(?m)^order: .*$", f"order: {1000 + number}", text, count=1)
        text = re.sub(r"(?m)^(cards|diagram): .*\n", "", text)  # one sheet each, without those of operators
        (folder / f"guides/{slug}.md").write_text(text, encoding="utf-8", newline="\n")
    for path in sorted((folder / "shared").glob("*.md")):  # shown by the guides that it names
        text = re.sub(
            r"(?m)^guides: (.*)$",
            lambda named: f"guides: {' '.join(slug for one in named[1].split() for slug in made[one])}",
            path.read_text(encoding="utf-8"),
            count=1,
        )
        path.write_text(text, encoding="utf-8", newline="\n")
    return folder
