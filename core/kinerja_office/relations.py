"""Who stands in which relation to a case: filled from the scheme's rules whenever assignments change.

Lists join the relation table; nothing resolves an assessor row by row. What was true on a day can always be asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import peewee

from kinerja import cases, conditions, database, days, people
from kinerja.contracts import SUBJECT, RelationRule, Scheme
from kinerja.database import as_day
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Period, Relation, Timer, Unit
from kinerja.schemes import UNIT

ALONE = "diri"
"""The field a rule may ask for: whether a rule before it found the subject alone."""


Held = tuple[str, int, int | None, bool]
"""A relation: its kind, the person, the assignment through which they stand in it, and whether it outlasts that."""


def wanted(
    kernel: Kernel, scheme: Scheme, case: Case, unit: Unit, day: date, fixed: Iterable[Held] = ()
) -> dict[Held, bool]:
    """The relations a case should have on a day, each with whether the scheme leaves it with them after the period. The
    first rule that finds somebody who is not the subject wins; of those it finds at a place the first holds, of those who
    have the unit on a list all. What is *fixed* stands in place of what the rules of its kind would find, also for kinds
    that follow it."""
    found: dict[Held, bool] = {}
    if case.person_id is not None:
        found[SUBJECT, case.person_id, None, False] = False
    alone = False
    for kind, rules in scheme.relations.get(case.role or UNIT, {}).items():
        for rule in rules:
            if not conditions.holds(rule.when, {**case.profile["fields"], ALONE: alone}):
                continue
            if rule.place == "ikut":
                followed = {(kind, who, via, left): rule.stays for other, who, via, left in found if other == rule.role}
                found |= followed
                if followed:
                    break
                continue
            holders = list(_holders(kernel, rule, unit, day))
            others = [one for one in holders if one.person_id != case.person_id]
            alone = alone or (bool(holders) and not others)
            if others:
                several = others if rule.place in ("binaan", "ditunjuk") else others[:1]
                found |= {(kind, one.person_id, one.id, False): rule.stays for one in several}
                break
        by_hand = {one: any(rule.stays for rule in rules) for one in fixed if one[0] == kind}
        if by_hand:
            found = {one: stays for one, stays in found.items() if one[0] != kind} | by_hand
    return found


def refresh(kernel: Kernel, case: Case, day: date, reason: str = "") -> bool:
    """Bring a case's relations to what the rules say today; True when something changed. Call in a transaction."""
    scheme = kernel.snapshot(case.snapshot).scheme
    cases.lock(case.id)
    there = database.rows(
        "SELECT r.id, r.since, r.fixed, a.until, r.kind, r.person_id, r.assignment_id, r.stays FROM relation r "
        "LEFT JOIN assignment a ON a.id = r.assignment_id WHERE r.case_id = ? AND r.until IS NULL ORDER BY r.id",
        case.id,
    )
    fixed: set[Held] = {
        (kind, person, through, False)
        for _, _, by_hand, until, kind, person, through, _ in there
        if by_hand and not days.over(as_day(until), day)
    }
    fixed |= {one for one in _staying(kernel, scheme, case, day) if one[0] not in {kind for kind, *_ in fixed}}
    should = {*wanted(kernel, scheme, case, case.unit, day, fixed), *fixed}
    current: set[Held] = set()
    for id, since, _, _, kind, person, assignment, stays in there:
        held = (kind, person, assignment, bool(stays))
        if held not in should or held in current:
            _end(id, as_day(since), day)
        current.add(held)
    for held in sorted(should - current, key=str):
        database.run(
            "INSERT INTO relation (case_id, kind, person_id, assignment_id, stays, since, reason, fixed) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            case.id, *held, database.stored_day(day), reason, False,
        )  # fmt: skip
    if should != current:
        cases.bump(case.id)
    return should != current


def _staying(kernel: Kernel, scheme: Scheme, case: Case, day: date) -> set[Held]:
    """After the last day of a case's period, who stood that day in what the scheme leaves with them, by the rules or by
    hand, as far as they still serve."""
    last = case.period.ends
    if day <= last:
        return set()
    by_hand = database.rows(
        "SELECT r.kind, r.person_id, r.assignment_id FROM relation r JOIN assignment a ON a.id = r.assignment_id "
        f"WHERE r.case_id = ? AND r.fixed AND {days.holding('r')} AND {days.holding('a')}",
        case.id, database.stored_day(last), database.stored_day(last),
    )  # fmt: skip
    then = wanted(kernel, scheme, case, case.unit, last, [(*one, False) for one in by_hand])
    stood = [one for one, stays in then.items() if stays]
    serving = _serving(kernel, [via for _, _, via, _ in stood], day, case.period.closes)
    return {(kind, person, *serving[via]) for kind, person, via, _ in stood if via in serving}


