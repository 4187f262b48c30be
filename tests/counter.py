"""How large the house is, by Law 1: `python -m tests.counter` prints the figures, `tests/test_boundaries.py` holds them.

Counted is what does something: every statement but imports, the heads of classes and functions, declarations in class
bodies, and docstrings. `testing.py` and migrations stand aside.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASIDE = {"testing.py", "migrations"}


def sources(folder: str) -> Iterator[Path]:
    """The Python files of a folder of the checkout that count."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        if not ASIDE & set(path.relative_to(ROOT).parts):
            yield path


def does(path: Path) -> int:
    """How many statements of a file do something."""
    tree = ast.parse(path.read_text("utf-8"))
    declared = {id(one) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for one in node.body}
    return sum(isinstance(node, ast.stmt) and id(node) not in declared and _acts(node) for node in ast.walk(tree))


def _acts(node: ast.stmt) -> bool:
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Pass)):
        return False
    return not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def figures() -> dict[str, int]:
    """The figures of Law 1 that are counted: statements that do something by room, and the longest file."""
    rooms = sorted({path.relative_to(ROOT / "core").parts[0] for path in sources("core")})
    found = {f"core/{room}": sum(map(does, sources(f"core/{room}"))) for room in rooms}
    found["core"] = sum(found.values())
    longest = (
        len(path.read_text("utf-8").splitlines()) for folder in ("core", "web", "plugins") for path in sources(folder)
    )
    return {**found, "longest file": max(longest)}


if __name__ == "__main__":
    for name, number in figures().items():
        print(f"{name:24}{number:>6,}")
