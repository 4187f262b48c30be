"""What a part says, line by line, and what an adjustment changed in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One label and its text in a part, in pieces: ("same" | "old" | "new", text). Old ones were adjusted away."""

    label: str
    pieces: tuple[tuple[str, str], ...]


def plain(pairs: Pairs) -> tuple[Line, ...]:
    return tuple(Line(label, (("same", text),)) for label, text in pairs)


def compare(before: Pairs, after: Pairs) -> tuple[Line, ...]:
    """Two frozen views held against each other: the n-th line of a label with the n-th of the same label."""
    old: dict[str, list[str]] = {}
    for label, text in before:
        old.setdefault(label, []).append(text)
    made = []
    for label, text in after:
        had = old.get(label)
        made.append(Line(label, _pieces(had.pop(0) if had else "", text)))
    made.extend(Line(label, (("old", text),)) for label, texts in old.items() for text in texts)
    return tuple(made)


def _pieces(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """What changed between two texts, row by row."""
    if before == after:
        return (("same", after),)
    a, b = before.splitlines(), after.splitlines()
    pieces: list[tuple[str, str]] = []
    for what, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(("same", "\n".join(b[b1:b2])))
            continue
        pieces += [(kind, "\n".join(rows)) for kind, rows in (("old", a[a1:a2]), ("new", b[b1:b2])) if rows]
    return tuple(pieces)
