"""What the open periods mean for one person: their case in each, or why there is none; and what their school still owes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kinerja import conditions, database, people, periods
from kinerja.access import Viewer
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Period, Person, Unit
from kinerja.periods import Answer
from kinerja_read import TaskLine
from kinerja_web.htmx import request
from kinerja_web.words import left, short_day

NOT_ASKED = "Peran Anda tidak termasuk yang menyusun kinerja di sini."


@dataclass(frozen=True, slots=True)
class Place:
    """One open period at the visitor's unit. `case` and `fields` are of their own case there, empty where they have
    none; `turns` are the stages in which the unit's own case has a turn, with whose it is, `school` is that case."""

    period: int
    scheme: str
    key: str
    year: int
    label: str
    snapshot: str
    case: str
    fields: Mapping[str, Any]
    school: str
    turns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody has no case in an open period, by which rule."""

    period: str
    answer: Answer
    sentence: str


@dataclass(frozen=True, slots=True)
class Call:
    """A person's case waits for what somebody else does in the unit's case: what, who, and the address to pass on."""

    sentence: str
    who: str
    url: str


def places(viewer: Viewer) -> list[Place]:
    """The open periods that cover the visitor's unit, the nearest of each kind, by one statement."""
    if not viewer.line:
        return []
    marks = ",".join("?" * len(viewer.line))
    found: dict[int, tuple[tuple[Any, ...], dict[str, str]]] = {}
    for row in database.rows(
        "SELECT p.id, p.scheme, p.key, p.year, p.label, p.snapshot, p.unit_id, own.id, own.profile, s.id, t.stage, n.name, n.sex "
        "FROM period p LEFT JOIN cases own ON own.period_id = p.id AND own.person_id = ? "
        "LEFT JOIN cases s ON s.period_id = p.id AND s.subject = 'unit' AND s.unit_id = ? AND s.closed_at IS NULL "
        "LEFT JOIN task t ON t.case_id = s.id AND t.kind <> 'macet' AND t.asked "
        "LEFT JOIN relation r ON r.case_id = s.id AND r.kind = t.relation AND r.until IS NULL "
        "LEFT JOIN person n ON n.id = r.person_id "
        f"WHERE p.state = 'open' AND p.unit_id IN ({marks}) ORDER BY p.starts, p.id",
        viewer.person, viewer.unit, *viewer.line,
    ):  # fmt: skip
        turns = found.setdefault(row[0], (row, {}))[1]
        if row[10] is not None and row[11] is not None:
            turns.setdefault(row[10], people.address(row[11], row[12]))
    nearest: dict[tuple[Any, ...], int] = {}
    for row, _ in found.values():
        kind = row[1:4]
        nearest[kind] = max(nearest.get(kind, 0), viewer.line.index(row[6]))
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
    missing = [one for one in seen if not one.case and not _parent(kernel, one)]
    if not missing:
        return []
    held = (
        Assignment.select(Assignment, Person, Unit)
        .join(Person)
        .switch(Assignment)
        .join(Unit)
        .where(
            (Assignment.person == viewer.person)
            & (Assignment.home == True)  # noqa: E712  # SQL
            & people.on(today)
        )
    )
    made = []
    for assignment in held:
        for one in missing:
            period = Period(id=one.period, scheme=one.scheme, key=one.key, year=one.year, snapshot=one.snapshot)
            answer = periods.answer_of(kernel, assignment, period)
            if answer.answer == "tidak":
                made.append(Reason(one.label, answer, answer.reason or NOT_ASKED))
    return made


def _parent(kernel: Kernel, one: Place) -> bool:
    """Whether a period is only the frame of others, in which cases open along with theirs."""
    return any(rule.parent == one.key for rule in kernel.snapshot(one.snapshot).scheme.periods)


def calls(kernel: Kernel, seen: Sequence[Place], tasks: Iterable[TaskLine]) -> list[Call]:
    """What the visitor's cases wait for in the case of their unit, where somebody has a turn to do it there."""
    found: dict[str, Call] = {}
    for task in tasks:
        call = giver(kernel, seen, task) if task.kind == "macet" else None
        if call is not None:
            found.setdefault(call.url, call)
    return list(found.values())


def giver(kernel: Kernel, seen: Sequence[Place], task: TaskLine) -> Call | None:
    """Who has the turn in the case of the visitor's unit that gives what one of their cases waits for; None where
    nobody has."""
    place = next((one for one in seen if one.case == task.case and one.school), None)
    stages = sorted(place.turns.keys() & _giving(kernel, place, task)) if place is not None else []
    if place is None or not stages:
        return None
    who, url = place.turns[stages[0]], f"{request.host_url}kasus/{place.school}/{stages[0]}"
    return Call(task.sentence or task.label, who, url)


def _giving(kernel: Kernel, place: Place, task: TaskLine) -> set[str]:
    """The stages of the unit's case that give what a task says is missing."""
    scheme = kernel.snapshot(place.snapshot).scheme
    rule = scheme.stage(task.stage)
    wanted = {one.fact for one in rule.needs if one.of == "unit" and one.message == task.label} if rule else set()
    registry = kernel.host.registry
    found = set()
    for other in scheme.stages_of(place.key):
        makers = [registry.stages.get(other.id), *(registry.steps.get(step) for step in other.steps)]
        if other.subject == "unit" and wanted & {spec.name for one in makers if one for spec in one.gives}:
            found.add(other.id)
    return found


def reminder(kernel: Kernel, seen: Iterable[Place], task: TaskLine, today: date) -> str:
    """What to say to somebody who has not begun and must: calm before the last day, plain after it. Nobody else is
    reminded."""
    if task.answer != "wajib" or task.due is None:
        return ""
    day = short_day(task.due, today)
    if today <= task.due:
        return f"Belum dimulai. Batas {day}, {left(task.due, today)}."
    place = next((one for one in seen if one.case == task.case), None)
    if place is not None and _hard(kernel, place, task.stage):
        return f"Batas {day} sudah lewat, jadi tidak dapat diajukan lagi. Hubungi Dinas Pendidikan Anda."
    return f"Batas yang dianjurkan sudah lewat ({day}). Anda tetap dapat mengajukan."


def _hard(kernel: Kernel, place: Place, stage: str) -> bool:
    rule = kernel.snapshot(place.snapshot).scheme.stage(stage)
    windows = rule.windows if rule else ()
    return next((one.hard for one in windows if conditions.holds(one.applies, place.fields)), False)
