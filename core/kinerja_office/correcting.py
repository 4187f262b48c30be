"""Put right by hand who stands in which relation to cases, as somebody who keeps the people there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kinerja import database, days, log, people
from kinerja.access import PEOPLE, Viewer
from kinerja.cases import bump
from kinerja.clock import day_text
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Timer
from kinerja.schemes import UNIT
from kinerja.sentences import needed, refuse, refuse_if, say
from kinerja_office import relations


def correct(
    kernel: Kernel, viewer: Viewer, cases: Iterable[str], kind: str, assignment: int, reason: str, at: datetime
) -> list[str]:
    """Put a relation right by hand for some open cases, as somebody who keeps the people of their units, never for
    one's own; returns the cases that changed. It holds while the assignment lasts, and each is logged with its reason."""
    changed: list[str] = []
    chosen = Assignment.get_or_none(Assignment.id == assignment)
    if chosen is None or chosen.person_id == viewer.person:
        raise refuse("missing" if chosen is None else "not-oneself")
    reason = needed(reason)
    today = kernel.clock.today(chosen.unit.zone)
    if days.over(chosen.until, today):
        raise refuse("ended-already", day=day_text(chosen.until))
    refuse_if(chosen.since > today, "begins-later", day=day_text(chosen.since))
    with database.proxy.atomic():
        wished = sorted(set(cases))
        for id in wished:  # all cases before any log, so that nobody who holds one of them waits for us in a ring
            database.locked(Case.select(Case.version).where(Case.id == id)).get_or_none()
        for id in wished:
            case = database.locked(Case.select().where((Case.id == id) & Case.closed_at.is_null())).get_or_none()
            if case is None or case.person_id in (chosen.person_id, viewer.person):
                continue
            scheme = kernel.snapshot(case.snapshot).scheme
            if not viewer.may(PEOPLE, case.unit.line) or kind not in scheme.relations.get(case.role or UNIT, {}):
                continue
            relations.fix(kernel, case, kind, chosen, kernel.clock.today(case.unit.zone), reason)
            text = say(
                "relation-log", name=viewer.name, who=people.full_name(chosen.person.name), what=scheme.word(kind),
                why=reason,
            )  # fmt: skip
            Timer.create(name="reproject", case=id, due_at=at)
            log.write(kernel, case.unit_id, "relation", viewer.person, id, text, {"kind": kind}, at)
            bump(id)
            changed.append(id)
    return changed
