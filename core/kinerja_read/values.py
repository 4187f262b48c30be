"""What is known of a person: each value with since when and from where, and what is entered for a day to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from peewee import JOIN

from kinerja import days, people
from kinerja.access import PEOPLE, Viewer, for_those_who
from kinerja.contracts import Entry, Json
from kinerja.kernel import Kernel
from kinerja.models import Person, PersonId, PersonValue
from kinerja.units import UnitLine

VALUES = "nilai-orang"
"""The reference list of values of a person: an entry's id is a key of the profile, `mengikuti` how cases follow it."""
COLUMN, NUMBER, MORE = "kolom", "nomor", "sifat"
"""The keys of an entry that say where today's copy is: a column of a person, a number, or what imports brought."""
LIST = "daftar"
"""The key of an entry that names the reference list its ids are of."""
EMPTY = "boleh_kosong"
"""The key of an entry that tells that there may be none."""
WRONG, CHANGED = "perbaikan", "perubahan"
"""It had always been so and was written wrongly; or it is so from a day on."""
ALWAYS = date(1950, 1, 1)
"""Since when a value holds of which no first day is known."""


@dataclass(frozen=True, slots=True)
class Known:
    """One value of a person today, in words and as it is stored (`raw`): since when (none: always), what it was before,
    and from which paper or import it came, on which day; `own` where it did not come with the record itself. `later` is
    what is entered and does not hold yet, each with its day.
    `options` names the reference list its ids are of; `needed` tells that it may not be empty."""

    field: str
    label: str
    value: str
    raw: str
    options: str
    needed: bool
    since: date | None = None
    old: str = ""
    source: str = ""
    entered: date | None = None
    own: bool = False
    later: tuple[tuple[str, date], ...] = ()


def kept(kernel: Kernel) -> list[Entry]:
    """The values of a person that are kept with their days, in the order of their list."""
    return [one for one in kernel.entries(VALUES) if {COLUMN, NUMBER, MORE} & one.data.keys()]


def held(entry: Entry, columns: object, numbers: Mapping[str, str], more: Mapping[str, Json]) -> str:
    """A value where its entry says it is kept, of a person or of a row of an import."""
    if COLUMN in entry.data:
        return str(getattr(columns, entry.data[COLUMN]))
    return str((numbers if NUMBER in entry.data else more).get(entry.id) or "")


def words(kernel: Kernel, entry: Entry, value: str) -> str:
    """A value as people read it."""
    return kernel.label(str(entry.data.get(LIST, "")), value)


def printed(kernel: Kernel, field: str) -> str:
    """By which name papers know a value; the parts of a name share one."""
    return str(kernel.trait(VALUES, field, "kertas", field))


def came(kernel: Kernel, person: int, field: str) -> str:
    """How the value came that papers print so, WRONG or CHANGED; nothing where no day of it is known."""
    same = [one.id for one in kept(kernel) if printed(kernel, one.id) == printed(kernel, field)]
    newest = (
        PersonValue.select()
        .where((PersonValue.person == person) & PersonValue.field.in_(same) & PersonValue.put)
        .order_by(PersonValue.id.desc())
        .first()
    )
    return str(newest.kind) if newest is not None else ""


def copy(kernel: Kernel, person: int) -> dict[str, str]:
    """Today's value of each field of a person, as it is stored."""
    one, numbers = Person.get_by_id(person), people.known(kernel, [person])[person][0]
    return {entry.id: held(entry, one, numbers, one.attributes) for entry in kept(kernel)}


@for_those_who(PEOPLE)
def known(kernel: Kernel, viewer: Viewer, unit: UnitLine, person: int) -> list[Known]:
    """What is known of a person today, for those who keep the people of a unit; nothing for others."""
    today = kernel.clock.today(unit.zone)
    rows = list(
        Person.select(Person, PersonId, PersonValue)
        .join(PersonId, JOIN.LEFT_OUTER, attr="number")
        .switch(Person)
        .join(
            PersonValue,
            JOIN.LEFT_OUTER,
            on=(PersonValue.person == Person.id) & days.lasting(PersonValue, today),
            attr="known",
        )
        .where(Person.id == person)
        .order_by(PersonValue.since, PersonValue.id)
    )
    one, numbers = rows[0], {row.number.kind: row.number.value for row in rows if row.number}
    lasting = {row.known.id: row.known for row in rows if row.known}.values()
    found = []
    for entry in kept(kernel):
        mine = [row for row in lasting if row.field == entry.id]
        now = next((row for row in mine if row.put and row.since <= today), None)
        later = tuple((words(kernel, entry, row.value), row.since) for row in mine if not row.put)
        came, raw, options = now or one, held(entry, one, numbers, one.attributes), str(entry.data.get(LIST, ""))
        found.append(
            Known(
                entry.id, entry.label, words(kernel, entry, raw), raw, options, not entry.data.get(EMPTY),
                since=now.since if now is not None and now.since > ALWAYS else None,
                old=words(kernel, entry, now.old) if now is not None and now.old != raw else "", source=came.source,
                entered=came.entered_at and came.entered_at.astimezone(ZoneInfo(unit.zone)).date(),
                own=now is not None, later=later,
            )
        )  # fmt: skip
    return found
