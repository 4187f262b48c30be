"""Copies of what was written, signed and made of it in one case, for others of whom the same is told.

A plan takes a fifth of a second to play, so a district of them is played once a sort and copied as rows; that a copy is
what the kernel would have made is asked in test_juli.py.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from kinerja import database
from kinerja.models import Case, Person, PersonId, Relation

NUMBERED = ("signature", "part")
"""Tables whose rows others name by their number."""
TABLES = (*NUMBERED, "revision", "edition", "item", "fact", "progress", "task")
HERE = "case_id = ?"
OF_PART = "part_id IN (SELECT id FROM part WHERE case_id = ?)"

Row = dict[str, Any]


class Copies:
    """Copies the work of cases into others that nobody touched, in the names of those who stand in them."""

    def __init__(self) -> None:
        self._about: dict[int, Row] = {}
        self._next: dict[str, int] = {}

    def copy(self, case: Case, others: Iterable[Case]) -> None:
        """Put all that stands in a case into others, in one transaction."""
        found = {table: _rows(table, case.id) for table in TABLES}
        made: dict[str, list[Row]] = defaultdict(list)
        self._next = {}  # what was played since has taken numbers too
        with database.proxy.atomic():
            for one in others:
                for table in ("item", "fact", "progress", "task"):
                    database.run(f"DELETE FROM {table} WHERE {HERE}", one.id)
                self._one(Swap(case, one, self.about), found, made)
            for table, rows in made.items():
                _insert(table, rows)

    def _one(self, swap: Swap, found: dict[str, list[Row]], made: dict[str, list[Row]]) -> None:
        numbers: dict[tuple[str, int], int] = {}
        for table in TABLES:
            for row in found[table]:
                copy = swap(row)
                if "id" in copy:
                    copy["id"] = numbers[table, row["id"]] = self._number(table)
                for other in NUMBERED:
                    if f"{other}_id" in copy:
                        copy[f"{other}_id"] = numbers[other, row[f"{other}_id"]]
                made[table].append(copy)

    def _number(self, table: str) -> int:
        if table not in self._next:
            self._next[table] = database.rows(f"SELECT coalesce(max(id), 0) FROM {table}")[0][0]
        self._next[table] += 1
        return self._next[table]

    def about(self, person: int) -> Row:
        """What is signed of somebody themselves, not of their post."""
        if person not in self._about:
            one = Person.get_by_id(person)
            ids = {held.kind: held.value for held in PersonId.select().where(PersonId.person == person)}
            told = {"ids": ids, "employment": one.employment, "rank": one.rank, "level": one.level}
            self._about[person] = {"person": person, "name": one.name, **told}
        return self._about[person]


class Swap:
    """What is written of the people and the unit of one case, said of those of another."""

    def __init__(self, old: Case, new: Case, about: Callable[[int], Row]) -> None:
        theirs, others = _sides(old), _sides(new)
        self.about, self.case = about, new.id
        self.people = {theirs[kind]: others[kind] for kind in theirs if kind in others}
        names = {about(one)["name"]: about(other)["name"] for one, other in self.people.items()}
        self.words = names | {old.unit.name: new.unit.name}
        self.known = re.compile("|".join(map(re.escape, self.words)))

    def __call__(self, row: Row) -> Row:
        made = {key: self._text(value) if isinstance(value, str) else value for key, value in row.items()}
        for key in {"author", "by"} & set(made):
            made[key] = self.people.get(made[key], made[key])
        if "case_id" in made:
            made["case_id"] = self.case
        if "signed" in made:
            told = json.loads(made["signed"])
            sides = {kind: self._side(one) for kind, one in told["sides"].items()}
            made["signed"] = json.dumps({"by": self._side(told["by"]), "sides": sides}, ensure_ascii=False)
        return made

    def _text(self, text: str) -> str:
        return self.known.sub(lambda found: self.words[found[0]], text)

    def _side(self, told: Row) -> Row:
        """One side of a signature; the system has no person and stays."""
        return told | self.about(self.people[told["person"]]) if "person" in told else told


def _rows(table: str, case: str) -> list[Row]:
    cursor = database.proxy.execute_sql(
        database.placeholder(f"SELECT * FROM {table} WHERE {OF_PART if table == 'revision' else HERE}"), (case,)
    )
    names = [one[0] for one in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _insert(table: str, rows: list[Row]) -> None:
    names = list(rows[0])
    marks = ", ".join("?" * len(names))
    quoted = ", ".join(f'"{name}"' for name in names)
    statement = database.placeholder(f"INSERT INTO {table} ({quoted}) VALUES ({marks})")
    cursor = database.proxy.cursor()
    cursor.executemany(statement, [tuple(row.values()) for row in rows])
    if "id" in names and not database.is_sqlite():
        database.rows(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def _sides(case: Case) -> dict[str, int]:
    """Who stands in a relation to a case, the first of each kind."""
    found = Relation.select().where((Relation.case == case.id) & Relation.until.is_null()).order_by(Relation.id.desc())
    return {one.kind: one.person_id for one in found}
