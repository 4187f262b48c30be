"""Who stands in which relation to a case: filled from the scheme's rules whenever assignments change.

Lists join the relation table; nothing resolves an assessor row by row. What was true on a day can always be asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from kinerja import database, people
from kinerja.contracts import SUBJECT, RelationRule, Scheme
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Relation, Unit
from kinerja.schemes import UNIT


def wanted(kernel: Kernel, scheme: Scheme, case: Case, unit: Unit, day: date) -> set[tuple[str, int, int | None]]:
    """The relations a case should have on a day: (kind, person, assignment). The first rule that finds somebody who
    is not the subject wins; of those it finds at a place the first holds, of those who have the unit on a list all."""
    found: set[tuple[str, int, int | None]] = set()
    if case.person_id is not None:
        found.add((SUBJECT, case.person_id, None))
    for kind, rules in scheme.relations.get(case.role or UNIT, {}).items():
        for rule in rules:
            people_found = [one for one in _holders(kernel, rule, unit, day) if one.person_id != case.person_id]
            if people_found:
                several = people_found if rule.place == "binaan" else people_found[:1]
                found |= {(kind, one.person_id, one.id) for one in several}
                break
    return found


def refresh(kernel: Kernel, case: Case, day: date, reason: str = "") -> bool:
    """Bring a case's relations to what the rules say today; True when something changed. Call in a transaction."""
    scheme = kernel.snapshot(case.snapshot).scheme
    should = wanted(kernel, scheme, case, case.unit, day)
    current = {
        (one.kind, one.person_id, one.assignment_id): one
        for one in Relation.select().where((Relation.case == case.id) & Relation.until.is_null())
    }
    for key, one in current.items():
        if key not in should:
            Relation.update(until=max(day - timedelta(days=1), one.since)).where(Relation.id == one.id).execute()
            if one.since >= day:
                Relation.delete().where(Relation.id == one.id).execute()
    for kind, person, assignment in sorted(should - set(current), key=str):
        Relation.create(case=case.id, kind=kind, person=person, assignment=assignment, since=day, reason=reason)
    changed = should != set(current)
    if changed:
        Case.update(version=Case.version + 1).where(Case.id == case.id).execute()
    return changed


def refresh_below(kernel: Kernel, unit: Unit, at: datetime) -> list[str]:
    """Refresh the open cases of a unit and all below it, after assignments there changed; returns those that changed."""
    changed = []
    day = kernel.clock.today(unit.zone)
    for case in Case.select().where((getattr(Case, f"a{unit.depth}") == unit.id) & Case.closed_at.is_null()):
        with database.proxy.atomic():
            if refresh(kernel, case, day):
                changed.append(case.id)
    return changed


def _holders(kernel: Kernel, rule: RelationRule, unit: Unit, day: date) -> Iterable[Assignment]:
    if rule.place == "satuan":
        return people.holders(kernel, rule.role, [unit.id], day)
    if rule.place == "binaan":
        return people.holders(kernel, rule.role, [unit.id], day, charged=True)
    for id in reversed(unit.line[:-1]):
        found = people.holders(kernel, rule.role, [id], day)
        if found:
            return found
    return ()
