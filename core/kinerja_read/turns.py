"""Whose turn it is, in lists: the open tasks of a viewer, of a case, of a unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kinerja import database, people
from kinerja.access import Viewer, oversees
from kinerja_read.lines import TaskLine, as_day, as_moment


def turns(viewer: Viewer, limit: int = 50, case: str = "") -> list[TaskLine]:
    """The open turns of a viewer in their capacity, oldest first."""
    via = "r.assignment_id IS NULL" if viewer.assignment is None else "r.assignment_id = ?"
    values: list[object] = [viewer.person]
    if viewer.assignment is not None:
        values.append(viewer.assignment)
    if case:
        values.append(case)
    return _tasks(
        f"JOIN relation r ON r.case_id = t.case_id AND r.kind = t.relation AND r.until IS NULL WHERE r.person_id = ? AND {via}"
        + (" AND t.case_id = ?" if case else ""),
        values,
        limit,
    )


def stuck_below(viewer: Viewer, depth: int, line: Sequence[int], limit: int = 200) -> list[TaskLine]:
    """What waits for somebody who has to mend it first, below a unit, oldest first, for those who see where cases stand."""
    if not oversees(viewer, line):
        return []
    return _tasks(f"WHERE t.kind = 'macet' AND c.a{int(depth)} = ? AND c.closed_at IS NULL", [line[-1]], limit)


def open_tasks(viewer: Viewer, cases: Sequence[str]) -> list[TaskLine]:
    """All open turns of those of these cases that the viewer sees, whoever has them: «what is next, and who has it»."""
    if not cases:
        return []
    via = "v.assignment_id IS NULL" if viewer.assignment is None else "v.assignment_id = ?"
    related = (
        f"EXISTS (SELECT 1 FROM relation v WHERE v.case_id = c.id AND v.until IS NULL AND v.person_id = ? AND {via})"
    )
    values: list[object] = [*cases, viewer.person]
    if viewer.assignment is not None:
        values.append(viewer.assignment)
    if viewer.unit is not None and oversees(viewer, viewer.line):
        related += f" OR c.a{len(viewer.line) - 1} = ?"
        values.append(viewer.unit)
    return _tasks(f"WHERE t.case_id IN ({','.join('?' * len(cases))}) AND ({related})", values, 200)


def _tasks(where: str, values: list[object], limit: int) -> list[TaskLine]:
    return [
        TaskLine(
            row[0], row[1], row[2], row[3], row[4], row[5], as_moment(row[6]), as_day(row[7]), row[8], row[9], row[10],
            people.full_name(row[11], row[13], row[14]) if row[11] else row[9],
            people.address(row[11], row[12]) if row[11] else row[9], row[15], as_day(row[18]) or date.max,
            people.address(row[16], row[17]) if row[16] else "", row[19], row[20], row[21],
        )
        for row in database.rows(
            "SELECT t.case_id, t.stage, t.step, t.label, t.kind, t.sentence, t.since, t.due, p.label, u.name, u.zone, "
            "n.name, n.sex, n.title_front, n.title_back, t.relation, hn.name, hn.sex, p.ends, t.several, "
            "coalesce(up.name, ''), c.answer FROM task t JOIN cases c ON c.id = t.case_id "
            "JOIN period p ON p.id = c.period_id JOIN unit u ON u.id = c.unit_id "
            "LEFT JOIN unit up ON up.id = u.parent_id LEFT JOIN person n ON n.id = c.person_id "
            "LEFT JOIN relation h ON h.id = (SELECT min(x.id) FROM relation x WHERE x.case_id = t.case_id "
            "AND x.kind = t.relation AND x.until IS NULL) LEFT JOIN person hn ON hn.id = h.person_id "
            f"{where} ORDER BY t.since, t.id LIMIT {int(limit)}",
            *values,
        )
    ]  # fmt: skip


def waiting_elsewhere(viewer: Viewer) -> dict[int, int]:
    """How many turns wait for the viewer in each of their assignments: (assignment, turns)."""
    return dict(
        database.rows(
            "SELECT r.assignment_id, count(DISTINCT t.id) FROM relation r JOIN task t ON t.case_id = r.case_id "
            "AND t.relation = r.kind WHERE r.person_id = ? AND r.assignment_id IS NOT NULL AND r.until IS NULL "
            "AND t.kind <> 'macet' GROUP BY r.assignment_id",
            viewer.person,
        )
    )
