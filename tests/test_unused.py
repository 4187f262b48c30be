"""Nothing is kept, declared or worded that nobody reads: columns of tables, fields of values, sentences."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import kinerja
import kinerja_read
import kinerja_web
from kinerja import contracts, sentences
from kinerja.models import TABLES

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("core", "web", "plugins")

UNREAD_COLUMNS: dict[str, str] = {}
"""Columns no code reads, each with the reason it is kept."""
UNREAD_FIELDS: dict[str, str] = {}
"""Fields of values that no code reads, each with the reason it is there."""


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text("utf-8"))


@cache
def read_names() -> frozenset[str]:
    """The names that code and templates read: attributes, words of SQL, and what templates ask of a value."""
    found: set[str] = set()
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found.add(node.attr)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
                found |= {
                    one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_sql(node.value):
                found |= set(re.findall(r"\w+", node.value))
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.html"):
            found |= set(re.findall(r"(?<=[\w\])])\.(\w+)", path.read_text("utf-8")))
    return frozenset(found)


def _is_sql(text: str) -> bool:
    return bool(re.search(r"\b(SELECT|FROM|WHERE|JOIN|ORDER BY|AND)\b", text))


def columns() -> Iterator[tuple[str, str]]:
    for table in TABLES:
        for field in table._meta.sorted_fields:
            yield f"{table.__name__}.{field.name}", field.name


def values() -> Iterator[type]:
    """The frozen values that the faces and contracts hand out."""
    seen: dict[str, type] = {}
    for module in (contracts, kinerja, kinerja_read, kinerja_web):
        for name in dir(module):
            one = getattr(module, name)
            if isinstance(one, type) and dataclasses.is_dataclass(one):
                seen.setdefault(one.__name__, one)
    yield from seen.values()


def test_every_column_is_read() -> None:
    unread = {place for place, name in columns() if not {name, f"{name}_id"} & read_names()}
    assert unread == set(UNREAD_COLUMNS)


def test_every_field_of_a_value_is_read() -> None:
    fields = {f"{one.__name__}.{field.name}": field.name for one in values() for field in dataclasses.fields(one)}
    assert {place for place, name in fields.items() if name not in read_names()} == set(UNREAD_FIELDS)


def test_every_sentence_is_said() -> None:
    """A code may stand whole, or as what a string begins with that goes on by a value (`f"request-{state}"`)."""
    whole, begun = set(), set()
    for path, tree in trees():
        for node in ast.walk(tree) if path.name != "sentences.py" else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begin = str(node.values[0].value)
                begun |= {begin} if begin.endswith("-") else set()
    unsaid = [code for code in sentences.SENTENCES if code not in whole and not code.startswith(tuple(begun))]
    assert unsaid == []
