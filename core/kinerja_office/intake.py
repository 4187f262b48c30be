"""Hold the rows of an import against the people known, and take over those that are no conflict."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from kinerja import days, people
from kinerja.contracts import AssignmentRow, ImportRows, PersonRow
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Person, PersonId, Unit
from kinerja.sentences import LONGEST, say
from kinerja_office import lengths, requests

WORDS = {
    "name": "Nama", "title_front": "Gelar depan", "title_back": "Gelar belakang", "full_name": "Nama dengan gelar",
    "sex": "Jenis kelamin", "employment": "Status kepegawaian", "rank": "Pangkat", "level": "Jenjang jabatan",
    "role": "Jabatan", "kind": "Jenis penugasan", "note": "Keterangan penugasan",
}  # fmt: skip
"""What pages call the columns a row may overfill."""


@dataclass(frozen=True, slots=True)
class Match:
    """How one row meets the people known: new, same (of `person`), or a conflict; `why` is its reason, or a doubt."""

    row: PersonRow
    how: str
    person: int | None = None
    why: str = ""


def match(kernel: Kernel, rows: ImportRows, unit: Unit) -> list[Match]:
    """Hold each row against the people known: by number in the order of trust, else by name and birth date.

    Nothing is guessed: two people for one row, two home schools, or a number of another person are conflicts.
    """
    day = kernel.clock.today(unit.zone)
    numbers = Counter((kind, value) for row in rows.people for kind, value in row.ids.items())
    found = []
    for row in rows.people:
        twice = [kind for kind, value in row.ids.items() if numbers[kind, value] > 1]
        why = say("row-twice", number=twice[0].upper()) if twice else _too_long(row)
        found.append(Match(row, "conflict", None, why) if why else _match(row, unit, day))
    return found


def _too_long(row: PersonRow) -> str:
    """Why a row cannot be kept: one of its texts has more letters than its column."""
    found = [lengths.too_long(Person, _values(row))]
    for kind, value in row.ids.items():
        if lengths.too_long(PersonId, {"kind": kind, "value": value}):
            return say("value-long", what=kind.upper()[:20], n=lengths.most(PersonId, "value"))
    found += [lengths.too_long(Assignment, {"role": one.role, "kind": one.kind}) for one in row.assignments]
    found += [("note", LONGEST) for one in row.assignments if len(one.note) > LONGEST]
    if len(people.full_name(row.name, row.title_front, row.title_back)) > lengths.name_limit():
        found.append(("full_name", lengths.name_limit()))
    told = next((one for one in found if one is not None), None)
    return say("value-long", what=WORDS[told[0]], n=told[1]) if told else ""


def _match(row: PersonRow, unit: Unit, day: date) -> Match:
    for one in row.assignments:
        at = Unit.get_or_none((Unit.npsn == one.unit) | (Unit.code == one.unit))
        if at is None or unit.id not in at.line:
            return Match(row, "conflict", None, say("row-elsewhere", there=one.unit, unit=unit.name))
    found = {
        kind: holder.person_id
        for kind, value in row.ids.items()
        if (holder := PersonId.get_or_none((PersonId.kind == kind) & (PersonId.value == value)))
    }
    if len(set(found.values())) > 1:
        return Match(row, "conflict", None, say("row-numbers"))
    person = next(iter(found.values()), None)
    if person is None and row.born is not None:
        same = [
            one
            for one in Person.select().where(Person.born == row.born)
            if people.plain(one.name) == people.plain(row.name)
        ]
        if len(same) > 1:
            return Match(row, "conflict", None, say("row-names"))
        person = same[0].id if same else None
    if person is None:
        return Match(row, "new", None, "" if any(one.home for one in row.assignments) else say("row-homeless"))
    if found and _somebody_else(person, row):
        return Match(row, "conflict", person, say("row-other"))
    other = _other_number(person, row)
    if other:
        return Match(row, "conflict", person, other)
    home = next((one for one in row.assignments if one.home), None)
    elsewhere = _home(person, day)
    if home is not None and elsewhere is not None and elsewhere.unit_id != _unit(home.unit, unit).id:
        return Match(
            row, "conflict", person,
            say("row-home", unit=elsewhere.unit.name),
        )  # fmt: skip
    return Match(row, "same", person, "" if home or elsewhere else say("row-homeless"))


def _somebody_else(person: int, row: PersonRow) -> bool:
    """Whether a number leads to a person who is called otherwise and was born on another day."""
    known = Person.get_by_id(person)
    return (
        None not in (known.born, row.born)
        and known.born != row.born
        and people.plain(known.name) != people.plain(row.name)
    )


def _other_number(person: int, row: PersonRow) -> str:
    known = {one.kind: one.value for one in PersonId.select().where(PersonId.person == person)}
    asked = requests.wanted_of(person)
    for kind, value in row.ids.items():
        if known.get(kind, value) != value and asked.get(kind) != value:
            return say("row-number", number=kind.upper(), known=known[kind])
    return ""


def _home(person: int, day: date) -> Assignment | None:
    found: Assignment | None = (
        Assignment.select()
        .where((Assignment.person == person) & (Assignment.home == True) & days.lasting(Assignment, day))  # noqa: E712  # SQL
        .join(Unit)
        .where(Unit.npsn.is_null(False))
        .first()
    )
    return found


def _unit(code: str, default: Unit) -> Unit:
    return Unit.get_or_none((Unit.npsn == code) | (Unit.code == code)) or default


def save(one: Match, unit: Unit, by: int | None, day: date) -> None:
    """Take one row over, in a transaction; IntegrityError where a number is somebody else's by now."""
    row = one.row
    values = {key: value for key, value in _values(row).items() if value not in ("", None)}
    if one.person is None:
        person = Person.create(**values, attributes=dict(row.attributes))
    else:
        person = Person.get_by_id(one.person)
        home = _home(person.id, day)
        if home is not None and unit.id not in home.unit.line:
            values = {}  # the data of a guest are their home school's to change
        Person.update(**values, attributes={**(person.attributes or {}), **row.attributes}).where(
            Person.id == person.id
        ).execute()
    for kind, value in row.ids.items():
        mine = (PersonId.person == person) & (PersonId.kind == kind)
        PersonId.delete().where(mine & (PersonId.value != value)).execute()
        if not PersonId.select().where(mine).exists():
            PersonId.create(person=person, kind=kind, value=value, force_insert=True)
    for assignment in row.assignments:
        _assign(person, assignment, by)


def _values(row: PersonRow) -> dict[str, Any]:
    """What a row says of its person, by column."""
    return {
        "name": row.name, "title_front": row.title_front, "title_back": row.title_back, "sex": row.sex, "born": row.born,
        "employment": row.employment, "rank": row.rank, "level": row.level,
    }  # fmt: skip


def _assign(person: Person, row: AssignmentRow, by: int | None) -> None:
    unit = Unit.get_or_none((Unit.npsn == row.unit) | (Unit.code == row.unit))
    if unit is None:
        return
    since = row.since or date(2000, 1, 1)
    held = Assignment.get_or_none(
        (Assignment.person == person) & (Assignment.unit == unit) & (Assignment.role == row.role)
        & (Assignment.kind == row.kind) & days.lasting(Assignment, since)
    )  # fmt: skip
    if held is None:  # an end that is entered stays: a file knows it last
        people.assign(person, row.role, unit, row.kind, since, until=row.until, home=row.home, note=row.note, by=by)
