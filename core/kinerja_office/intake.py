"""Hold the rows of an import against the people known, and take over those that are no conflict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from kinerja import days, people, units
from kinerja.contracts import ImportRows, PersonRow
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Person, PersonId, Unit
from kinerja.sentences import LONGEST, say
from kinerja_office import lengths, requests, values
from kinerja_read import posts
from kinerja_read.posts import Question
from kinerja_read.values import copy

WORDS = {
    "name": "Nama", "title_front": "Gelar depan", "title_back": "Gelar belakang", "full_name": "Nama dengan gelar",
    "sex": "Jenis kelamin", "employment": "Status kepegawaian", "rank": "Pangkat", "level": "Jenjang jabatan",
    "role": "Jabatan", "kind": "Jenis penugasan", "note": "Keterangan penugasan",
    "born": "Tanggal lahir", "jenis_ptk": "Jenis PTK",
}  # fmt: skip
"""What pages call what a row may change or overfill."""


@dataclass(frozen=True, slots=True)
class Match:
    """How one row meets the people known: new, same (of `person`), or a conflict; `why` is its reason, or a doubt.
    `stays` tells by field that a value stays as somebody entered it, `twins` are the people its numbers lead to where
    those are more than one."""

    row: PersonRow
    how: str
    person: int | None = None
    why: str = ""
    asked: Question | None = None
    stays: Mapping[str, str] = field(default_factory=dict)
    twins: tuple[int, ...] = ()


def match(kernel: Kernel, rows: ImportRows, unit: Unit) -> list[Match]:
    """Hold each row against the people known: by number in the order of trust, else by name and birth date.

    Nothing is guessed: two people for one row, two home schools, or a number of another person are conflicts.
    """
    day = kernel.clock.today(unit.zone)
    named = Counter((one.unit, one.role) for row in rows.people for one in row.assignments if one.home)
    numbers = Counter((kind, value) for row in rows.people for kind, value in row.ids.items())
    found = []
    for row in rows.people:
        twice = [kind for kind, value in row.ids.items() if numbers[kind, value] > 1]
        why = say("row-twice", number=twice[0].upper()) if twice else _too_long(row)
        found.append(Match(row, "conflict", None, why) if why else _match(kernel, row, unit, day, named))
    return found


def _too_long(row: PersonRow) -> str:
    """Why a row cannot be kept: one of its texts has more letters than its column."""
    held, full = row.assignments, people.full_name(row.name, row.title_front, row.title_back)
    texts = [
        *((WORDS[key], value, lengths.most(Person, key)) for key, value in values_of(row).items()),
        *((kind.upper()[:20], kind, lengths.most(PersonId, "kind")) for kind in row.ids),
        *((kind.upper()[:20], value, lengths.most(PersonId, "value")) for kind, value in row.ids.items()),
        *((WORDS["role"], one.role, lengths.most(Assignment, "role")) for one in held),
        *((WORDS["kind"], one.kind, lengths.most(Assignment, "kind")) for one in held),
        *((WORDS["note"], one.note, LONGEST) for one in held),
        (WORDS["full_name"], full, lengths.name_limit()),
    ]
    long = [(what, most) for what, text, most in texts if most and len(str(text or "")) > most]
    return say("value-long", what=long[0][0], n=long[0][1]) if long else ""


def _match(kernel: Kernel, row: PersonRow, unit: Unit, day: date, named: Counter[tuple[str, str]]) -> Match:
    for one in row.assignments:
        at = units.named(one.unit)
        if at is None or unit.id not in at.line:
            return Match(row, "conflict", None, say("row-elsewhere", there=one.unit, unit=unit.name))
    found = {
        kind: holder.person.merged_into_id or holder.person_id
        for kind, value in row.ids.items()
        if (holder := PersonId.get_or_none((PersonId.kind == kind) & (PersonId.value == value)))
    }
    if len(set(found.values())) > 1:
        return Match(row, "conflict", None, say("row-numbers"), twins=tuple(dict.fromkeys(found.values())))
    person = next(iter(found.values()), None)
    if person is None and row.born is not None:
        same = [
            one
            for one in Person.select().where((Person.born == row.born) & Person.merged_into.is_null())
            if people.plain(one.name) == people.plain(row.name)
        ]
        if len(same) > 1:
            return Match(row, "conflict", None, say("row-names"))
        person = same[0].id if same else None
    stays: dict[str, str] = {}
    if person is not None:
        told, (row, stays) = row, values.heed(kernel, person, row, day)
        other = say("row-other") if _somebody_else(person, told) else _other_number(kernel, person, row)
        if other:
            return Match(row, "conflict", person, other)
    asked = posts.question(kernel, row, person, day, named)
    if asked is not None:
        return Match(row, "conflict", person, posts.why(kernel, asked), asked, stays)
    home = at_home(row) or posts.homes(kernel, person or 0, day)
    doubts = [*stays.values(), *([] if home else [say("row-homeless")])]
    return Match(row, "new" if person is None else "same", person, " ".join(doubts), None, stays)


def _somebody_else(person: int, row: PersonRow) -> bool:
    """Whether a number leads to a person who is called otherwise and was born on another day."""
    known = Person.get_by_id(person)
    return (
        None not in (known.born, row.born)
        and known.born != row.born
        and people.plain(known.name) != people.plain(row.name)
    )


def _other_number(kernel: Kernel, person: int, row: PersonRow) -> str:
    known = {one.kind: one.value for one in PersonId.select().where(PersonId.person == person)}
    asked = requests.wanted_of(kernel, person)
    unlike = [kind for kind, value in row.ids.items() if value not in (known.get(kind, value), asked.get(kind))]
    return say("row-number", number=unlike[0].upper(), known=known[unlike[0]]) if unlike else ""


def at_home(row: PersonRow) -> bool:
    """Whether a file names its school as the home of a person; of a guest it is asked for no data."""
    return any(one.home for one in row.assignments)


def save(kernel: Kernel, one: Match, unit: Unit, day: date, source: str, at: datetime) -> Person:
    """Take over what one row says of its person, in a transaction, as it came from *source*; IntegrityError where a number
    is somebody else's by now. What they hold is taken by `assign`."""
    row, before = one.row, copy(kernel, one.person) if one.person is not None else {}
    columns = {key: value for key, value in values_of(row).items() if value not in ("", None)}
    if one.person is None:
        person = Person.create(**columns, attributes=dict(row.attributes), source=source, entered_at=at)
    else:
        person = Person.get_by_id(one.person)
        homes = [] if at_home(row) else posts.homes(kernel, person.id, day)
        if homes and not any(unit.id in home.unit.line for home in homes):
            columns = {}  # the data of a guest are their home school's to change
        Person.update(**columns, attributes={**(person.attributes or {}), **row.attributes}).where(
            Person.id == person.id
        ).execute()
    for kind, value in row.ids.items():
        values.put_number(person, kind, value)
    if before:
        values.imported(kernel, person.id, before, row, one.stays, source, day, at)
    return person