def _serving(
    kernel: Kernel, posts: Sequence[int | None], day: date, closes: date
) -> dict[int | None, tuple[int, bool]]:
    """Of posts as they were held once, those whose holders still work, anywhere: through the same post where they hold
    it today, else through the one that is over. Who is away does not serve while they are in office, since somebody acts
    for them there; afterwards only where they are not back before all is closed."""
    held = database.rows(
        "SELECT a.id, a.person_id, min(CASE WHEN b.role = a.role AND b.unit_id = a.unit_id THEN b.id END) FROM assignment a "
        f"JOIN assignment b ON b.person_id = a.person_id AND {days.holding('b')} "
        f"WHERE a.id IN ({','.join('?' * len(posts)) or 'NULL'}) GROUP BY a.id, a.person_id",
        database.stored_day(day), *posts,
    )  # fmt: skip
    away = people.away(kernel, [person for _, person, _ in held], day)
    return {
        id: (today or id, today is None)
        for id, person, today in held
        if person not in away or days.over(away[person], day if today else closes)
    }


def _end(id: int, since: date, day: date) -> None:
    """Let a relation end the day before; one that began today never was."""
    if since >= day:
        database.run("DELETE FROM relation WHERE id = ?", id)
    else:
        database.run("UPDATE relation SET until = ? WHERE id = ?", database.stored_day(day - timedelta(days=1)), id)


def touched(unit: Unit, day: date) -> Any:
    """The open cases of a unit and all below it, and those elsewhere on which somebody decides or decided through a post
    that is over, here or of somebody who works or worked here: whose relations may change when assignments here did."""
    left = Relation.select(Relation.case).where(  # a join here, and PostgreSQL reads every assignment
        Assignment.select(Assignment.until).where(Assignment.id == Relation.assignment) < day
    )
    posts_here = Assignment.select().where(Assignment.unit == unit)
    decided = Relation.until.is_null() & Relation.assignment.in_(posts_here.select(Assignment.id))
    theirs = left.where(Relation.person.in_(posts_here.select(Assignment.person)))
    over = Case.select(Case.id).join(Period).where((Period.ends < day) & Case.id.in_(theirs))
    here = Case.select(Case.id).where(getattr(Case, f"a{unit.depth}") == unit.id)
    return Case.id.in_(here | left.where(decided) | over) & Case.closed_at.is_null()


def homes_elsewhere(unit: Unit, day: date) -> Any:
    """The units at which people of the cases that are `touched` are at home by now, having left where their case is."""
    there = Assignment.alias()
    works_there = there.select().where(
        (there.person == Case.person) & (there.unit == Case.unit) & there.home & days.lasting(there, day)
    )
    return Unit.select().where(Unit.id.in_(
        Assignment.select(Assignment.unit).join(Case, on=(Case.person == Assignment.person)).where(
            touched(unit, day) & Case.counts & Assignment.home & days.on(Assignment, day)
            & (Assignment.unit != Case.unit) & ~peewee.fn.EXISTS(works_there)
        )
    ))  # fmt: skip


def refresh_below(kernel: Kernel, unit: Unit, at: datetime) -> list[str]:
    """Refresh the cases that are `touched` after assignments of a unit changed; each that changed is projected anew by a
    timer. Returns those that changed."""
    changed = []
    day = kernel.clock.today(unit.zone)
    for case in list(Case.select(Case, Unit, Period).join(Unit).switch(Case).join(Period).where(touched(unit, day))):
        with database.proxy.atomic():
            if refresh(kernel, case, day):
                Timer.create(name="reproject", case=case.id, due_at=at)
                changed.append(case.id)
    return changed


def fix(kernel: Kernel, case: Case, kind: str, chosen: Assignment, day: date, reason: str) -> None:
    """Put one relation of a case right by hand: it holds while the assignment lasts, and rules leave it alone. Call in a
    transaction, with the case locked."""
    mine = (Relation.case == case.id) & (Relation.kind == kind) & Relation.until.is_null()
    for old in list(Relation.select().where(mine)):
        _end(old.id, old.since, day)
    Relation.create(
        case=case.id, kind=kind, person=chosen.person_id, assignment=chosen.id, since=day, reason=reason, fixed=True
    )
    refresh(kernel, case, day)


def _holders(kernel: Kernel, rule: RelationRule, unit: Unit, day: date) -> Iterable[Assignment]:
    if rule.place == "ditunjuk":
        return _appointed(rule.role, unit, day)
    if rule.place == "satuan":
        return people.holders(kernel, rule.role, unit.id, day)
    if rule.place == "binaan":
        return people.holders(kernel, rule.role, unit.id, day, charged=True)
    for id in reversed(unit.line[:-1]):
        found = people.holders(kernel, rule.role, id, day)
        if found:
            return found
    return ()


def _appointed(fact: str, unit: Unit, day: date) -> list[Assignment]:
    """The people whom the newest fact of that name of the unit's open cases lists, through what they do at the unit."""
    newest = database.rows(
        "SELECT f.value FROM fact f JOIN cases c ON c.id = f.case_id WHERE c.unit_id = ? AND c.subject = 'unit' "
        "AND c.closed_at IS NULL AND f.name = ? ORDER BY f.as_of DESC LIMIT 1",
        unit.id, fact,
    )  # fmt: skip
    named = json.loads(newest[0][0] or "null") if newest else None
    chosen = {int(id) for id in named if str(id).isdecimal()} if isinstance(named, (list, dict)) else set()
    found: dict[int, Assignment] = {}
    here = f"a.unit_id = ? AND {days.holding('a')} ORDER BY a.id"
    for one in people.assigned(here, unit.id, database.stored_day(day)) if chosen else ():
        if one.person_id in chosen:
            found.setdefault(one.person_id, one)
    return list(found.values())
