"""What people ask of those who keep their data: to mend a value, to unlock a step once more, to put an assessor right.

A request stops sending, never planning. One for a value closes itself when the data show what was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from kinerja import cases, database, days, log, moves, people, workflow
from kinerja.access import PEOPLE, Viewer, for_those_who
from kinerja.clock import day_text
from kinerja.contracts import Correction
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded
from kinerja.models import Assignment, Case, Person, Relation, Request, Unit
from kinerja.sentences import needed, refuse, refuse_if, say
from kinerja_office import correcting, editions
from kinerja_read import Corrected, values
from kinerja_read.participation import profile_fields, profile_labels

VALUE, UNLOCK, RELATION = "value", "unlock", "relation"
LONGEST = 1000
"""Characters one answer of a request may have."""
OFFERED = 300
"""How many assignments are offered as the right one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One request in a list: who asks what, since when, and what came of it."""

    id: int
    kind: str
    case: str
    person: int
    name: str
    address: str
    unit: str
    zone: str
    field: str
    label: str
    value: str
    wanted: str
    text: str
    state: str
    answer: str
    at: datetime
    answered_at: datetime | None
    answered_by: str
    line: tuple[int, ...]


def ask_value(kernel: Kernel, viewer: Viewer, seen: Loaded, one: Correction, wanted: str, at: datetime) -> None:
    """Ask for a value of one's own profile to be mended. Asking for the same again changes what is wanted."""
    wanted = needed(wanted, "request-empty", LONGEST, what=one.label)
    refuse_if(people.plain(wanted) == people.plain(one.value), "request-same", what=one.label)
    _ask(kernel, viewer, seen, VALUE, one.id, one.label, one.value, wanted, "", at)


def ask_unlock(kernel: Kernel, viewer: Viewer, seen: Loaded, step: str, label: str, why: str, at: datetime) -> None:
    """Ask for a step to be unlocked once more, with a reason."""
    refuse_if(not any(step in rule.steps for rule in seen.rules()), "missing")
    _ask(kernel, viewer, seen, UNLOCK, step, label, "", "", needed(why, most=LONGEST), at)


def ask_relation(kernel: Kernel, viewer: Viewer, seen: Loaded, kind: str, why: str, at: datetime) -> None:
    """Contest who stands in a relation to one's own case, saying who should."""
    holder = seen.view.holders.get(kind)
    value = holder.person.name if holder else ""
    _ask(
        kernel, viewer, seen, RELATION, kind, seen.snapshot.scheme.word(kind), value, "", needed(why, most=LONGEST), at
    )


def _ask(
    kernel: Kernel,
    viewer: Viewer,
    seen: Loaded,
    kind: str,
    field: str,
    label: str,
    value: str,
    wanted: str,
    text: str,
    at: datetime,
) -> None:
    moves.allowed(moves.moves(kernel, seen, viewer.actor, at).one("ask", ""), refuse("missing"))
    same = (Request.case == seen.view.id) & (Request.kind == kind) & (Request.field == field)
    told = {"label": label[:255], "value": value, "wanted": wanted, "text": text}
    with database.proxy.atomic():
        cases.lock(seen.view.id)
        if not Request.update(**told).where(same & (Request.state == "open")).execute():
            Request.create(
                case=seen.view.id, kind=kind, field=field, person=viewer.person, unit=seen.view.unit.id, at=at, **told
            )
        log.write(
            kernel, seen.view.unit.id, "request", viewer.person, seen.view.id,
            say("request-log", name=viewer.name, what=label), {"kind": kind, "field": field}, at,
        )  # fmt: skip


def answer(kernel: Kernel, viewer: Viewer, id: int, granted: bool, text: str, at: datetime) -> Line:
    """Answer a request as somebody who keeps the people of its unit, with a reason; it is logged with the case.

    To grant an unlocking unlocks the step once. Other requests are marked as done: the data say by themselves.
    """
    found = next(iter(_lines("q.id = ?", [id])), None)
    if found is None or not viewer.may(PEOPLE, found.line) or found.person == viewer.person:
        raise refuse("missing")
    text = needed(text, most=LONGEST)
    state = ("granted" if found.kind == UNLOCK else "done") if granted else "denied"
    with database.proxy.atomic():
        told = Request.update(state=state, answer=text, answered_at=at, answered_by=viewer.name)
        refuse_if(not told.where((Request.id == id) & (Request.state == "open")).execute(), "request-answered")
        sentence = say(f"request-{state}", name=viewer.name, what=found.label, why=text)
        log.write(kernel, found.line[-1], f"request-{state}", viewer.person, found.case, sentence, {"request": id}, at)
        cases.bump(found.case)
    return next(iter(_lines("q.id = ?", [id])))


