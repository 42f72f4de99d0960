"""Hold the interface words against the templates that print them.

In: ui.toml as loaded, and the folder of the templates. Out: a problem for each word that a template
asks for and the file lacks, and for each word that nothing asks for.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path

from ..content.toml import read_table
from ..errors import Problems

WORD = re.compile(r"\bui\.(?P<group>\w+)(?:\.(?P<key>\w+))?")
"""`ui.sheet.who` asks for one word; `ui.fields[…]` or `ui.ticks | …` for any of a group."""

FROM_PYTHON = {"card", "copy", "days_plan", "days_prepaid", "when"}
"""Groups of which the program itself takes words: titles of papers, what a worker says, what is due."""


def check_words(path: Path, ui: dict[str, dict[str, str]], templates: Path, problems: Problems) -> bool:
    """Note what is missing or unused; return whether every word that is asked for is there."""
    asked: dict[tuple[str, str], Path] = {}
    whole = set(FROM_PYTHON)
    for template in sorted(templates.rglob("*.*")):
        for match in WORD.finditer(template.read_text(encoding="utf-8")):
            if match["key"]:
                asked.setdefault((match["group"], match["key"]), template)
            else:
                whole.add(match["group"])
    table = read_table(path, problems)
    if table is None:  # noted
        return False
    missing = [(group, key) for group, key in sorted(asked) if key not in ui.get(group, {})]
    for group, key in missing:
        where = asked[group, key].relative_to(templates)
        problems.add(path, table.line(group), f"`{key}` is missing in [{group}]; {where} prints it. Add it.")
    for group, words in ui.items():
        known = [key for other, key in asked if other == group]
        for key in words:
            if group not in whole and key not in known:
                near = get_close_matches(key, known, 1)
                hint = f"Did you mean `{near[0]}`?" if near else "Delete it."
                problems.add(path, table.line(group, key), f"No template prints `{key}` of [{group}]. {hint}")
    return not missing
