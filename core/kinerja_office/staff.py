"""Change who holds what, by hand: an acting head with SK and days, a transfer, a leave, a merger of schools.

Everything is asked of somebody who keeps the people of the unit, is logged with its reason, and is followed by a timer
that opens and ends cases and sets relations right. TMT and the moment of entry are two days; late entry is normal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kinerja import database, days, log, people, units
from kinerja.access import PEOPLE, Viewer, for_those_who
from kinerja.clock import day_text
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Person, PersonId, Standing, Timer, Unit
from kinerja.sentences import bounded, needed, refuse, refuse_if, say
from kinerja.units import UnitLine
from kinerja_office.endings import REASONS, tell_elsewhere
from kinerja_read import posts

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
    may(viewer, unit, person.id)
    known_days(since, until)
    refuse_if(
        kernel.reference("roles", role) is None or kernel.reference("assignment_kinds", kind) is None, "reason-unknown"
    )
    refuse_if(not people.permissions(kernel, role) <= viewer.permissions, "missing")
    refuse_if(not fits(kernel, role, unit), "role-elsewhere", what=kernel.label("roles", role), unit=unit.name)
    _from_above(kernel, viewer, role, kind, unit)
    note = needed(note, "paper-needed")
    refuse_if(until is not None and until < since, "days-turned")
    refuse_if(
        until is None and people.acting(kernel, kind),
        "last-day-needed", what=kernel.label("assignment_kinds", kind),
    )  # fmt: skip
    with database.proxy.atomic():
        lock(person.id)
        _not_twice(kernel, person, role, _held(_same(person, role, unit) & days.meeting(Assignment, since, until)))
        _alone(kernel, person.id, role, kind, unit, since, until, home=home)
        made = people.assign(person.id, role, unit.id, kind, since, until=until, home=home, note=note, by=viewer.person)
        label = people.role_label(kernel, role, kind, unit.kind)
        tell(kernel, viewer, unit, "appointed", person, f"{label}, TMT {day_text(since)}. {note}")
    return made


def fits(kernel: Kernel, role: str, unit: UnitLine) -> bool:
    """Whether a role can be held at a kind of unit: a role with `di_sekolah = false` is not one of a school."""
    return bool(
        not kernel.trait("unit_kinds", unit.kind, "sekolah", False) or kernel.trait("roles", role, "di_sekolah", True)
    )


def end(kernel: Kernel, viewer: Viewer, held: Held, last: date, reason: str, note: str) -> None:
    """Enter the last day of an assignment, why it ends (an id of the reasons), and the paper."""
    may(viewer, held.unit, held.person.id)
    _from_above(kernel, viewer, held.role, held.kind, held.unit)
    known_days(last, None)
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
        tell(kernel, viewer, held.unit, "assignment-ended", held.person, told)


def transfer(
    kernel: Kernel, viewer: Viewer, held: Held, to: UnitLine, role: str, since: date, reason: str, note: str,
    until: date | None = None,
) -> Assignment:  # fmt: skip
    """Let a person go on at another unit, or under another role, from a day (TMT): the old assignment ends the day
    before. Both units must be the viewer's to keep. `until` is the last day where it is known, as of a head's term."""
    may(viewer, to, held.person.id)
    known_days(since, until)
    _not_twice(kernel, held.person, role, held.unit.id == to.id and held.role == role)
    with database.proxy.atomic():
        end(kernel, viewer, held, since - timedelta(days=1), reason, note)
        return appoint(kernel, viewer, held.person, role, held.kind, to, since, until, note, home=held.home)


def resume(kernel: Kernel, viewer: Viewer, held: Held, note: str) -> None:
    """Take back the end of an assignment that was entered by mistake; a case that ended with it opens again."""
    may(viewer, held.unit, held.person.id)
    note = needed(note)
    others = (
        _same(held.person, held.role, held.unit) & (Assignment.id != held.id) & days.lasting(Assignment, held.since)
    )
    with database.proxy.atomic():
        held = _as_it_is(held)
        _not_twice(kernel, held.person, held.role, _held(others))
        refuse_if(not held.ended_as or people.acting(kernel, held.kind), "nothing-ended")
        today = kernel.clock.today(held.unit.zone)
        again = max(today, (held.until or today) + timedelta(days=1))
        _alone(kernel, held.person.id, held.role, held.kind, held.unit, again, None, home=held.home)
        Assignment.update(until=None, ended_as="").where(Assignment.id == held.id).execute()
        tell(kernel, viewer, held.unit, "assignment-resumed", held.person, say("resumed", why=note))


def merge(kernel: Kernel, viewer: Viewer, unit: UnitLine, into: UnitLine, since: date, reason: str, note: str) -> int:
    """Let all who have their home at a unit go on at another from a day; returns how many. The old unit stays, with
    the papers of its days. Who was a guest there before is at home there from then on; duties beside a post, and those who
    acted for somebody, end. Where both have a holder of what only one may hold, that is settled first."""
    moved = 0
    with database.proxy.atomic():
        for held in _held(
            (Assignment.unit == unit.id) & days.lasting(Assignment, since), Assignment.home.desc(), Assignment.id
        ):
            there = _held(_same(held.person, held.role, into) & days.lasting(Assignment, since))
            ends = not posts.is_post(kernel, held.role, held.kind) or (there and not held.home)
            for leaving in [held] if ends else [one for one in there if not one.home]:
                end(kernel, viewer, leaving, since - timedelta(days=1), reason, note)
            if not ends:
                transfer(kernel, viewer, held, into, held.role, since, reason, note)
                moved += held.home
    return moved


def set_standing(
    kernel: Kernel, viewer: Viewer, person: Employee, kind: str, since: date, until: date | None, note: str
) -> None:
    """Enter a dated condition of a person (leave, study …) as somebody who keeps the people of their unit."""
    unit = home_of(kernel, person.id)
    if unit is None:
        raise refuse("missing")
    may(viewer, unit, person.id)
    known_days(since, until)
    refuse_if(kernel.reference("conditions", kind) is None, "reason-unknown")
    note = bounded(note)
    refuse_if(until is not None and until < since, "days-turned")
    with database.proxy.atomic():
        lock(person.id)
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
        tell(kernel, viewer, unit, "standing", person, f"{kernel.label('conditions', kind)} {told}. {note}")
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


@for_those_who(PEOPLE)
def held_below(viewer: Viewer, unit: UnitLine, day: date, text: str = "") -> list[Held]:
    """The assignments at a unit and below that hold on a day or begin later, by unit and name; with a text those whose
    person's or unit's name holds it, or whose person has that number; nothing for those who do not keep the people there."""
    text = text.replace("\0", "")
    numbered = PersonId.select(PersonId.person).where(PersonId.value == text)
    named = Person.name.contains(text) | Unit.name.contains(text) | Person.id.in_(numbered)
    here = named & days.lasting(Assignment, day) & (getattr(Unit, f"a{unit.depth}") == unit.id)
    return _held(here, Unit.name, Person.name, Assignment.id, limit=LISTED)


@for_those_who(PEOPLE)
def held_by(viewer: Viewer, unit: UnitLine, person: int) -> list[Held]:
    """What a person holds and held at a unit and below, the newest first, for those who keep the people there."""
    here = (Assignment.person == person) & (getattr(Unit, f"a{unit.depth}") == unit.id)
    return _held(here, Assignment.since.desc(), Assignment.id.desc())


def held_of(person: int) -> list[Held]:
    """All that a person holds and held anywhere, the newest first; the caller has checked who may see it."""
    return _held(Assignment.person == person, Assignment.since.desc(), Assignment.id.desc())


def as_held(found: Iterable[Assignment]) -> list[Held]:
    """Assignments, read with their person and unit, as values that may be ended or transferred."""
    return [
        Held(
            one.id, Employee(one.person.id, one.person.name, one.person.title_front, one.person.title_back),
            units.as_value(one.unit), one.role, one.kind, one.home, one.since, one.until, one.note, one.ended_as,
        )
        for one in found
    ]  # fmt: skip


def _same(person: Employee, role: str, unit: UnitLine) -> Any:
    """The condition of a query that somebody holds a role at a unit."""
    return (Assignment.person == person.id) & (Assignment.role == role) & (Assignment.unit == unit.id)


def _held(where: Any, *order: Any, limit: int | None = None) -> list[Held]:
    return as_held(
        Assignment.select(Assignment, Person, Unit).join(Person).switch(Assignment).join(Unit)
        .where(where).order_by(*order or (Assignment.id,)).limit(limit)
    )  # fmt: skip


def conditions_of(person: int) -> list[Condition]:
    """The dated conditions of a person, the newest first; the caller has checked who may see them."""
    return [
        Condition(one.kind, one.since, one.until, one.note)
        for one in Standing.select().where(Standing.person == person).order_by(Standing.since.desc())
    ]


def _keep_rest(person: int, since: date, until: date | None) -> None:
    """Where a new condition stands in the middle of a longer one, that one goes on afterwards."""
    if until is None:
        return
    after = until + timedelta(days=1)
    longer = (Standing.person == person) & (Standing.since < since) & days.lasting(Standing, after)
    for one in list(Standing.select().where(longer)):
        Standing.create(person=person, kind=one.kind, since=after, until=one.until, note=one.note)


def may(viewer: Viewer, unit: UnitLine, person: int) -> None:
    refuse_if(person == viewer.person, "not-oneself")
    refuse_if(not viewer.may(PEOPLE, unit.line), "other-unit", unit=unit.name)


def _from_above(kernel: Kernel, viewer: Viewer, role: str, kind: str, unit: UnitLine) -> None:
    """Refuse a post that is given and taken by those above a unit to who keeps only its own people."""
    refuse_if(
        not viewer.may(PEOPLE, posts.given_at(kernel, role, kind, unit)),
        "from-above", what=people.role_label(kernel, role, kind, unit.kind), unit=unit.name,
    )  # fmt: skip


def _alone(
    kernel: Kernel, person: int, role: str, kind: str, unit: UnitLine, since: date, until: date | None, *, home: bool
) -> None:
    """Refuse a second home post, and a second holder of a post that only one may hold; each names the way on."""
    second = posts.homes(kernel, person, since, until) if home and posts.is_post(kernel, role, kind) else []
    rivals = posts.beside(kernel, person, role, kind, unit.id, since, until)
    for one in [*second, *rivals]:
        code = "home-already" if one in second else "head-already"
        raise refuse(code, who=one.person.name, what=posts.label(kernel, one), unit=one.unit.name)


def lock(person: int) -> None:
    """Let nobody else change what this person holds until the transaction ends, so that what is checked still holds."""
    database.locked(Person.select(Person.id).where(Person.id == person)).get()


def _as_it_is(held: Held) -> Held:
    """An assignment as it stands now, its person locked: what the page showed may have been changed since."""
    lock(held.person.id)
    return _held(Assignment.id == held.id)[0]


def _not_twice(kernel: Kernel, person: Employee, role: str, already: object) -> None:
    refuse_if(already, "held-already", who=people.full_name(person.name), what=kernel.label("roles", role))


def known_days(since: date, until: date | None) -> None:
    """Refuse days on which nobody can have begun or ended work."""
    refuse_if(any(day.year < FIRST_YEAR or day.year > FIRST_YEAR + 250 for day in (since, until or since)), "day-odd")


def tell(kernel: Kernel, viewer: Viewer, unit: UnitLine, code: str, person: Employee, text: str) -> None:
    sentence = say("staff-log", name=viewer.name, who=people.full_name(person.name), what=text.strip())
    log.write(kernel, unit.id, code, viewer.person, "", sentence, {"person": person.id})
    Timer.create(name="people-changed", data={"unit": unit.id}, due_at=kernel.clock.now())