@for_those_who(PEOPLE)
def candidates(kernel: Kernel, viewer: Viewer, seen: Loaded, day: date) -> list[tuple[int, str]]:
    """Who does what on a day at the unit of a case, above it, and where its person works by now, but for themselves:
    (assignment, label); nothing for those who do not keep the people there."""
    person = seen.view.person.id if seen.view.person else 0
    works = Assignment.select(Assignment.unit).where((Assignment.person == person) & days.on(Assignment, day))
    found = (
        Assignment.select(Assignment, Person, Unit)
        .join(Person)
        .switch(Assignment)
        .join(Unit)
        .where(
            (Assignment.unit.in_(seen.line) | Assignment.unit.in_(works)) & (Assignment.person != person)
            & days.on(Assignment, day)
        )
        .order_by(Unit.depth.desc(), Person.name, Assignment.id)
        .limit(OFFERED)
    )  # fmt: skip
    return [
        (
            one.id,
            f"{people.full_name(one.person.name, one.person.title_front, one.person.title_back)} · "
            f"{people.role_label(kernel, one.role, one.kind, one.unit.kind)}, {one.unit.name}",
        )
        for one in found
    ]


def held_alike(viewer: Viewer, seen: Loaded, kind: str) -> list[str]:
    """The other open cases at the unit in which the same person stands in the same relation; not the viewer's own."""
    holder = seen.view.holders.get(kind)
    if holder is None or not viewer.may(PEOPLE, seen.line):
        return []
    alike = (
        (Case.unit == seen.view.unit.id) & Case.closed_at.is_null() & (Case.id != seen.view.id)
        & (Relation.kind == kind) & (Relation.person == holder.person.id) & Relation.until.is_null()
        & Case.person.is_null(False) & (Case.person != viewer.person)
    )  # fmt: skip
    return sorted({str(one.case_id) for one in Relation.select(Relation.case).join(Case).where(alike)})


def correct(
    kernel: Kernel, viewer: Viewer, seen: Loaded, kind: str, assignment: int, why: str, at: datetime, *, others: bool
) -> list[str]:
    """Put right who stands in a relation to a case, with `others` also to all of its unit that the same person has, and
    answer what was asked about it; returns the cases that changed. This case is projected at once, the others by the
    timers that are written with the change."""
    wanted = [seen.view.id, *(held_alike(viewer, seen, kind) if others else [])]
    with database.proxy.atomic():
        changed = correcting.correct(kernel, viewer, wanted, kind, assignment, why, at)
        asked = (Request.kind == RELATION) & (Request.field == kind) & (Request.state == "open")
        for one in list(Request.select(Request.id).where(asked & Request.case.in_(changed))):
            answer(kernel, viewer, one.id, True, why, at)
        if seen.view.id in changed:
            workflow.reproject(kernel, seen.view.id, at)
    return changed


def settle(kernel: Kernel, unit: Unit, at: datetime) -> None:
    """Close the requests below a unit whose value is now what was asked for. Where it did not change on a day it had always
    been wrong, and papers get new editions. Called after people changed."""
    below = getattr(Unit, f"a{unit.depth}") == unit.id
    for one in list(Request.select().join(Unit).where((Request.state == "open") & (Request.kind == VALUE) & below)):
        now = _value(kernel, one)
        # Titles count for nothing, but where the request is for a title and nothing else.
        titled = not people.alike(one.value, one.wanted, titled=True) and bool(
            kernel.trait(values.VALUES, one.field, "bergelar", False)
        )
        if now and people.alike(now, one.wanted, titled=titled):
            Request.update(
                state="fixed",
                answer=say("request-fixed", day=day_text(kernel.clock.today(one.unit.zone))),
                answered_at=at,
            ).where(Request.id == one.id).execute()
            if values.came(kernel, one.person_id, one.field) != values.CHANGED:
                wrong = Corrected(one.person_id, values.printed(kernel, one.field), one.label, one.value, now)
                editions.put_right(kernel, wrong, None, at)


