"""Whose turn it is, in lists. `waits` is the one place that says whether there is something for a person now: the first
page, queues, reminders, badges and cards read it, or the same rows by the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from kinerja import access, database, days, people
from kinerja.access import Viewer, oversees
from kinerja.clock import has_come
from kinerja.contracts import SUBJECT, WORK
from kinerja_read.lines import TaskLine, Waits

MOST = 200

COME = "(t.opens IS NULL OR t.opens <= ?)"
"""As `has_come` says it, of a turn in a statement: one value, the day as it is stored."""

_READ = (
    "SELECT 1 FROM seen s WHERE s.case_id = t.case_id AND s.stage = t.stage AND s.person_id = ? "
    "AND s.until >= t.since AND NOT t.asked"
)
"""News that this person has read; what is asked stays until it is done."""

_TOLD = (
    "SELECT 1 FROM task y JOIN cases z ON z.id = y.case_id JOIN relation v ON v.case_id = y.case_id AND v.kind = y.relation "
    f"AND {days.relating('v')} WHERE z.unit_id = c.unit_id AND z.period_id = c.period_id AND y.what = t.what "
    "AND y.relation = t.relation AND y.id < t.id AND t.what = 'bukti-satuan' AND v.person_id = r.person_id "
    "AND (v.assignment_id = r.assignment_id OR (v.assignment_id IS NULL AND r.assignment_id IS NULL))"
)
"""What is given once for a unit and another line says already to the same giver: every case there waits for it. One
value, the day as it is stored, as `days` has it."""


def waits(viewer: Viewer, today: date, cases: Sequence[str] = (), limit: int = MOST) -> Waits:
    """What a viewer is called for in their capacity, oldest first, by one statement. As an employee it is what their own
    *cases* hold, which name as well whom they wait for."""
    if viewer.assignment is None:
        if not cases:
            return Waits()
        found = _tasks(
            f"WHERE t.case_id IN ({','.join('?' * len(cases))}) AND NOT EXISTS ({_READ}) AND (t.asked OR t.relation = '{SUBJECT}')",
            [*cases, viewer.person], today, limit,
        )  # fmt: skip
        mine = [task for task in found if task.relation == SUBJECT]
        others = [task for task in found if task.relation != SUBJECT]
    else:
        mine, others = _through(viewer, today, limit), []
    now = [task for task in mine if has_come(task.opens, today)]
    return Waits(
        asked=tuple(task for task in now if task.asked and task.kind != "macet"),
        news=tuple(task for task in now if not task.asked),
        held=tuple(task for task in now if task.kind == "macet"),
        later=tuple(task for task in mine if not has_come(task.opens, today)),
        others=tuple(others),
    )


def turns(viewer: Viewer, today: date, limit: int = 50, case: str = "") -> list[TaskLine]:
    """What stages ask of a viewer today in their capacity, in all their cases or in one, and what is held up by them."""
    return [task for task in _through(viewer, today, limit, case) if task.what == WORK and has_come(task.opens, today)]


def _through(viewer: Viewer, today: date, limit: int, case: str = "") -> list[TaskLine]:
    """The turns of a viewer through the assignment they act in, or as an employee."""
    return _tasks(
        f"WHERE {access.acts('r')} AND NOT EXISTS ({_READ}) AND NOT EXISTS ({_TOLD})" + (" AND t.case_id = ?" if case else ""),
        [viewer.person, viewer.assignment or 0, viewer.person, database.stored_day(today), *([case] if case else [])],
        today, limit,
        mine=f"relation r JOIN task t ON r.case_id = t.case_id AND r.kind = t.relation AND {days.relating('r')}",
    )  # fmt: skip


def stuck_below(
    viewer: Viewer, depth: int, line: Sequence[int], today: date, limit: int = MOST, *, near: bool = True
) -> list[TaskLine]:
    """What waits for somebody who has to mend it first and could, below a unit, oldest first, for those who see where
    cases stand. Not `near` is a unit so wide that what is stuck anywhere is less than the cases below it."""
    if not oversees(viewer, line):
        return []
    where = f"WHERE t.kind = 'macet' AND c.closed_at IS NULL AND {COME} AND c.a{int(depth)} = ?"
    return _tasks(
        where + (f" AND d.id = t.case_id AND d.a{int(depth)} = ?" if near else ""),
        [database.stored_day(today), *[line[-1]] * (2 if near else 1)], today, limit,
        mine="cases d CROSS JOIN task t" if near else "",
    )  # fmt: skip


def open_tasks(viewer: Viewer, cases: Sequence[str], today: date) -> list[TaskLine]:
    """All that is asked of anybody in those of these cases that the viewer sees, also from a day to come: «what is next,
    and who has it»."""
    if not cases:
        return []
    related = (
        f"EXISTS (SELECT 1 FROM relation v WHERE v.case_id = c.id AND {days.relating('v')} AND {access.acts('v')})"
    )
    values: list[object] = [*cases, database.stored_day(today), viewer.person, viewer.assignment or 0]
    if viewer.unit is not None and oversees(viewer, viewer.line):
        related += f" OR c.a{len(viewer.line) - 1} = ?"
        values.append(viewer.unit)
    return _tasks(f"WHERE t.asked AND t.case_id IN ({','.join('?' * len(cases))}) AND ({related})", values, today, MOST)


def _tasks(where: str, values: list[object], today: date, limit: int, mine: str = "") -> list[TaskLine]:
    """Open turns, those of today before those of a day to come, then the oldest first. The values of *where* follow the
    day on which the holder of a turn is asked for. What makes them few, *mine*, stands first, that day as its value where
    it has one: PostgreSQL moves no more than eight tables, and would read every turn there is before the last of them;
    SQLite moves none that is joined CROSS."""
    day = database.stored_day(today)
    return [
        TaskLine(
            row[0], row[1], row[2], row[3], row[4], row[5], _since(database.moment(row[6]), database.as_day(row[23]), today),
            database.as_day(row[7]), row[8], row[9], row[10],
            people.full_name(row[11], row[13], row[14]) if row[11] else row[9],
            people.address(row[11], row[12]) if row[11] else row[9], row[15], database.as_day(row[18]) or date.max,
            people.address(row[16], row[17]) if row[16] else "", row[19], row[20], row[21],
            what=row[22], opens=database.as_day(row[23]), count=row[24], asked=bool(row[25]), hard=bool(row[26]),
        )
        for row in database.rows(
            "SELECT t.case_id, t.stage, t.step, t.label, t.kind, t.sentence, t.since, t.due, p.label, u.name, u.zone, "
            "n.name, n.sex, n.title_front, n.title_back, t.relation, hn.name, hn.sex, p.ends, t.several, "
            "coalesce(up.name, ''), c.answer, t.what, t.opens, t.count, t.asked, t.hard "
            f"FROM {mine or 'task t'} JOIN cases c ON c.id = t.case_id JOIN period p ON p.id = c.period_id JOIN unit u ON u.id = c.unit_id "
            "LEFT JOIN unit up ON up.id = u.parent_id LEFT JOIN person n ON n.id = c.person_id "
            "LEFT JOIN relation h ON h.id = (SELECT min(x.id) FROM relation x WHERE x.case_id = t.case_id "
            f"AND x.kind = t.relation AND {days.relating('x')}) LEFT JOIN person hn ON hn.id = h.person_id "
            f"{where} ORDER BY CASE WHEN t.opens > ? THEN 1 ELSE 0 END, t.since, t.id LIMIT {int(limit)}",
            *[day] * (1 + mine.count("?")), *values, day,
        )
    ]  # fmt: skip


def _since(moment: datetime, opens: date | None, today: date) -> datetime:
    """Since when something waits: never before the day from which it could be done."""
    return max(moment, datetime.combine(opens, time(), UTC)) if opens and has_come(opens, today) else moment


def waiting_elsewhere(viewer: Viewer, today: date) -> dict[int, int]:
    """How much waits for the viewer in each of their assignments, to be done or to be read: (assignment, turns)."""
    day = database.stored_day(today)
    return dict(
        database.rows(
            "SELECT r.assignment_id, count(DISTINCT t.id) FROM relation r JOIN task t ON t.case_id = r.case_id "
            "AND t.relation = r.kind JOIN cases c ON c.id = t.case_id WHERE r.person_id = ? AND r.assignment_id IS NOT NULL "
            f"AND {days.relating('r')} AND t.kind <> 'macet' AND {COME} "
            f"AND NOT EXISTS ({_READ}) AND NOT EXISTS ({_TOLD}) "
            "GROUP BY r.assignment_id",
            viewer.person, day, day, viewer.person, day,
        )
    )  # fmt: skip
