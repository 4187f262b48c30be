"""Enter what is known of a person, with its day: it had always been so (*perbaikan*), or is so from a day on
(*perubahan*). Whoever keeps the data says which; a file never replaces what somebody entered until it says the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from peewee import fn

from kinerja import database, days, people
from kinerja.access import Viewer
from kinerja.clock import day_text
from kinerja.contracts import Entry, Json, PersonRow
from kinerja.kernel import Kernel
from kinerja.models import Person, PersonId, PersonValue
from kinerja.sentences import bounded, needed, refuse, refuse_if, say
from kinerja_office import editions, endings, lengths, requests, staff
from kinerja_office.staff import Employee
from kinerja_read import Corrected
from kinerja_read.values import ALWAYS, CHANGED, COLUMN, EMPTY, LIST, NUMBER, WRONG, copy, held, kept, printed, words

NAMES = ("name", "title_front", "title_back")
"""The columns of a person that papers print as one name."""
LIVING = PersonValue.until.is_null() | (PersonValue.until >= PersonValue.since)
"""The condition of a query that a row was not replaced from its first day on."""


def enter(
    kernel: Kernel, viewer: Viewer, person: Employee, field: str, value: str, kind: str, since: date | None, note: str,
    at: datetime,
) -> None:  # fmt: skip
    """Enter a value of a person with its paper, as somebody who keeps the people of their home; nobody their own. What
    had always been so reaches every open case and makes new editions of papers; what changed holds from its day
    (`since`), and what was agreed before stays as it is."""
    entry, home = next((one for one in kept(kernel) if one.id == field), None), staff.home_of(kernel, person.id)
    if entry is None or home is None or kind not in (WRONG, CHANGED):
        raise refuse("missing")
    staff.may(viewer, home, person.id)
    value, note, first = " ".join(value.split()), needed(note, "paper-needed"), since or ALWAYS
    refuse_if(kind == CHANGED and since is None, "since-needed", what=entry.label)
    staff.known_days(first, None)
    with database.proxy.atomic():
        staff.lock(person.id)
        before, rows = copy(kernel, person.id)[field], _living(person.id, field)
        now = next((row for row in reversed(rows) if row.put), None)
        old = now.old if now is not None and before == value else before
        if kind == WRONG:
            first = _first(rows, old)
        dated = kind == CHANGED and (now is None or now.since != first)
        refuse_if(before == value == old and not dated, "value-same", what=entry.label)
        papers = [_on_paper(kernel, person.id, entry, text) for text in (old, value)]
        _fits(kernel, person.id, entry, value, papers[1])
        keep(
            person.id, field, value, first,
            kind=kind, old=old, source=note, entered_by=viewer.person, entered_at=at, firm=True,
        )  # fmt: skip
        arrive(kernel, PersonValue.person == person.id, kernel.clock.today(home.zone))
        told = say(
            f"value-{kind}", what=entry.label, old=papers[0] or "–", new=papers[1] or "–", day=day_text(first), why=note
        )
        staff.tell(kernel, viewer, home, "value", person, told)
        endings.tell_elsewhere(kernel, person.id, home.id)
        if kind == WRONG:
            editions.put_right(
                kernel, Corrected(person.id, printed(kernel, field), entry.label, *papers), viewer.person, at
            )


def _living(person: int, field: str) -> list[PersonValue]:
    return list(
        PersonValue.select()
        .where((PersonValue.person == person) & (PersonValue.field == field) & LIVING)
        .order_by(PersonValue.since, PersonValue.id)
    )


def _first(rows: Iterable[PersonValue], value: str) -> date:
    """Since when somebody had a value, the last time they did."""
    return max((row.since for row in rows if row.value == value), default=ALWAYS)


def _on_paper(kernel: Kernel, person: int, entry: Entry, value: str) -> str:
    """A value as papers print it: a part of a name as the whole name."""
    column, one = entry.data.get(COLUMN), Person.get_by_id(person)
    parts = {name: getattr(one, name) for name in NAMES} | {column: value}
    return people.full_name(*[parts[name] for name in NAMES]) if column in NAMES else words(kernel, entry, value)


def _fits(kernel: Kernel, person: int, entry: Entry, value: str, paper: str) -> None:
    """Refuse a value that is empty, too long, of no list, or a number of somebody else."""
    refuse_if(not value and not entry.data.get(EMPTY), "value-needed", what=entry.label)
    bounded(paper, lengths.name_limit())
    if LIST in entry.data and value:
        refuse_if(kernel.reference(entry.data[LIST], value) is None, "value-unknown", what=entry.label)
    other = _holder(person, entry, value)
    if other is not None:
        raise refuse("number-taken", what=entry.label, who=people.full_name(other.name))


def _holder(person: int, entry: Entry, value: str) -> Person | None:
    """Somebody else who has a number."""
    found = people.find_person(entry.id, value) if NUMBER in entry.data else None
    return found if found is not None and found.id != person else None


def keep(person: int, field: str, value: str, since: date, **more: Any) -> None:
    """Write down a value from a day on, in a transaction: what held then ends the day before, and the same value is known
    once. With `put` it stands in today's copy already."""
    mine, eve = (PersonValue.person == person) & (PersonValue.field == field), since - timedelta(days=1)
    ends = (PersonValue.since <= since) | (PersonValue.value == value)
    PersonValue.update(until=eve).where(mine & ends & days.lasting(PersonValue, since)).execute()
    later = PersonValue.select(fn.min(PersonValue.since)).where(mine & LIVING & (PersonValue.since > since)).scalar()
    until = later and later - timedelta(days=1)
    PersonValue.create(person=person, field=field, value=value, since=since, until=until, **more)