def _value(kernel: Kernel, one: Request) -> str:
    """What the data of a person say today of the field a request names."""
    day = kernel.clock.today(one.unit.zone)
    home = (
        Assignment.select()
        .where((Assignment.person == one.person_id) & (Assignment.home == True) & days.lasting(Assignment, day))  # noqa: E712  # SQL
        .order_by(Assignment.since.desc())
        .first()
    )
    if home is None:
        return ""
    return profile_labels(kernel, home, home.unit, profile_fields(kernel, home, home.unit, one.case.period)).get(
        one.field, ""
    )


def open_values(person: int) -> list[Request]:
    """What a person asked to have mended and is not yet: until then nothing about them is sent."""
    return list(
        Request.select()
        .where((Request.person == person) & (Request.kind == VALUE) & (Request.state == "open"))
        .order_by(Request.id)
    )


def wanted_of(kernel: Kernel, person: int) -> dict[str, str]:
    """What a person asked their values to be mended to, by what papers call them: an import that says so is no conflict."""
    return {values.printed(kernel, one.field): one.wanted for one in open_values(person)}


def of_case(viewer: Viewer, seen: Loaded) -> list[Line]:
    """The requests of one case, newest first, for its person and for those who keep them; nothing
    for others."""
    return _lines("q.case_id = ?", [seen.view.id]) if seen.is_of(viewer.person) or viewer.may(PEOPLE, seen.line) else []


def inbox(viewer: Viewer, *, answered: bool = False) -> list[Line]:
    """What waits for those who keep the people of a unit and below, oldest first; nothing for others."""
    if viewer.unit is None or not viewer.may(PEOPLE, viewer.line):
        return []
    which = "q.state <> 'open'" if answered else "q.state = 'open'"
    return _lines(f"u.a{len(viewer.line) - 1} = ? AND {which}", [viewer.unit], newest=answered)


def own(viewer: Viewer) -> list[Line]:
    """What a person asked themselves, newest first."""
    return _lines("q.person_id = ?", [viewer.person])


def keepers(kernel: Kernel, line: Iterable[int], at: datetime) -> list[tuple[str, str, str]]:
    """Who keeps the people of a unit at a moment, the nearest first: (address, role label, unit name). One statement,
    also for a line of nothing."""
    ids = list(line) or [0]
    return [
        (people.address(name, sex), people.role_label(kernel, role, kind, unit_kind), unit)
        for name, sex, role, kind, unit, unit_kind in database.rows(
            "SELECT n.name, n.sex, a.role, a.kind, u.name, u.kind FROM assignment a JOIN person n ON n.id = a.person_id "
            f"JOIN unit u ON u.id = a.unit_id WHERE u.id IN ({','.join('?' * len(ids))}) AND {days.holding('a')} "
            "ORDER BY u.depth DESC, a.id",
            *ids, database.stored_day(at.date()),
        )
        if PEOPLE in people.permissions(kernel, role)
    ]  # fmt: skip


def _lines(where: str, values: list[object], *, newest: bool = True) -> list[Line]:
    order = "DESC" if newest else ""
    return [
        Line(
            row[0], row[1], row[2], row[3], people.full_name(row[4], row[5], row[6]), people.address(row[4], row[7]),
            row[8], row[9], row[10], row[11], row[12], row[13], row[14], row[15], row[16],
            database.moment(row[17]) or datetime.min, database.moment(row[18]), row[19],
            tuple(one for one in row[20:] if one is not None),
        )
        for row in database.rows(
            "SELECT q.id, q.kind, q.case_id, q.person_id, n.name, n.title_front, n.title_back, n.sex, u.name, u.zone, "
            "q.field, q.label, q.value, q.wanted, q.text, q.state, q.answer, q.at, q.answered_at, q.answered_by, "
            "u.a0, u.a1, u.a2, u.a3, u.a4, u.a5, u.a6, u.a7 FROM request q JOIN person n ON n.id = q.person_id "
            f"JOIN unit u ON u.id = q.unit_id WHERE {where} ORDER BY q.at {order}, q.id {order} LIMIT 200",
            *values,
        )
    ]  # fmt: skip
