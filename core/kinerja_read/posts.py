"""Who holds which post over some days: what stands against a second home, a second head, or a value of a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kinerja import days, people, units
from kinerja.clock import day_text
from kinerja.contracts import Json, PersonRow
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Period, Person, Relation, Unit
from kinerja.sentences import say
from kinerja.units import UnitLine

LISTS = {"employment": "employment_kinds", "rank": "ranks", "level": "post_levels", "jenis_ptk": "post_kinds"}
"""The reference lists whose words are shown for values of a person."""
SEXES = {("sex", "L"): "Laki-laki", ("sex", "P"): "Perempuan"}
"""The words for a value that has no list."""


def is_post(kernel: Kernel, role: str, kind: str) -> bool:
    """Whether holding a role this way is a post: not acting, and no duty beside a post (`tugas` in the list of roles)."""
    return not people.acting(kernel, kind) and not kernel.trait("roles", role, "tugas", False)


def given_at(kernel: Kernel, role: str, kind: str, unit: UnitLine) -> tuple[int, ...]:
    """The units from the root down at one of which people must be kept by who gives or takes a post at a unit: not the
    unit itself where it is given from above (`dari_atas` in the list of roles)."""
    return unit.line[: -1 if is_post(kernel, role, kind) and kernel.trait("roles", role, "dari_atas", False) else None]


def homes(kernel: Kernel, person: int, since: date, until: date | None = None) -> list[Assignment]:
    """The posts somebody holds at home on any of these days: more than one is a mistake."""
    return [
        one
        for one in over((Assignment.person == person) & (Assignment.home == True), since, until)  # noqa: E712  # SQL
        if is_post(kernel, one.role, one.kind)
    ]


def beside(
    kernel: Kernel, person: int, role: str, kind: str, unit: int, since: date, until: date | None = None
) -> list[Assignment]:
    """The others who hold a post at a unit on any of these days that only one may hold (`satu` in the list of roles)."""
    if not (is_post(kernel, role, kind) and kernel.trait("roles", role, "satu", False)):
        return []
    there = (Assignment.unit == unit) & (Assignment.role == role) & (Assignment.person != person)
    return [one for one in over(there, since, until) if is_post(kernel, one.role, one.kind)]


def absent(unit: int, day: date, persons: Collection[int]) -> list[str]:
    """The names of those who are at home at a unit on a day and are none of these people."""
    held = over((Assignment.unit == unit) & (Assignment.home == True) & Assignment.person.not_in(persons), day, day)  # noqa: E712  # SQL
    return sorted({_name(one) for one in held})


def over(where: Any, since: date, until: date | None) -> list[Assignment]:
    """The assignments of a condition that hold on any day from one to another, with their people and units."""
    found = Assignment.select(Assignment, Person, Unit).join(Person).switch(Assignment).join(Unit)
    return list(found.where(where & days.meeting(Assignment, since, until)).order_by(Assignment.since, Assignment.id))


def label(kernel: Kernel, held: Assignment) -> str:
    """What somebody holds, as pages call it."""
    return people.role_label(kernel, held.role, held.kind, held.unit.kind)


@dataclass(frozen=True, slots=True)
class Question:
    """What a file says of a post that the data do not say: `own` are the posts the person holds at home today, `others`
    who holds the named one although only one may. Nothing is guessed from it; somebody has to settle it."""

    role: str
    kind: str
    unit: UnitLine
    since: date | None
    own: tuple[Assignment, ...]
    others: tuple[Assignment, ...]

    @property
    def seen(self) -> str:
        """What this question is about, to be held against what a page showed."""
        return ",".join(str(one.id) for one in (*self.own, *self.others))


def question(
    kernel: Kernel, row: PersonRow, person: int | None, day: date, named: Mapping[tuple[str, str], int]
) -> Question | None:
    """What has to be settled before a row can be taken, or None. `named` counts how often a file names a home post."""
    home = next((one for one in row.assignments if one.home and is_post(kernel, one.role, one.kind)), None)
    at = units.named(home.unit) if home else None
    if home is None or at is None:
        return None
    unit = units.as_value(at)
    own = homes(kernel, person or 0, day)
    others = beside(kernel, person or 0, home.role, home.kind, unit.id, day)
    several = named[home.unit, home.role] > 1 and kernel.trait("roles", home.role, "satu", False)
    if any((one.unit_id, one.role) == (unit.id, home.role) for one in own) or not (own or others or several):
        return None
    return Question(home.role, home.kind, unit, home.since, tuple(own), tuple(others))


def why(kernel: Kernel, asked: Question) -> str:
    """The question as a sentence: what is recorded, and what the file says."""
    new = people.role_label(kernel, asked.role, asked.kind, asked.unit.kind)
    told = {"new": new, "unit": asked.unit.name}
    for one in asked.own:
        code = "row-post" if one.unit_id == asked.unit.id else "row-home"
        return say(code, **told, there=one.unit.name, what=label(kernel, one), day=day_text(one.since))
    rival = next(iter(asked.others), None)
    return say("row-head", **told, who=_name(rival), day=day_text(rival.since)) if rival else say("row-heads", **told)


def told(kernel: Kernel, asked: Question, row: PersonRow, person: int | None) -> dict[str, Json]:
    """The question as pages show it: what is and what would be, and at which lines of units people must be kept by who
    settles it."""
    held = [(one.role, one.kind, units.as_value(one.unit)) for one in (*asked.own, *asked.others)]
    changed = {
        "satuan": {one.unit_id for one in asked.own} - {asked.unit.id},
        "jabatan": {one.role for one in asked.own} - {asked.role},
    }
    return {
        "row": row.row, "who": row.name, "person": person, "why": why(kernel, asked), "seen": asked.seen,
        "what": people.role_label(kernel, asked.role, asked.kind, asked.unit.kind), "unit": asked.unit.name,
        "since": asked.since.isoformat() if asked.since else "",
        "own": [_consequences(kernel, one) for one in asked.own],
        "others": [_consequences(kernel, one) for one in asked.others],
        "changed": [what for what, found in changed.items() if found],
        "lines": [list(given_at(kernel, *one)) for one in [(asked.role, asked.kind, asked.unit), *held]],
    }  # fmt: skip


def _name(held: Assignment) -> str:
    return people.full_name(held.person.name, held.person.title_front, held.person.title_back)


def _consequences(kernel: Kernel, held: Assignment) -> dict[str, Json]:
    """What hangs on a post: the open plans of who holds it, and how many plans of others are decided by them."""
    own = Case.select(Period.label).join(Period).where(
        (Case.person == held.person_id) & (Case.unit == held.unit_id) & (Case.role == held.role) & Case.closed_at.is_null()
    )  # fmt: skip
    theirs = Relation.select(Relation.case).join(Case).where(
        (Relation.assignment == held.id) & Relation.until.is_null() & Case.closed_at.is_null()
    )  # fmt: skip
    return {
        "who": _name(held), "what": label(kernel, held), "unit": held.unit.name, "since": held.since.isoformat(),
        "plans": sorted({one.period.label for one in own.select(Case, Period)}), "decides": theirs.distinct().count(),
    }  # fmt: skip


def changes(
    kernel: Kernel, person: int, values: Mapping[str, Json], row: PersonRow, words: Mapping[str, str]
) -> list[list[str]]:
    """Each value of a known person that a row would change: what pages call it, as it is, as it will be."""
    known = Person.get_by_id(person)
    numbers = people.known(kernel, [person])[person][0]
    old = {**(known.attributes or {}), **numbers, **{key: getattr(known, key) for key in values}}
    told = {**{key: value for key, value in row.attributes.items() if key in words}, **row.ids, **values}
    return [
        [words.get(key, key.upper()), _shown(kernel, key, old.get(key)), _shown(kernel, key, new)]
        for key, new in told.items()
        if new not in ("", None) and (old.get(key) or "") != new
    ]


def _shown(kernel: Kernel, key: str, value: Any) -> str:
    """A value as people read it: days by their month, ids by the word of their list."""
    if isinstance(value, date):
        return day_text(value)
    return kernel.label(LISTS[key], str(value)) if value and key in LISTS else SEXES.get((key, value), str(value or ""))
