"""Read one case whole, in a few statements that do not grow with what it holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime

from kinerja import database, people
from kinerja.case_rows import read_near, read_parts, read_projections, read_relations
from kinerja.contracts import Actor, CaseView, Json, PeriodView, PersonView, UnitView
from kinerja.database import as_day
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded
from kinerja.models import LEVELS
from kinerja.sentences import refuse_if
from kinerja.snapshot import Choices

_LINE = ", ".join(f"c.a{n}" for n in range(LEVELS))


def load(kernel: Kernel, id: str, day: date | None = None) -> Loaded:
    """Read a case by four statements; Refusal "missing" when there is none."""
    head = database.rows(
        f"SELECT c.id, c.subject, c.role, c.counts, c.version, c.profile, c.content, c.snapshot, c.answer, c.part, "
        f"c.previous, c.closed_at, {_LINE}, p.id, p.scheme, p.key, p.year, p.label, p.starts, p.ends, p.state, p.closes, "
        "u.id, u.code, u.name, u.kind, u.zone, u.npsn, u.attributes, "
        "n.id, n.name, n.title_front, n.title_back, n.sex, n.employment, n.attributes, c.opened_at, c.ending "
        "FROM cases c JOIN period p ON p.id = c.period_id JOIN unit u ON u.id = c.unit_id "
        "LEFT JOIN person n ON n.id = c.person_id WHERE c.id = ?",
        id,
    )
    refuse_if(not head, "missing")
    row = head[0]
    rest = row[12 + LEVELS :]
    unit = UnitView(rest[9], rest[10], rest[11], rest[12], rest[13], rest[14], json.loads(rest[15] or "{}"))
    person = _person(*rest[16:23]) if rest[16] is not None else None
    profile = json.loads(row[5])
    day = day or kernel.clock.today(unit.zone)
    relations, holders, helpers = read_relations(kernel, id, day, person)
    view = CaseView(
        id=row[0],
        period=PeriodView(rest[0], rest[1], rest[2], rest[3], rest[4], as_day(rest[5]), as_day(rest[6])),
        unit=unit,
        person=person,
        role=row[2],
        counts=bool(row[3]),
        version=row[4],
        profile=profile["fields"],
        labels=profile["labels"],
        holders=holders,
    )
    made = read_projections(id, row[10] or "", rest[9], rest[16] or 0, row[2], day)
    return Loaded(
        view=view,
        snapshot=kernel.snapshot(row[7]),
        subject=row[1],
        line=tuple(one for one in row[12 : 12 + LEVELS] if one is not None),
        answer=row[8],
        content=Choices.parse(json.loads(row[6])),
        previous=row[10],
        closed=row[11] is not None,
        opened_at=database.moment(rest[23]),
        period_state=rest[7],
        period_closes=as_day(rest[8]),
        relations=relations,
        helpers=helpers,
        parts=read_parts(kernel, id),
        progress=made.progress,
        facts=made.facts,
        items=tuple(made.items),
        retired=tuple(made.retired),
        tasks=tuple(made.tasks),
        standing=made.standing,
        standing_since=made.standing_since,
        last_day=made.last_day,
        ending=json.loads(rest[24] or "{}"),
        unsure=profile.get("menunggu", {}),
        grants=made.grants,
        made_by=made.made_by,
        near=read_near(row[9], row[10], made.near, unit, made.brought),
    )


def _person(id: int, name: str, front: str, back: str, sex: str, employment: str, more: str | None) -> PersonView:
    return PersonView(
        id, people.full_name(name, front, back), people.address(name, sex), {}, employment, json.loads(more or "{}")
    )


def lock(case: str) -> tuple[int, bool]:
    """Lock a case until the transaction ends and return its version, and whether it is closed; Refusal "missing" when
    there is none."""
    found = database.rows(f"SELECT version, closed_at FROM cases WHERE id = ? {database.lock_words()}", case)
    refuse_if(not found, "missing")
    return int(found[0][0]), found[0][1] is not None


def bump(case: str) -> None:
    """Raise the version of a case, in the transaction that changes it: who read it before reads it anew."""
    database.run("UPDATE cases SET version = version + 1 WHERE id = ?", case)


def was_related(case: str, actor: Actor, at: datetime) -> bool:
    """Whether an actor once stood in a relation to a case through an assignment that has ended by a moment."""
    return bool(
        database.rows(
            "SELECT 1 FROM relation r JOIN assignment a ON a.id = r.assignment_id WHERE r.case_id = ? AND r.person_id = ? "
            "AND r.assignment_id = ? AND a.until < ?",
            case, actor.person, actor.assignment, database.stored_day(at.date()),
        )
    )  # fmt: skip


def answers_in_force(kernel: Kernel, case: str) -> dict[str, Mapping[str, Json]]:
    """The effective answers of a case by step, for another that starts from them."""
    return {part.step: part.effective for part in read_parts(kernel, case) if part.effective is not None}
