"""What the open periods mean for one person: their case in each, or why there is none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from kinerja import database, days, people
from kinerja.access import Viewer
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Period
from kinerja.sentences import say
from kinerja_read import participation, posts
from kinerja_read.lines import Place, Reason


def places(viewer: Viewer, today: date) -> list[Place]:
    """The open periods that cover the visitor's unit, the nearest of each kind, by one statement."""
    if not viewer.line:
        return []
    found: dict[int, tuple[tuple[Any, ...], dict[str, str]]] = {}
    for row in database.rows(
        "SELECT p.id, p.scheme, p.key, p.year, p.label, p.snapshot, p.unit_id, own.id, own.profile, s.id, t.stage, n.name, n.sex "
        "FROM period p LEFT JOIN cases own ON own.period_id = p.id AND own.person_id = ? "
        "LEFT JOIN cases s ON s.period_id = p.id AND s.subject = 'unit' AND s.unit_id = ? AND s.closed_at IS NULL "
        "LEFT JOIN task t ON t.case_id = s.id AND t.kind <> 'macet' AND t.asked "
        f"LEFT JOIN relation r ON r.case_id = s.id AND r.kind = t.relation AND {days.relating('r')} "
        "LEFT JOIN person n ON n.id = r.person_id "
        f"WHERE p.state = 'open' AND p.unit_id IN ({','.join('?' * len(viewer.line))}) ORDER BY p.starts, p.id",
        viewer.person, viewer.unit, database.stored_day(today), *viewer.line,
    ):  # fmt: skip
        turns = found.setdefault(row[0], (row, {}))[1]
        if row[10] is not None and row[11] is not None:
            turns.setdefault(row[10], people.address(row[11], row[12]))
    nearest: dict[tuple[Any, ...], int] = {}
    for row, _ in found.values():
        nearest[row[1:4]] = max(nearest.get(row[1:4], 0), viewer.line.index(row[6]))
    return [
        Place(
            row[0], row[1], row[2], row[3], row[4], row[5], row[7] or "",
            json.loads(row[8])["fields"] if row[8] else {}, row[9] or "", turns,
        )
        for row, turns in found.values()
        if viewer.line.index(row[6]) == nearest[row[1:4]]
    ]  # fmt: skip


def reasons(kernel: Kernel, viewer: Viewer, seen: Iterable[Place], today: date) -> list[Reason]:
    """Why the visitor has no case in the open periods, for each home assignment; asks the database only where one is
    missing."""
    missing = [one for one in seen if not one.case and not kernel.snapshot(one.snapshot).scheme.is_frame(one.key)]
    if not missing:
        return []
    mine = (Assignment.person == viewer.person) & (Assignment.home == True)  # noqa: E712  # SQL
    made = []
    for assignment in posts.over(mine, today, today):
        for one in missing:
            period = Period(id=one.period, scheme=one.scheme, key=one.key, year=one.year, snapshot=one.snapshot)
            answer = participation.answer_of(kernel, assignment, period)
            if answer.answer == "tidak":
                made.append(Reason(one.label, answer.rule, answer.reason or say("not-asked")))
    return made
