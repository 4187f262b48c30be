"""Change who holds what, by hand: an acting head with SK and days, a transfer, a leave, a merger of schools.

Everything is asked of somebody who keeps the people of the unit, is logged with its reason, and is followed by a timer
that opens and ends cases and sets relations right. TMT and the moment of entry are two days; late entry is normal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kinerja import database, days, log, people, units
from kinerja.access import PEOPLE, Viewer
from kinerja.clock import day_text
from kinerja.contracts import Refusal
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Person, Standing, Timer, Unit
from kinerja.sentences import bounded, needed, refuse, refuse_if, say
from kinerja.units import UnitLine
from kinerja_office.endings import REASONS, tell_elsewhere

LISTED = 500
"""How many assignments a list of them holds at most."""
FIRST_YEAR = 1950
"""No day before this year is anybody's first or last at work."""


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody whose work is entered here."""

    id: int
    name: str
    title_front: str = ""
    title_back: str = ""

    @property
    def full_name(self) -> str:
        return people.full_name(self.name, self.title_front, self.title_back)


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody holds or held at a unit, from a day to a day; `ended_as` is the reason of its end."""

    id: int
    person: Employee
    unit: UnitLine
    role: str
    kind: str
    home: bool
    since: date
    until: date | None
    note: str
    ended_as: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A dated condition of a person, such as a leave."""

    kind: str
    since: date
    until: date | None
    note: str


def appoint(
    kernel: Kernel,
    viewer: Viewer,
    person: Employee,
    role: str,
    kind: str,
    unit: UnitLine,
    since: date,
    until: date | None,
    note: str,
    *,
    home: bool = False,
) -> Assignment:
    """Enter that a person holds a role at a unit. The paper (`note`) must be named, and for an acting kind the last
    day; nobody appoints to a role that allows more than their own."""
    _may(viewer, unit, person.id)
    _known_days(since, until)
    refuse_if(
        kernel.reference("roles", role) is None or kernel.reference("assignment_kinds", kind) is None, "reason-unknown"
    )
    refuse_if(not people.permissions(kernel, role) <= viewer.permissions, "missing")
    refuse_if(not fits(kernel, role, unit), "role-elsewhere", what=kernel.label("roles", role), unit=unit.name)
    note = needed(note, "paper-needed")
    refuse_if(until is not None and until < since, "days-turned")
    refuse_if(
        until is None and kernel.trait("assignment_kinds", kind, "acting", False),
        "last-day-needed", what=kernel.label("assignment_kinds", kind),
    )  # fmt: skip
    same = (Assignment.person == person.id) & (Assignment.unit == unit.id) & (Assignment.role == role)
    overlapping = days.lasting(Assignment, since) & (Assignment.since <= (until or date.max))
    with database.proxy.atomic():
        _lock(person.id)
        if Assignment.select().where(same & overlapping).exists():
            raise _held_already(kernel, person, role)
        made = people.assign(person.id, role, unit.id, kind, since, until=until, home=home, note=note, by=viewer.person)
        label = people.role_label(kernel, role, kind, unit.kind)
        _tell(kernel, viewer, unit, "appointed", person, f"{label}, TMT {day_text(since)}. {note}")
    return made


def fits(kernel: Kernel, role: str, unit: UnitLine) -> bool:
    """Whether a role can be held at a kind of unit: a role with `di_sekolah = false` is not one of a school."""
    school = kernel.trait("unit_kinds", unit.kind, "sekolah", False)
    return not school or bool(kernel.trait("roles", role, "di_sekolah", True))


def end(kernel: Kernel, viewer: Viewer, held: Held, last: date, reason: str, note: str) -> None:
    """Enter the last day of an assignment, why it ends (an id of the reasons), and the paper."""
    _may(viewer, held.unit, held.person.id)
    _known_days(last, None)
    note = bounded(note)
    refuse_if(last < held.since - timedelta(days=1), "days-turned")
    refuse_if(kernel.reference(REASONS, reason) is None, "reason-unknown")
    with database.proxy.atomic():
        held = _as_it_is(held)
        if days.over(held.until, kernel.clock.today(held.unit.zone)):
            raise refuse("ended-already", day=day_text(held.until))
        if held.until is not None and last > held.until:
            raise refuse("longer-than-known", day=day_text(held.until))
        Assignment.update(until=last, ended_as=reason, note=note or held.note).where(Assignment.id == held.id).execute()
        told = f"{kernel.label(REASONS, reason)}, terakhir {day_text(last)}. {note}"
        _tell(kernel, viewer, held.unit, "assignment-ended", held.person, told)


def transfer(
    kernel: Kernel, viewer: Viewer, held: Held, to: UnitLine, role: str, since: date, reason: str, note: str,
    until: date | None = None,
) -> Assignment:  # fmt: skip
    """Let a person go on at another unit, or under another role, from a day (TMT): the old assignment ends the day
    before. Both units must be the viewer's to keep. `until` is the last day where it is known, as of a head's term."""
    _may(viewer, held.unit, held.person.id)
    _may(viewer, to, held.person.id)
    _known_days(since, until)
    if held.unit.id == to.id and held.role == role:
        raise _held_already(kernel, held.person, role)
    with database.proxy.atomic():
        end(kernel, viewer, held, since - timedelta(days=1), reason, note)
        return appoint(kernel, viewer, held.person, role, held.kind, to, since, until, note, home=held.home)


def resume(kernel: Kernel, viewer: Viewer, held: Held, note: str) -> None:
    """Take back the end of an assignment that was entered by mistake; a case that ended with it opens again."""
    _may(viewer, held.unit, held.person.id)
    note = needed(note)
    elsewhere = (Assignment.person == held.person.id) & (Assignment.home == True) & (Assignment.id != held.id)  # noqa: E712  # SQL
    same = (Assignment.person == held.person.id) & (Assignment.unit == held.unit.id) & (Assignment.role == held.role)
    twice = same & (Assignment.id != held.id) & days.lasting(Assignment, held.since)
    two_homes = elsewhere & days.lasting(Assignment, kernel.clock.today(held.unit.zone))
    with database.proxy.atomic():
        held = _as_it_is(held)
        for beside in (twice, two_homes) if held.home else (twice,):
            if Assignment.select().where(beside).exists():
                raise _held_already(kernel, held.person, held.role)
        refuse_if(not held.ended_as or kernel.trait("assignment_kinds", held.kind, "acting", False), "nothing-ended")
        Assignment.update(until=None, ended_as="").where(Assignment.id == held.id).execute()
        _tell(kernel, viewer, held.unit, "assignment-resumed", held.person, say("resumed", why=note))


def merge(kernel: Kernel, viewer: Viewer, unit: UnitLine, into: UnitLine, since: date, reason: str, note: str) -> int:
    """Let all who have their home at a unit go on at another from a day; returns how many. The old unit stays, with
    the papers of its days. Who was a guest there before is at home there from then on."""
    moved = 0
    with database.proxy.atomic():
        theirs = (Assignment.unit == unit.id) & (Assignment.home == True) & days.lasting(Assignment, since)  # noqa: E712  # SQL
        for held in _held(theirs):
            same = (Assignment.person == held.person.id) & (Assignment.unit == into.id) & (Assignment.role == held.role)
            beside = (Assignment.home == False) & days.lasting(Assignment, since)  # noqa: E712  # SQL
            for guest in _held(same & beside)[:1]:
                end(kernel, viewer, guest, since - timedelta(days=1), reason, note)
            transfer(kernel, viewer, held, into, held.role, since, reason, note)
            moved += 1
    return moved


def set_standing(
    kernel: Kernel, viewer: Viewer, person: Employee, kind: str, since: date, until: date | None, note: str
) -> None:
    """Enter a dated condition of a person (leave, study …) as somebody who keeps the people of their unit."""
    unit = home_of(kernel, person.id)
    if unit is None:
        raise refuse("missing")
    _may(viewer, unit, person.id)
    _known_days(since, until)
    refuse_if(kernel.reference("conditions", kind) is None, "reason-unknown")
    note = bounded(note)
    refuse_if(until is not None and until < since, "days-turned")
    with database.proxy.atomic():
        _lock(person.id)
        here = Standing.get_or_none((Standing.person == person.id) & (Standing.since == since))
        if here is not None and (here.kind, here.until, here.note) == (kind, until, note):
            return
        Standing.delete().where((Standing.person == person.id) & (Standing.since == since)).execute()
        _keep_rest(person.id, since, until)
        Standing.update(until=since - timedelta(days=1)).where(
            (Standing.person == person.id) & (Standing.since < since) & days.lasting(Standing, since)
        ).execute()
        Standing.create(person=person.id, kind=kind, since=since, until=until, note=note)
        told = f"sejak {day_text(since)}" + (f" sampai {day_text(until)}" if until else "")
        _tell(kernel, viewer, unit, "standing", person, f"{kernel.label('conditions', kind)} {told}. {note}")
        tell_elsewhere(kernel, person.id, unit.id)


def home_of(kernel: Kernel, person: int) -> UnitLine | None:
    """The unit where a person is at home today, else where they were last, else where they will be first."""
    homes = list(
        Assignment.select(Assignment, Unit)
        .join(Unit)
        .where((Assignment.person == person) & (Assignment.home == True))  # noqa: E712  # SQL
        .order_by(Assignment.since.desc(), Assignment.id.desc())
    )
    today = {held.id: kernel.clock.today(held.unit.zone) for held in homes}
    begun = [held for held in homes if held.since <= today[held.id]]
    now = [held for held in begun if not days.over(held.until, today[held.id])]
    held = next(iter([*now, *begun, *reversed(homes)]), None)
    return units.as_value(held.unit) if held else None


def held_below(viewer: Viewer, unit: UnitLine, day: date, text: str = "") -> list[Held]:
    """The assignments at a unit and below that hold on a day or begin later, by unit and name; with a text those whose
    person's or unit's name holds it; nothing for those who do not keep the people there."""
    if not viewer.may(PEOPLE, unit.line):
        return []
    text = text.replace("\0", "")
    named = Person.name.contains(text) | Unit.name.contains(text)
    below = getattr(Unit, f"a{unit.depth}") == unit.id
    return _held(below & named & days.lasting(Assignment, day), Unit.name, Person.name, Assignment.id, limit=LISTED)


def held_by(viewer: Viewer, unit: UnitLine, person: int) -> list[Held]:
    """What a person holds and held at a unit and below, the newest first, for those who keep the people there."""
    if not viewer.may(PEOPLE, unit.line):
        return []
    here = (Assignment.person == person) & (getattr(Unit, f"a{unit.depth}") == unit.id)
    return _held(here, Assignment.since.desc(), Assignment.id.desc())


def _held(where: Any, *order: Any, limit: int | None = None) -> list[Held]:
    found = Assignment.select(Assignment, Person, Unit).join(Person).switch(Assignment).join(Unit)
    return [
        Held(
            one.id, Employee(one.person.id, one.person.name, one.person.title_front, one.person.title_back),
            units.as_value(one.unit), one.role, one.kind, one.home, one.since, one.until, one.note, one.ended_as,
        )
        for one in found.where(where).order_by(*order or (Assignment.id,)).limit(limit)
    ]  # fmt: skip


def conditions_of(person: int) -> list[Condition]:
    """The dated conditions of a person, the newest first; the caller has checked who may see them."""
    found = Standing.select().where(Standing.person == person).order_by(Standing.since.desc())
    return [Condition(one.kind, one.since, one.until, one.note) for one in found]


def _keep_rest(person: int, since: date, until: date | None) -> None:
    """Where a new condition stands in the middle of a longer one, that one goes on afterwards."""
    if until is None:
        return
    for one in list(Standing.select().where((Standing.person == person) & (Standing.since < since))):
        if one.until is None or one.until > until:
            after = until + timedelta(days=1)
            Standing.create(person=person, kind=one.kind, since=after, until=one.until, note=one.note)


def _may(viewer: Viewer, unit: UnitLine, person: int) -> None:
    refuse_if(person == viewer.person, "not-oneself")
    refuse_if(not viewer.may(PEOPLE, unit.line), "other-unit", unit=unit.name)


def _lock(person: int) -> None:
    """Let nobody else change what this person holds until the transaction ends, so that what is checked still holds."""
    database.locked(Person.select(Person.id).where(Person.id == person)).get()


def _as_it_is(held: Held) -> Held:
    """An assignment as it stands now, its person locked: what the page showed may have been changed since."""
    _lock(held.person.id)
    return _held(Assignment.id == held.id)[0]


def _held_already(kernel: Kernel, person: Employee, role: str) -> Refusal:
    return refuse("held-already", who=people.full_name(person.name), what=kernel.label("roles", role))


def _known_days(since: date, until: date | None) -> None:
    refuse_if(any(day.year < FIRST_YEAR or day.year > FIRST_YEAR + 250 for day in (since, until or since)), "day-odd")


def _tell(kernel: Kernel, viewer: Viewer, unit: UnitLine, code: str, person: Employee, text: str) -> None:
    sentence = say("staff-log", name=viewer.name, who=people.full_name(person.name), what=text.strip())
    log.write(kernel, unit.id, code, viewer.person, "", sentence, {"person": person.id})
    Timer.create(name="people-changed", data={"unit": unit.id}, due_at=kernel.clock.now())
