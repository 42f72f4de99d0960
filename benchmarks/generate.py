"""Make many guides out of the real ones, to see how the build grows.

In: the real content, how many. Out: a content folder with everything real and that many guides more. Each is a real guide
with an address of its own, so its page and its sheet are others. The same number gives the same bytes.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path


def generate(source: Path, folder: Path, count: int) -> Path:
    """Write the content folder."""
    shutil.copytree(source, folder)
    real = [path.read_text(encoding="utf-8") for path in sorted((source / "guides").glob("*.md"))]
    for number in range(1, count + 1):
        text = re.sub(r"(?m)^slug: .*$", f"slug: made-{number:04}", real[number % len(real)], count=1)
        text = re.sub(r"(?m)^order: .*$", "order: 999", text, count=1)
        text = re.sub(r"(?m)^(cards|diagram): .*\n", "", text)  # one sheet each, without those of operators
        (folder / "guides" / f"made-{number:04}.md").write_text(text, encoding="utf-8", newline="\n")
    return folder
