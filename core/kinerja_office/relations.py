"""Who stands in which relation to a case: filled from the scheme's rules whenever assignments change.

Lists join the relation table; nothing resolves an assessor row by row. What was true on a day can always be asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from peewee import JOIN

from kinerja import conditions, database, days, people
from kinerja.contracts import SUBJECT, RelationRule, Scheme
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, FactRow, Relation, Timer, Unit
from kinerja.schemes import UNIT

ALONE = "diri"
"""The field a rule may ask for: whether a rule before it found the subject alone."""


Held = tuple[str, int, int | None]
"""A relation: its kind, the person, and the assignment through which they stand in it."""


def wanted(kernel: Kernel, scheme: Scheme, case: Case, unit: Unit, day: date, fixed: Iterable[Held] = ()) -> set[Held]:
    """The relations a case should have on a day. The first rule that finds somebody who is not the subject wins; of
    those it finds at a place the first holds, of those who have the unit on a list all. What is *fixed* stands in
    place of what the rules of its kind would find, also for kinds that follow it."""
    found: set[Held] = set()
    if case.person_id is not None:
        found.add((SUBJECT, case.person_id, None))
    alone = False
    for kind, rules in scheme.relations.get(case.role or UNIT, {}).items():
        for rule in rules:
            if not conditions.holds(rule.when, {**case.profile["fields"], ALONE: alone}):
                continue
            if rule.place == "ikut":
                followed = {(kind, person, via) for other, person, via in found if other == rule.role}
                found |= followed
                if followed:
                    break
                continue
            holders = list(_holders(kernel, rule, unit, day))
            others = [one for one in holders if one.person_id != case.person_id]
            alone = alone or (bool(holders) and not others)
            if others:
                several = others if rule.place in ("binaan", "ditunjuk") else others[:1]
                found |= {(kind, one.person_id, one.id) for one in several}
                break
        by_hand = {one for one in fixed if one[0] == kind}
        if by_hand:
            found = {one for one in found if one[0] != kind} | by_hand
    return found


def refresh(kernel: Kernel, case: Case, day: date, reason: str = "") -> bool:
    """Bring a case's relations to what the rules say today; True when something changed. Call in a transaction."""
    scheme = kernel.snapshot(case.snapshot).scheme
    database.locked(Case.select(Case.version).where(Case.id == case.id)).get()
    fixed = {
        (one.kind, one.person_id, one.assignment_id)
        for one in Relation.select(Relation, Assignment)
        .join(Assignment, JOIN.LEFT_OUTER)
        .where((Relation.case == case.id) & (Relation.fixed == True) & Relation.until.is_null())  # noqa: E712  # SQL
        if one.assignment is None or not days.over(one.assignment.until, day)
    }
    should = wanted(kernel, scheme, case, case.unit, day, fixed) | fixed
    current: set[Held] = set()
    for one in Relation.select().where((Relation.case == case.id) & Relation.until.is_null()).order_by(Relation.id):
        key = (one.kind, one.person_id, one.assignment_id)
        if key not in should or key in current:
            _end(one, day)
        current.add(key)
    for kind, person, assignment in sorted(should - current, key=str):
        Relation.create(case=case.id, kind=kind, person=person, assignment=assignment, since=day, reason=reason)
    changed = should != current
    if changed:
        Case.update(version=Case.version + 1).where(Case.id == case.id).execute()
    return changed


def _end(one: Relation, day: date) -> None:
    """Let a relation end the day before; one that began today never was."""
    if one.since >= day:
        Relation.delete().where(Relation.id == one.id).execute()
    else:
        Relation.update(until=day - timedelta(days=1)).where(Relation.id == one.id).execute()


def refresh_below(kernel: Kernel, unit: Unit, at: datetime) -> list[str]:
    """Refresh the open cases of a unit and all below it, and those elsewhere on which somebody decides through an
    assignment here that is over, after assignments here changed; each that changed is projected anew by a timer.
    Returns those that changed."""
    changed = []
    day = kernel.clock.today(unit.zone)
    over = (
        Relation.select(Relation.case)
        .join(Assignment)
        .where(Relation.until.is_null() & (Assignment.unit == unit) & ~days.lasting(Assignment, day))
    )
    here = getattr(Case, f"a{unit.depth}") == unit.id
    for case in list(Case.select().where((here | Case.id.in_(over)) & Case.closed_at.is_null())):
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
        _end(old, day)
    Relation.create(
        case=case.id, kind=kind, person=chosen.person_id, assignment=chosen.id, since=day, reason=reason, fixed=True
    )
    refresh(kernel, case, day)


def _holders(kernel: Kernel, rule: RelationRule, unit: Unit, day: date) -> Iterable[Assignment]:
    if rule.place == "ditunjuk":
        return _appointed(rule.role, unit, day)
    if rule.place == "satuan":
        return people.holders(kernel, rule.role, [unit.id], day)
    if rule.place == "binaan":
        return people.holders(kernel, rule.role, [unit.id], day, charged=True)
    for id in reversed(unit.line[:-1]):
        found = people.holders(kernel, rule.role, [id], day)
        if found:
            return found
    return ()


def _appointed(fact: str, unit: Unit, day: date) -> list[Assignment]:
    """The people whom the newest fact of that name of the unit's open cases lists, through what they do at the unit."""
    newest = (
        FactRow.select(FactRow.value)
        .join(Case)
        .where((Case.unit == unit) & (Case.subject == "unit") & Case.closed_at.is_null() & (FactRow.name == fact))
        .order_by(FactRow.as_of.desc())
        .first()
    )
    named = newest.value if newest is not None and isinstance(newest.value, (list, dict)) else ()
    chosen = [int(id) for id in named if str(id).isdecimal()]
    found: dict[int, Assignment] = {}
    for one in (
        Assignment.select()
        .where(
            (Assignment.unit == unit) & Assignment.person.in_(chosen)
            & days.on(Assignment, day)
        )
        .order_by(Assignment.id)
    ):  # fmt: skip
        found.setdefault(one.person_id, one)
    return list(found.values())
