"""What people say to each other about the items of a plan, one thread an item."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g

from kinerja import access
from kinerja.contracts import StageRule
from kinerja.loaded import Loaded
from kinerja.notes import items_of
from kinerja_web import gate, look

Note = tuple[str, str, str, datetime, str]
"""As `read.beside` gives it: stage, by, text, when, item."""
REPLACED = "Butir yang sudah diganti"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer that was refused: to which item, what was typed, and why not."""

    item: str
    text: str
    problem: str


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said about one item, the oldest first. `live`: something may still be said."""

    key: str
    anchor: str
    label: str
    notes: tuple[tuple[str, str, datetime], ...]
    live: bool
    open: bool = False
    text: str = ""
    problem: str = ""


def anchor(item: str) -> str:
    """The id of an item's thread on its page, the same whatever stands beside it."""
    return "butir-" + hashlib.sha256(item.encode()).hexdigest()[:10]


def threads(
    seen: Loaded, rule: StageRule, notes: Iterable[Note], opened: str = "", said: Said | None = None
) -> list[Thread]:
    """The threads of a stage's items, for somebody who may read what was handed in; those about items that are there no
    more come last, and only to be read, as all are by who has no relation. Nothing before something is handed in."""
    if not _may_read(seen, rule):
        return []
    told = [note for note in notes if note[0] == rule.id and note[4]]
    live = look.moves_of(seen).may("note", rule.id)
    items = items_of(gate.the_kernel(), seen, rule)
    labels = {one.key: one.label for one in seen.retired} | {one.key: one.label for one in seen.items}
    gone = dict.fromkeys(note[4] for note in told if note[4] not in {one.key for one in items})
    return [_thread(one.key, one.label, told, live, opened, said) for one in items] + [
        _thread(key, labels.get(key, REPLACED), told, False, opened, None) for key in gone
    ]


def _may_read(seen: Loaded, rule: StageRule) -> bool:
    """Whether the visitor may read something that was handed in here, so that its items are no news to them."""
    kernel = gate.the_kernel()
    handed = [part for part in seen.parts if part.stage == rule.id and part.handed_number is not None]
    return any(access.may_read_part(kernel, g.viewer, seen, part) for part in handed)


def _thread(key: str, label: str, told: Sequence[Note], live: bool, opened: str, said: Said | None) -> Thread:
    notes = tuple((by, text, at) for _, by, text, at, about in reversed(told) if about == key)
    wrong = said if said is not None and said.item == key else None
    return Thread(
        key, anchor(key), label, notes, live, key == opened or wrong is not None,
        wrong.text if wrong else "", wrong.problem if wrong else "",
    )  # fmt: skip
