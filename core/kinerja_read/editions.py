"""Editions of what was settled as a whole, and who signed it: values as they were then, never today's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from kinerja import access, database
from kinerja.access import Level, Viewer
from kinerja.contracts import Fact, Item, Json
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded
from kinerja_read.entry import has_fact, has_item


@dataclass(frozen=True, slots=True)
class Signer:
    """One side of a case as it was when something was signed: `post` with the word for acting, `unit` as an office;
    of the system only the name."""

    name: str
    person: int | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    employment: str = ""
    rank: str = ""
    level: str = ""
    role: str = ""
    post: str = ""
    acting: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """One row of a stage's table that was taken: by whom, in which relation, both sides as they were, and why something
    finished was opened again (`reason`)."""

    id: int
    stage: str
    transition: str
    relation: str
    at: datetime
    by: Signer
    sides: Mapping[str, Signer]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A value of a person that had always been wrong, which an edition puts right and names."""

    person: int
    field: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Edition:
    """What was settled, as it was: `acts` led to it, oldest first, the last of them settled it. `at` is when it was made:
    with the last act, or when a value was put right. `paper` is what was issued of it, empty until somebody asks."""

    stage: str
    number: int
    at: datetime
    acts: tuple[Act, ...]
    items: tuple[Item, ...]
    facts: Mapping[str, Fact]
    corrects: tuple[Corrected, ...] = ()
    paper: str = ""

    @property
    def settled(self) -> Act:
        return self.acts[-1]

    @property
    def reason(self) -> str:
        """Why the edition before was opened again; empty for the first and for one that puts a value right."""
        return "" if self.corrects else next((one.reason for one in reversed(self.acts) if one.reason), "")


def editions(viewer: Viewer, kernel: Kernel, seen: Loaded) -> tuple[Edition, ...]:
    """The editions of a case, oldest first, for those who may read all that stands in one and the data of its person:
    a paper is the same for everybody, so who may see a part of it sees none."""
    look = access.sight(kernel, viewer, seen)
    if not look.level.person:
        return ()
    return tuple(
        replace(one, facts={name: fact for name, fact in one.facts.items() if has_fact(kernel, seen, look, name)})
        for one in kept(seen.view.id)
        if look.level.content == Level.ALL or all(has_item(kernel, seen, look, item) for item in one.items)
    )


def kept(case: str, *more: Corrected) -> list[Edition]:
    """All editions of a case as they are kept, for core itself; with *more* as they would be with those put right."""
    found = []
    for (stage, number, content, corrects, paper, at), acts in groupby(
        database.rows(
            "SELECT e.stage, e.number, e.content, e.corrects, coalesce(e.paper, ''), e.at, "
            "s.id, s.stage, s.transition, s.relation, s.at, s.reason, s.signed FROM edition e "
            "JOIN signature s ON s.case_id = e.case_id AND s.stage = e.stage AND s.id <= e.signature_id AND s.id > "
            "(SELECT coalesce(max(x.signature_id), 0) FROM edition x "
            "WHERE x.case_id = e.case_id AND x.stage = e.stage AND x.signature_id < e.signature_id) "
            "WHERE e.case_id = ? ORDER BY e.stage, e.number, s.id",
            case,
        ),
        key=lambda row: row[:6],
    ):
        wrong, told = tuple(Corrected(**one) for one in json.loads(corrects)), json.loads(content)
        made = tuple(_act(row[6:], (*wrong, *more)) for row in acts)
        items = tuple(Item(a, b, c, tuple((x, y) for x, y in d), n) for a, b, c, d, n in told["items"])
        facts = {name: Fact(name, value, label) for name, value, label in told["facts"]}
        found.append(Edition(stage, number, database.moment(at), made, items, facts, wrong, paper))
    return found


def _act(row: tuple[Any, ...], wrong: Iterable[Corrected]) -> Act:
    id, stage, transition, relation, at, reason, text = row
    told = json.loads(text)
    sides = {kind: _signer(one, wrong) for kind, one in told["sides"].items()}
    return Act(id, stage, transition, relation, database.moment(at), _signer(told["by"], wrong), sides, reason)


def _signer(told: dict[str, Json], wrong: Iterable[Corrected]) -> Signer:
    """One side, with the values that had always been wrong put right; where another value stands it stays."""
    for one in wrong:
        where = told if one.field in told else told.get("ids", {})
        if told.get("person") == one.person and where.get(one.field, "") == one.old:
            where[one.field] = one.new
    return Signer(**told)
