"""What pages and plugins may read in lists, scoped to the viewer: plain frozen values, never rows.

Every list is one statement over real columns, joined to the viewer's own relations or bounded by their unit.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from kinerja import database, people
from kinerja.access import READ, Viewer
from kinerja.clock import day_text
from kinerja.contracts import Fact, Json


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One open turn in a list: whose case, what to do, since when, until when. `several`: the row that may be taken
    for many such at once; `area`: the unit above the school's; `answer`: whether the person must take part."""

    case: str
    stage: str
    step: str
    label: str
    kind: str
    sentence: str
    since: datetime
    due: date | None
    period: str
    unit: str
    zone: str
    person: str
    address: str
    relation: str
    ends: date
    holder: str = ""
    several: str = ""
    area: str = ""
    answer: str = ""


class StageLine(NamedTuple):
    """Where one stage of a case in a list stands, with the days of its window."""

    stage: str
    name: str
    label: str
    tone: str
    kind: str
    opens: date | None
    due: date | None


class Standing(NamedTuple):
    """One case of a list and the stage it is at. `begun`: some stage's day has come."""

    case: str
    period: str
    unit: str
    person: str
    closed: bool
    begun: bool
    stage: str
    label: str
    tone: str
    answer: str = ""
    kind: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list, with where each of its stages stands, in order."""

    case: str
    period: str
    unit: str
    person: str
    role: str
    answer: str
    closed: bool
    stages: tuple[StageLine, ...]


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message to an outside system, as people see it."""

    id: int
    connector: str
    kind: str
    case: str
    state: str
    sentence: str
    attempts: int
    created_at: datetime
    done_at: datetime | None
    person: str
    unit: str
    zone: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    at: datetime
    text: str
    code: str


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
    """What waits for somebody who has to mend it first, below a unit, oldest first, for those who may read there."""
    if not viewer.may(READ, line):
        return []
    return _tasks(f"WHERE t.kind = 'macet' AND c.a{int(depth)} = ? AND c.closed_at IS NULL", [line[-1]], limit)


def open_tasks(cases: Sequence[str]) -> list[TaskLine]:
    """All open turns of these cases, whoever has them: «what is next, and who has it»."""
    if not cases:
        return []
    return _tasks(f"WHERE t.case_id IN ({','.join('?' * len(cases))})", list(cases), 200)