def values_of(row: PersonRow) -> dict[str, Any]:
    """What a row says of its person, by column."""
    return {
        "name": row.name, "title_front": row.title_front, "title_back": row.title_back, "sex": row.sex, "born": row.born,
        "employment": row.employment, "rank": row.rank, "level": row.level,
    }  # fmt: skip


def assign(kernel: Kernel, person: Person, row: PersonRow, by: int | None) -> None:
    """Let a person hold what a row names and they do not hold yet; a home not before the last one they left was over,
    whatever the row says or does not say of its first day."""
    for one in row.assignments:
        unit, since = units.named(one.unit), one.since or date(2000, 1, 1)
        held = Assignment.get_or_none(
            (Assignment.person == person) & (Assignment.unit == unit) & (Assignment.role == one.role)
            & (Assignment.kind == one.kind) & days.lasting(Assignment, since)
        )  # fmt: skip
        if unit is not None and held is None:  # an end that is entered stays: a file knows it last
            home = one.home and posts.is_post(kernel, one.role, one.kind)
            ends = [post.until for post in (posts.homes(kernel, person.id, since) if home else ()) if post.until]
            people.assign(
                person, one.role, unit, one.kind, max([since, *(last + timedelta(days=1) for last in ends)]),
                until=one.until, home=one.home, note=one.note, by=by,
            )  # fmt: skip
