"""The list of mutants as values, and whether each of them still fits the code it changes."""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LIST = Path(__file__).with_name("list.toml")
KEYS = {"id", "file", "old", "new", "lets", "tests"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One guard removed, loosened, or one fact changed. `lets` says what would get through, `tests` are the arguments
    of pytest that should notice."""

    id: str
    file: str
    old: str
    new: str
    lets: str
    tests: tuple[str, ...]

    def applied(self, text: str) -> str:
        """The text of the file with the change made."""
        return text.replace(self.old, self.new, 1)


def mutants() -> list[Mutant]:
    """Every mutant in the order of the list."""
    found = []
    for raw in tomllib.loads(LIST.read_text("utf-8"))["mutant"]:
        assert set(raw) == KEYS, raw
        found.append(Mutant(**{**raw, "tests": tuple(raw["tests"])}))
    return found


def problem(one: Mutant, root: Path = ROOT) -> str:
    """Why a mutant cannot be made any more, in one sentence; empty when it can."""
    path = root / one.file
    if not path.is_file():
        return f"{one.id}: {one.file} is not there"
    text = path.read_text("utf-8")
    times = text.count(one.old)
    if times != 1 or one.new == one.old:
        return f"{one.id}: the old text stands {times} times in {one.file}, or the new one is the same"
    try:
        tomllib.loads(one.applied(text)) if path.suffix == ".toml" else ast.parse(one.applied(text))
    except (SyntaxError, tomllib.TOMLDecodeError) as wrong:
        return f"{one.id}: the changed {one.file} cannot be read: {wrong}"
    return next((f"{one.id}: {test} is not there" for test in one.tests if not _there(root, test)), "")


def _there(root: Path, test: str) -> bool:
    """Whether a test that is named exists: its file, and in it a function of that name."""
    file, _, name = test.partition("::")
    if not (root / file).is_file():
        return False
    name = name.partition("[")[0]
    return (
        not name or re.search(rf"^def {re.escape(name)}\(", (root / file).read_text("utf-8"), re.MULTILINE) is not None
    )
