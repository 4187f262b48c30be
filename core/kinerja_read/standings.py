"""Where cases stand, in lists: a person's own, those one stands in a relation to, those below a unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from kinerja import database, days, people
from kinerja.access import READ_RESULTS, Viewer, oversees
from kinerja_read.lines import CaseLine, StageLine, Standing


def own_cases(viewer: Viewer) -> list[CaseLine]:
    """The viewer's own cases, newest period first."""
    return _cases("c.person_id = ?", [viewer.person], 20)


def cases_of(person: int) -> list[CaseLine]:
    """The same of anybody, where the caller has checked who may see that these cases are there; labels of stages may
    tell a result."""
    return _cases("c.person_id = ?", [person], 100)


def standings(viewer: Viewer, today: date, limit: int = 500) -> list[Standing]:
    """The cases to which the viewer stands in a relation through this capacity's assignment, one row a case with the
    stage it is at, newest period first and then by name."""
    mine = f"FROM relation r WHERE r.assignment_id = ? AND r.person_id = ? AND {days.relating('r')}"
    values: list[object] = [viewer.assignment, viewer.person, database.stored_day(today)]
    told = f"EXISTS (SELECT 1 {mine} AND r.case_id = c.id AND c.at_told LIKE '% ' || r.kind || ' %')"
    return _standings(f"c.id IN (SELECT r.case_id {mine})", told, [*values, *values], limit)


def standings_below(
    viewer: Viewer, depth: int, line: Sequence[int], limit: int = 500, *, below: bool = True
) -> list[Standing]:
    """The same for the cases of a unit and, where asked, all below it, for those who may see where they stand; nothing
    for others. Labels that tell a result are for those who may read results there."""
    if not oversees(viewer, line):
        return []
    return _standings(
        f"c.a{int(depth)} = ?" if below else "c.unit_id = ?",
        "1 = 1" if viewer.may(READ_RESULTS, line) else "1 = 0",
        [line[-1]],
        limit,
    )


def _standings(mine: str, told: str, values: list[object], limit: int) -> list[Standing]:
    """`told` is the condition under which a stage tells its result; its values come first."""
    return [
        Standing(
            row[0], row[1], row[2], people.full_name(row[3], row[4], row[5]) if row[3] else row[2], row[6] is not None,
            bool(row[7]), row[8], row[9], row[10], row[11], row[12], database.as_day(row[13]),
        )
        for row in database.rows(
            "SELECT c.id, p.label, u.name, n.name, n.title_front, n.title_back, c.closed_at, c.begun, c.at_name, "
            f"CASE WHEN c.at_plain = '' OR {told} THEN c.at_label ELSE c.at_plain END, c.at_tone, c.answer, c.at_kind, c.at_due "
            "FROM cases c JOIN period p ON p.id = c.period_id JOIN unit u ON u.id = c.unit_id "
            f"LEFT JOIN person n ON n.id = c.person_id WHERE {mine} AND (c.subject = 'person' OR c.at_kind <> 'selesai') "
            f"ORDER BY p.starts DESC, p.ends, n.name, c.id LIMIT {int(limit)}",
            *values,
        )
    ]  # fmt: skip


def _cases(where: str, values: list[object], limit: int) -> list[CaseLine]:
    found: dict[str, tuple[tuple[Any, ...], list[StageLine]]] = {}
    for row in database.rows(
        "SELECT c.id, p.label, u.name, n.name, n.title_front, n.title_back, c.role, c.answer, c.closed_at, "
        "g.stage, g.name, g.label, g.tone, g.kind, g.opens, g.due FROM (SELECT c.* FROM cases c "
        "JOIN period q ON q.id = c.period_id WHERE "
        + where
        + f" ORDER BY CASE WHEN c.closed_at IS NULL THEN 0 ELSE 1 END, q.starts DESC, q.ends, c.id LIMIT {int(limit)}) c "
        "JOIN period p ON p.id = c.period_id JOIN unit u ON u.id = c.unit_id LEFT JOIN person n ON n.id = c.person_id "
        "LEFT JOIN progress g ON g.case_id = c.id ORDER BY p.starts DESC, p.ends, n.name, c.id, g.ord",
        *values,
    ):
        stages = found.setdefault(row[0], (row, []))[1]
        if row[9]:
            stages.append(
                StageLine(
                    row[9], row[10], row[11], row[12], row[13], database.as_day(row[14]), database.as_day(row[15])
                )
            )
    return [
        CaseLine(
            row[0], row[1], row[2], people.full_name(row[3], row[4], row[5]) if row[3] else row[2], row[6], row[7],
            row[8] is not None, tuple(stages),
        )
        for row, stages in found.values()
    ]  # fmt: skip