def _tasks(where: str, values: list[object], limit: int) -> list[TaskLine]:
    return [
        TaskLine(
            row[0], row[1], row[2], row[3], row[4], row[5], _moment(row[6]), _day(row[7]), row[8], row[9], row[10],
            people.full_name(row[11], row[13], row[14]) if row[11] else row[9],
            people.address(row[11], row[12]) if row[11] else row[9], row[15], _day(row[18]) or date.max,
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


def waiting_elsewhere(person: int) -> dict[int, int]:
    """How many turns wait for a person in each of their assignments: (assignment, turns)."""
    return dict(
        database.rows(
            "SELECT r.assignment_id, count(DISTINCT t.id) FROM relation r JOIN task t ON t.case_id = r.case_id "
            "AND t.relation = r.kind WHERE r.person_id = ? AND r.assignment_id IS NOT NULL AND r.until IS NULL "
            "AND t.kind <> 'macet' GROUP BY r.assignment_id",
            person,
        )
    )


def own_cases(viewer: Viewer) -> list[CaseLine]:
    """The viewer's own cases, newest period first."""
    return _cases("c.person_id = ?", [viewer.person], 20)


def standings(viewer: Viewer, today: date, limit: int = 500) -> list[Standing]:
    """The cases to which the viewer stands in a relation through this capacity's assignment, one row a case, newest
    period first and then by name: the stage each is at is the first that is not done and whose day has come, else the
    last that is done."""
    mine = "SELECT case_id FROM relation WHERE assignment_id = ? AND person_id = ? AND until IS NULL"
    return _standings(mine, [viewer.assignment, viewer.person], today, limit)


def standings_below(viewer: Viewer, depth: int, line: Sequence[int], today: date, limit: int = 500) -> list[Standing]:
    """The same for the cases of a unit and all below it, for those who may read them there; nothing for others."""
    if not viewer.may(READ, line):
        return []
    return _standings(f"SELECT id FROM cases WHERE a{int(depth)} = ?", [line[-1]], today, limit)


def _standings(mine: str, values: list[object], today: date, limit: int) -> list[Standing]:
    day = database.stored_day(today)
    return [
        Standing(
            row[0], row[1], row[2], people.full_name(row[3], row[4], row[5]) if row[3] else row[2], row[6] is not None,
            bool(row[7]), row[8] or "", row[9] or "", row[10] or "", row[11], row[12] or "", _day(row[13]),
        )
        for row in database.rows(
            "SELECT c.id, p.label, u.name, n.name, n.title_front, n.title_back, c.closed_at, s.begun, s.name, s.label, s.tone, "
            "c.answer, s.kind, s.due "
            "FROM cases c JOIN period p ON p.id = c.period_id JOIN unit u ON u.id = c.unit_id "
            "LEFT JOIN person n ON n.id = c.person_id LEFT JOIN (SELECT g.case_id, g.name, g.label, g.tone, g.kind, g.due, "
            "max(CASE WHEN g.ahead = 1 THEN 0 ELSE 1 END) OVER (PARTITION BY g.case_id) AS begun, "
            "row_number() OVER (PARTITION BY g.case_id ORDER BY "
            "CASE WHEN g.kind NOT IN ('selesai', 'ditutup', 'macet') AND g.ahead = 0 THEN 0 WHEN g.kind IN ('selesai', 'ditutup') THEN 2 "
            "WHEN g.kind = 'macet' THEN 3 ELSE 4 END, "
            "CASE WHEN g.kind IN ('selesai', 'ditutup') THEN -g.ord ELSE g.ord END) AS place "
            "FROM (SELECT progress.*, CASE WHEN opens > ? AND kind IN ('belum', 'menunggu', 'macet') THEN 1 ELSE 0 END AS ahead "
            f"FROM progress WHERE case_id IN ({mine})) g) s ON s.case_id = c.id AND s.place = 1 "
            f"WHERE c.id IN ({mine}) AND (c.subject = 'person' OR s.kind IS NULL OR s.kind <> 'selesai') "
            f"ORDER BY p.starts DESC, p.ends, n.name, c.id LIMIT {int(limit)}",
            day, *values, *values,
        )
    ]  # fmt: skip


def _cases(where: str, values: list[object], limit: int) -> list[CaseLine]:
    found: dict[str, tuple[CaseLine, list[StageLine]]] = {}
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
        line = CaseLine(
            row[0], row[1], row[2], people.full_name(row[3], row[4], row[5]) if row[3] else row[2], row[6], row[7],
            row[8] is not None, (),
        )  # fmt: skip
        stages = found.setdefault(row[0], (line, []))[1]
        if row[9]:
            stages.append(StageLine(row[9], row[10], row[11], row[12], row[13], _day(row[14]), _day(row[15])))
    return [
        CaseLine(one.case, one.period, one.unit, one.person, one.role, one.answer, one.closed, tuple(stages))
        for one, stages in found.values()
    ]


def root_settings(plugin: str) -> dict[str, Json]:
    """A plugin's settings as they stand at the root, for what holds everywhere, such as how to sign in."""
    found = database.rows(
        "SELECT c.settings FROM choice c JOIN unit u ON u.id = c.unit_id WHERE c.plugin = ? AND u.parent_id IS NULL",
        plugin,
    )
    settings: dict[str, Json] = json.loads(found[0][0]) if found else {}
    return settings


def messages(case: str) -> list[MessageLine]:
    """The messages of one case, oldest first; the caller has checked who may see the case."""
    return _messages("o.case_id = ?", [case], 50)


def messages_below(viewer: Viewer, connector: str, line: Sequence[int], limit: int = 100) -> list[MessageLine]:
    """What was sent through one connector for a unit and all below it, newest first, for those who read cases there."""
    if not viewer.may(READ, line):
        return []
    return _messages(f"o.connector = ? AND c.a{len(line) - 1} = ?", [connector, line[-1]], limit, newest=True)


def _messages(where: str, values: list[object], limit: int, *, newest: bool = False) -> list[MessageLine]:
    return [
        MessageLine(
            row[0], row[1], row[2], row[3], row[4], row[5], row[6], _moment(row[7]), database.moment(row[8]),
            row[9] or row[10], row[10], row[11],
        )
        for row in database.rows(
            "SELECT o.id, o.connector, o.kind, o.case_id, o.state, o.sentence, o.attempts, o.created_at, o.done_at, n.name, "
            "u.name, u.zone FROM outgoing o JOIN cases c ON c.id = o.case_id JOIN unit u ON u.id = c.unit_id "
            f"LEFT JOIN person n ON n.id = c.person_id WHERE {where} ORDER BY o.id {'DESC' if newest else ''} LIMIT {int(limit)}",
            *values,
        )
    ]  # fmt: skip


def history(case: str, limit: int = 200) -> list[HistoryLine]:
    """What happened to a case, oldest first, in the words written then; of a long history the newest lines."""
    newest = [
        HistoryLine(_moment(at), text or "(dihapus)", code)
        for at, text, code in database.rows(
            "SELECT l.at, t.text, l.code FROM log_entry l LEFT JOIN log_text t ON t.unit = l.unit_id AND t.number = l.number "
            f"WHERE l.case_id = ? ORDER BY l.recorded_at DESC, l.unit_id DESC, l.number DESC LIMIT {int(limit)}",
            case,
        )
    ]
    return newest[::-1]


def notes(case: str) -> list[tuple[str, str, str, datetime]]:
    """The notes people wrote on a case: (stage, by, text, when), newest first."""
    return [
        (stage, name, text, _moment(at))
        for stage, name, text, at in database.rows(
            "SELECT stage, by_name, text, at FROM note WHERE case_id = ? ORDER BY id DESC LIMIT 50", case
        )
    ]


def facts(case: str) -> dict[str, Fact]:
    """The facts of one case by name."""
    return {
        name: Fact(name, json.loads(value) if value is not None else None, label)
        for name, value, label in database.rows("SELECT name, value, label FROM fact WHERE case_id = ?", case)
    }


def _moment(value: object) -> datetime:
    found = database.moment(value)
    assert found is not None
    return found


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value  # type: ignore[return-value]  # the engines give text or date


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """A kept text of a part: what kind of change, by whom, and the view frozen then."""

    part: int
    number: int
    kind: str
    by: str
    at: datetime
    view: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """What the person of a case asked of whoever keeps their data: `field` names it by kind, `state` says how it is."""

    kind: str
    field: str
    label: str
    wanted: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """A message of a case to an outside system, with the day it was answered in words."""

    connector: str
    kind: str
    state: str
    sentence: str
    done_at_text: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies beside a case: notes as (stage, by, text, when, item) newest first, revisions of one stage, messages
    (oldest first), the numbers of its person, and the viewer's queue as (case, stage, name), oldest turn first."""

    notes: tuple[tuple[str, str, str, datetime, str], ...]
    revisions: tuple[RevisionLine, ...]
    messages: tuple[CaseMessage, ...]
    numbers: dict[str, str]
    queue: tuple[tuple[str, str, str], ...]
    requests: tuple[CaseRequest, ...] = ()


def beside(viewer: Viewer, case: str, stage: str = "") -> Beside:
    """All that a page shows of a case beside `cases.load`, by one statement; the caller has checked who may see it."""
    via = "r.assignment_id IS NULL" if viewer.assignment is None else "r.assignment_id = ?"
    values: list[object] = [case, case, stage, case, case, case, viewer.person]
    if viewer.assignment is not None:
        values.append(viewer.assignment)
    found: dict[str, list[tuple[object, ...]]] = {}
    for row in database.rows(
        "SELECT 'note', stage, by_name, text, item, '', id, 0, at FROM note WHERE case_id = ? UNION ALL "
        "SELECT 'revision', v.kind, v.by_name, v.view, '', '', v.number, t.id, v.at FROM revision v "
        "JOIN part t ON t.id = v.part_id WHERE t.case_id = ? AND t.stage = ? UNION ALL "
        "SELECT 'message', connector, kind, state, sentence, '', id, 0, done_at FROM outgoing WHERE case_id = ? UNION ALL "
        "SELECT 'request', kind, field, label, wanted, state, id, 0, at FROM request WHERE case_id = ? UNION ALL "
        "SELECT 'number', i.kind, i.value, '', '', '', 0, 0, NULL FROM person_id i JOIN cases c ON c.person_id = i.person_id "
        "WHERE c.id = ? UNION ALL "
        "SELECT 'turn', t.case_id, t.stage, coalesce(n.name, u.name), '', '', t.id, 0, t.since FROM task t "
        "JOIN relation r ON r.case_id = t.case_id AND r.kind = t.relation AND r.until IS NULL "
        "JOIN cases c ON c.id = t.case_id JOIN unit u ON u.id = c.unit_id LEFT JOIN person n ON n.id = c.person_id "
        f"WHERE r.person_id = ? AND {via}",
        *values,
    ):
        found.setdefault(row[0], []).append(row)
    ordered = {what: sorted(rows, key=lambda row: (str(row[8] or ""), row[6])) for what, rows in found.items()}
    return Beside(
        notes=tuple(
            (str(r[1]), str(r[2]), str(r[3]), _moment(r[8]), str(r[4])) for r in reversed(ordered.get("note", []))
        ),
        revisions=tuple(
            RevisionLine(int(str(r[7])), int(str(r[6])), str(r[1]), str(r[2]), _moment(r[8]), _view(r[3]))
            for r in ordered.get("revision", [])
        ),
        messages=tuple(
            CaseMessage(str(r[1]), str(r[2]), str(r[3]), str(r[4]), day_text(_moment(r[8]).date()) if r[8] else "")
            for r in sorted(ordered.get("message", []), key=lambda row: int(str(row[6])))
        ),
        numbers={str(r[1]): str(r[2]) for r in ordered.get("number", [])},
        queue=tuple((str(r[1]), str(r[2]), str(r[3])) for r in ordered.get("turn", [])),
        requests=tuple(
            CaseRequest(str(r[1]), str(r[2]), str(r[3]), str(r[4]), str(r[5]), _moment(r[8]))
            for r in ordered.get("request", [])
        ),
    )


def _view(text: object) -> tuple[tuple[str, str], ...]:
    return tuple((label, value) for label, value in json.loads(str(text)))
