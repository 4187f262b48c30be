"""Where cases stand, in lists: a person's own, those one stands in a relation to, those below a unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from kinerja import database, days, people
from kinerja.access import READ_RESULTS, Viewer, oversees
from kinerja_read.lines import CaseLine, StageLine, Standing

PLAIN = "CASE WHEN g.plain = '' THEN g.label ELSE g.plain END"
"""The label of a stage without a result it may tell."""


def own_cases(viewer: Viewer) -> list[CaseLine]:
    """The viewer's own cases, newest period first."""
    return _cases("c.person_id = ?", [viewer.person], 20)


def cases_of(person: int) -> list[CaseLine]:
    """The same of anybody, where the caller has checked who may see that these cases are there; labels of stages may
    tell a result."""
    return _cases("c.person_id = ?", [person], 100)


def standings(viewer: Viewer, today: date, limit: int = 500) -> list[Standing]:
    """The cases to which the viewer stands in a relation through this capacity's assignment, one row a case, newest
    period first and then by name: the stage each is at is the first that is not done and whose day has come, else the
    last that is done."""
    mine = f"SELECT case_id FROM relation r WHERE assignment_id = ? AND person_id = ? AND {days.relating('r')}"
    told = (
        "CASE WHEN g.plain = '' OR EXISTS (SELECT 1 FROM relation r WHERE r.case_id = g.case_id AND r.assignment_id = ? "
        f"AND r.person_id = ? AND {days.relating('r')} AND g.told LIKE '% ' || r.kind || ' %') THEN g.label ELSE g.plain END"
    )
    values: list[object] = [viewer.assignment, viewer.person, database.stored_day(today)]
    return _standings(mine, values, today, limit, told, values)


def standings_below(viewer: Viewer, depth: int, line: Sequence[int], today: date, limit: int = 500) -> list[Standing]:
    """The same for the cases of a unit and all below it, for those who may see where they stand; nothing
    for others. Labels that tell a result are for those who may read results there."""
    if not oversees(viewer, line):
        return []
    label = "g.label" if viewer.may(READ_RESULTS, line) else PLAIN
    return _standings(f"SELECT id FROM cases WHERE a{int(depth)} = ?", [line[-1]], today, limit, label, [])


def _standings(
    mine: str, values: list[object], today: date, limit: int, label: str, told: list[object]
) -> list[Standing]:
    day = database.stored_day(today)
    return [
        Standing(
            row[0], row[1], row[2], people.full_name(row[3], row[4], row[5]) if row[3] else row[2], row[6] is not None,
            bool(row[7]), row[8] or "", row[9] or "", row[10] or "", row[11], row[12] or "", database.as_day(row[13]),
        )
        for row in database.rows(
            "SELECT c.id, p.label, u.name, n.name, n.title_front, n.title_back, c.closed_at, s.begun, s.name, s.label, s.tone, "
            "c.answer, s.kind, s.due "
            "FROM cases c JOIN period p ON p.id = c.period_id JOIN unit u ON u.id = c.unit_id "
            "LEFT JOIN person n ON n.id = c.person_id LEFT JOIN (SELECT g.case_id, g.name, "
            f"{label} AS label, g.tone, g.kind, g.due, "
            "max(CASE WHEN g.ahead = 1 THEN 0 ELSE 1 END) OVER (PARTITION BY g.case_id) AS begun, "
            "row_number() OVER (PARTITION BY g.case_id ORDER BY "
            "CASE WHEN g.kind NOT IN ('selesai', 'ditutup', 'macet') AND g.ahead = 0 THEN 0 WHEN g.kind IN ('selesai', 'ditutup') THEN 2 "
            "WHEN g.kind = 'macet' THEN 3 ELSE 4 END, "
            "CASE WHEN g.kind IN ('selesai', 'ditutup') THEN -g.ord ELSE g.ord END) AS place "
            "FROM (SELECT progress.*, CASE WHEN opens > ? AND kind IN ('belum', 'menunggu', 'macet') THEN 1 ELSE 0 END AS ahead "
            f"FROM progress WHERE case_id IN ({mine})) g) s ON s.case_id = c.id AND s.place = 1 "
            f"WHERE c.id IN ({mine}) AND (c.subject = 'person' OR s.kind IS NULL OR s.kind <> 'selesai') "
            f"ORDER BY p.starts DESC, p.ends, n.name, c.id LIMIT {int(limit)}",
            *told, day, *values, *values,
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