def entered(persons: Iterable[int]) -> dict[tuple[int, str], PersonValue]:
    """What somebody entered or made sure of last, by person and field."""
    return {
        (one.person_id, one.field): one
        for one in PersonValue.select()
        .where(PersonValue.person.in_(list(persons)) & PersonValue.entered_by.is_null(False) & PersonValue.put)
        .order_by(PersonValue.id)
    }


def arrive(kernel: Kernel, whose: Any, day: date) -> None:
    """Let what holds from a day on stand in today's copy. Called where a value is entered, and on its first day; a number
    that somebody else has by then waits on."""
    entries = {one.id: one for one in kept(kernel)}
    due = PersonValue.select().where(whose & (PersonValue.put == False) & days.on(PersonValue, day))  # noqa: E712  # SQL
    for row in list(due.order_by(PersonValue.id)):
        entry = entries.get(row.field)
        if entry is not None and _holder(row.person_id, entry, row.value) is None:
            _put(row.person, entry, row.value)
            PersonValue.update(put=True).where(PersonValue.id == row.id).execute()


def _put(person: Person, entry: Entry, value: str) -> None:
    """Write today's copy of a value."""
    if NUMBER in entry.data:
        put_number(person, entry.id, value)
    else:
        Person.update(**_written(entry, value, {}, person.attributes)).where(Person.id == person.id).execute()


def put_number(person: Person, kind: str, value: str) -> None:
    """Let a person have a number of a kind, or none; IntegrityError where it is somebody else's."""
    mine = (PersonId.person == person) & (PersonId.kind == kind)
    PersonId.delete().where(mine & (PersonId.value != value)).execute()
    if value and not PersonId.select().where(mine).exists():
        PersonId.create(person=person, kind=kind, value=value, force_insert=True)


def heed(kernel: Kernel, person: int, row: PersonRow, day: date) -> tuple[PersonRow, dict[str, str]]:
    """A row of an import with what somebody entered where it says otherwise, and by field the sentence that this stays."""
    mine = (PersonValue.person == person) & PersonValue.firm & PersonValue.until.is_null()
    firm, stays = {one.field: one for one in PersonValue.select().where(mine)}, {}
    now = copy(kernel, person) if firm else {}
    for entry in [entry for entry in kept(kernel) if entry.id in firm]:
        one, told = firm[entry.id], held(entry, row, row.ids, row.attributes)
        if told and (told != one.value or one.since > day):
            row = replace(row, **_written(entry, now[entry.id], row.ids, row.attributes))
            here, there = words(kernel, entry, one.value), words(kernel, entry, told)
            stays[entry.id] = say("row-entered", what=entry.label, now=here, told=there)
    return row, stays


def _written(entry: Entry, value: str, numbers: Mapping[str, str], more: Mapping[str, Json]) -> dict[str, Any]:
    """Where its entry says that a value is kept, of a person or of a row of an import, with all else that is there."""
    if COLUMN in entry.data:
        return {entry.data[COLUMN]: value}
    if NUMBER in entry.data:
        return {"ids": {**numbers, entry.id: value}}
    return {"attributes": {**more, entry.id: value}}


def imported(
    kernel: Kernel, person: int, before: Mapping[str, str], row: PersonRow, stays: Collection[str], source: str, day: date,
    at: datetime,
) -> None:  # fmt: skip
    """Keep what an import changed of a person, which was `before` otherwise: from this day on or, where they asked for it,
    as always so. What its row told as somebody entered it stands no longer against files; what *stays* it did not tell."""
    now, entries, asked = copy(kernel, person), kept(kernel), requests.wanted_of(kernel, person)
    told = [one.id for one in entries if held(one, row, row.ids, row.attributes) and one.id not in stays]
    agreed = (PersonValue.person == person) & PersonValue.field.in_(told) & PersonValue.firm & PersonValue.put
    PersonValue.update(firm=False).where(agreed).execute()
    for entry in [one for one in entries if now[one.id] != before[one.id]]:
        value, old = now[entry.id], before[entry.id]
        wrong = people.alike(
            _on_paper(kernel, person, entry, value), asked.get(printed(kernel, entry.id), ""), titled=False
        )
        keep(
            person, entry.id, value, _first(_living(person, entry.id), old) if wrong else day,
            kind=WRONG if wrong else CHANGED, old=old, source=source, entered_at=at, put=True,
        )  # fmt: skip
