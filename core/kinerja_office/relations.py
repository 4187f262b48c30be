"""Who stands in which relation to a case: filled from the scheme's rules whenever assignments change.

Lists join the relation table; nothing resolves an assessor row by row. What was true on a day can always be asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from kinerja import cases, conditions, database, days, people
from kinerja.case_rows import as_day
from kinerja.contracts import SUBJECT, RelationRule, Scheme
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Relation, Timer, Unit
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
    cases.lock(case.id)
    there = database.rows(
        "SELECT r.id, r.since, r.fixed, a.until, r.kind, r.person_id, r.assignment_id FROM relation r "
        "LEFT JOIN assignment a ON a.id = r.assignment_id WHERE r.case_id = ? AND r.until IS NULL ORDER BY r.id",
        case.id,
    )
    fixed: set[Held] = {
        (kind, person, through)
        for _, _, by_hand, until, kind, person, through in there
        if by_hand and not days.over(as_day(until), day)
    }
    should = wanted(kernel, scheme, case, case.unit, day, fixed) | fixed
    current: set[Held] = set()
    for id, since, _, _, kind, person, assignment in there:
        if (kind, person, assignment) not in should or (kind, person, assignment) in current:
            _end(id, as_day(since), day)
        current.add((kind, person, assignment))
    for held in sorted(should - current, key=str):
        database.run(
            "INSERT INTO relation (case_id, kind, person_id, assignment_id, since, reason, fixed) VALUES (?, ?, ?, ?, ?, ?, ?)",
            case.id, *held, database.stored_day(day), reason, False,
        )  # fmt: skip
    changed = should != current
    if changed:
        cases.bump(case.id)
    return changed


def _end(id: int, since: date, day: date) -> None:
    """Let a relation end the day before; one that began today never was."""
    if since >= day:
        database.run("DELETE FROM relation WHERE id = ?", id)
    else:
        database.run("UPDATE relation SET until = ? WHERE id = ?", database.stored_day(day - timedelta(days=1)), id)


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
    open_ones = Case.select(Case, Unit).join(Unit).where((here | Case.id.in_(over)) & Case.closed_at.is_null())
    for case in list(open_ones):
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
