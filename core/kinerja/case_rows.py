"""The rows of a case, decoded: who stands in which relation, its parts, its projections, the cases beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from kinerja import database, days, people
from kinerja.contracts import SUBJECT, Fact, Holder, Item, Json, PersonView, Related, State, Task, UnitView
from kinerja.database import as_day
from kinerja.kernel import Kernel
from kinerja.loaded import Near, PartView, ProgressView, TaskView


@dataclass(slots=True)
class Made:
    """What was made of a case when it last changed, and what lies beside it: the facts that imports brought for its unit,
    how often a step was unlocked, the rows of the cases near it, the condition its person is in and since when, and the
    last day of what they do at the unit, where that is known."""

    progress: dict[str, ProgressView] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    retired: list[Item] = field(default_factory=list)
    made_by: dict[str, str] = field(default_factory=dict)
    tasks: list[TaskView] = field(default_factory=list)
    brought: dict[str, Fact] = field(default_factory=dict)
    grants: dict[str, int] = field(default_factory=dict)
    near: list[tuple[Any, ...]] = field(default_factory=list)
    standing: str = ""
    standing_since: date | None = None
    last_day: date | None = None


def read_near(
    part: str, previous: str | None, rows: list[tuple[Any, ...]], unit: UnitView, brought: dict[str, Fact]
) -> Near:
    """Put the rows of neighbouring cases together: the previous one, those of its chain that are a part of this one, by
    time, the unit's with the facts that imports brought for it."""
    found: dict[str, dict[str, Any]] = {}
    for case, label, whole, subject, name, _, value, text, ended in sorted(
        rows, key=lambda row: [str(one) for one in row[5]]
    ):
        one = found.setdefault(case, {"label": label, "whole": whole, "subject": subject, "facts": {}, "ended": ended})
        if name:
            one["facts"][name] = Fact(name, json.loads(value) if value is not None else None, text)
    made = {case: Related(case, one["label"], one["facts"], ended=one["ended"]) for case, one in found.items()}
    school = next((made[case] for case, one in found.items() if one["subject"] == "unit"), None)
    if brought:
        school = replace(school or Related("", unit.name, {}), facts={**brought, **(school.facts if school else {})})
    children = tuple(made[case] for case, one in found.items() if part and one["whole"] == part)
    return Near(made.get(previous or ""), children, school)


def read_relations(
    kernel: Kernel, id: str, day: date, subject: PersonView | None
) -> tuple[tuple[tuple[str, int, int | None], ...], dict[str, Holder], tuple[Holder, ...]]:
    relations: list[tuple[str, int, int | None]] = []
    holders: dict[str, Holder] = {}
    everyone: list[Holder] = []
    for kind, via, person, name, front, back, sex, employment, role, how, unit, unit_kind, more in database.rows(
        "SELECT r.kind, r.assignment_id, n.id, n.name, n.title_front, n.title_back, n.sex, n.employment, "
        "a.role, a.kind, u.name, u.kind, u.attributes FROM relation r JOIN person n ON n.id = r.person_id "
        "LEFT JOIN assignment a ON a.id = r.assignment_id LEFT JOIN unit u ON u.id = a.unit_id "
        f"WHERE r.case_id = ? AND {days.relating('r')} ORDER BY r.id",
        id,
        database.stored_day(day),
    ):
        relations.append((kind, person, via))
        holder = Holder(
            person=PersonView(person, people.full_name(name, front, back), people.address(name, sex), {}, employment),
            relation=kind,
            role=role or "",
            role_label=people.role_label(kernel, role, how, unit_kind) if role else "",
            kind=how or "",
            acting=people.acting(kernel, how or ""),
            unit=people.office(kernel, unit, unit_kind, json.loads(more or "{}")) if unit else "",
        )
        everyone.append(holder)
        if kind != SUBJECT:
            holders.setdefault(kind, holder)
    return tuple(relations), holders, tuple(everyone)


def _pairs(text: str | None) -> tuple[tuple[str, str], ...]:
    return tuple((label, value) for label, value in json.loads(text)) if text else ()


def read_parts(kernel: Kernel, id: str) -> tuple[PartView, ...]:
    return tuple(
        _part(kernel, row)
        for row in database.rows(
            "SELECT t.id, t.stage, t.step, t.cycle, t.author, t.name, t.revision, t.draft, t.draft_at, t.handed, "
            "t.effective, t.returned, t.snapshot, h.data, h.view, e.data, e.view, t.format, h.format, e.format, "
            'h."by", h.by_name, h.at FROM part t '
            "LEFT JOIN revision h ON h.part_id = t.id AND h.number = t.handed "
            "LEFT JOIN revision e ON e.part_id = t.id AND e.number = t.effective WHERE t.case_id = ? "
            "ORDER BY CASE WHEN e.at IS NULL THEN 0 ELSE 1 END, e.at, t.id",
            id,
        )
    )


def _part(kernel: Kernel, row: tuple[Any, ...]) -> PartView:
    """One part in the format its installed step reads today. What the step cannot upgrade stays as it was written,
    and the part is marked `unread`."""
    step = kernel.host.registry.steps.get(row[2])
    answers: list[Mapping[str, Json] | None] = []
    unread = False
    for text, written in ((row[7], row[17]), (row[13], row[18]), (row[15], row[19])):
        data: Mapping[str, Json] | None = json.loads(text) if text is not None else None
        if data is not None and step is not None and written != step.format:
            upgraded = kernel.guarded(row[2], partial(step.upgrade, data, written), Mapping)
            unread, data = unread or upgraded is None, data if upgraded is None else upgraded
        answers.append(data)
    return PartView(
        id=row[0], stage=row[1], step=row[2], cycle=row[3], author=row[4], name=row[5], revision=row[6],
        draft=answers[0], draft_at=database.moment(row[8]),
        handed=answers[1], handed_number=row[9], handed_view=_pairs(row[14]),
        effective=answers[2], effective_number=row[10], effective_view=_pairs(row[16]),
        returned=bool(row[11]), snapshot=row[12], unread=unread,
        handed_by=row[20], handed_name=row[21] or "", handed_at=database.moment(row[22]),
    )  # fmt: skip


def read_projections(id: str, previous: str, unit: int, person: int, role: str, day: date) -> Made:
    found = Made()
    for what, a, b, c, d, e, f, _, since, due, flag, x, y, opens in sorted(
        database.rows(
            "SELECT 1, stage, name, state, label, tone, kind, ord, since, due, CASE WHEN adjusted THEN 1 ELSE 0 END, "
            "CASE WHEN warned THEN '1' ELSE '' END, told || '|' || plain, opens FROM progress WHERE case_id = ? UNION ALL "
            "SELECT 2, name, value, label, '', '', '', 0, as_of, NULL, 0, '', '', NULL FROM fact WHERE case_id = ? "
            "UNION ALL SELECT 3, key, kind, label, detail, step, stage, ord, NULL, NULL, "
            "CASE WHEN retired_at IS NULL THEN count ELSE -1 END, '', '', NULL FROM item WHERE case_id = ? UNION ALL "
            "SELECT 4, stage, step, relation, label, kind, sentence, id, since, due, CASE WHEN asked THEN count ELSE -count END, "
            "several, what, opens FROM task "
            "WHERE case_id = ? UNION ALL "
            "SELECT 6, name, value, label, '', '', '', 0, as_of, NULL, 0, '', '', NULL FROM unit_fact WHERE unit_id = ? "
            "UNION ALL SELECT 7, field, '', '', '', '', '', 0, NULL, NULL, count(*), '', '', NULL FROM request "
            "WHERE case_id = ? AND state = 'granted' GROUP BY field UNION ALL "
            "SELECT 8, kind, '', '', '', '', '', id, NULL, since, 0, '', '', NULL FROM standing WHERE person_id = ? "
            f"AND {days.holding('standing')} UNION ALL "
            "SELECT 9, '', '', '', '', '', '', 0, NULL, NULL, 0, '', '', max(until) FROM assignment WHERE person_id = ? "
            "AND unit_id = ? AND role = ? HAVING count(*) = count(until) UNION ALL "
            "SELECT 5, c.id, '', CASE WHEN c.unit_id = me.unit_id THEN p.label ELSE p.label || ', ' || u.name END, "
            "CASE WHEN c.chain = me.chain THEN c.whole ELSE '' END, c.subject, coalesce(f.name, ''), 0, c.opened_at, NULL, "
            "CASE WHEN c.ending <> '{}' THEN 1 ELSE 0 END, f.value, f.label, p.starts FROM cases me "
            "JOIN cases c ON c.id = ? OR (c.chain = me.chain AND c.whole = me.part) "
            "OR (c.subject = 'unit' AND c.unit_id = me.unit_id AND c.period_id = me.period_id AND c.id <> me.id) "
            "JOIN period p ON p.id = c.period_id JOIN unit u ON u.id = c.unit_id LEFT JOIN fact f ON f.case_id = c.id "
            "WHERE me.id = ?",
            id, id, id, id, unit, id, person, database.stored_day(day), person, unit, role, previous, id,
        ),
        key=lambda row: (row[0], row[7]),
    ):  # fmt: skip
        if what == 1:
            state, (told, _, plain) = State(c, d, f, e), y.partition("|")  # ids of relations hold no such sign
            found.progress[a] = ProgressView(
                a, b, state, database.moment(since), as_day(due), bool(flag), 1,
                as_day(opens), x == "1", plain, tuple(told.split()),
            )  # fmt: skip
        elif what in (2, 6):
            facts = found.facts if what == 2 else found.brought
            facts[a] = Fact(a, json.loads(b) if b is not None else None, c)
        elif what == 3:
            item = Item(a, b, c, tuple((label, text) for label, text in json.loads(d)), max(flag, 1))
            (found.retired if flag == -1 else found.items).append(item)
            found.made_by[a] = e
        elif what == 4:
            task = Task(c, d, b, e, f, as_day(due), x, y, abs(flag), opens=as_day(opens), asked=flag > 0)
            found.tasks.append(TaskView(a, task, database.moment(since)))
        elif what == 7:
            found.grants[a] = flag
        elif what == 8:
            found.standing, found.standing_since = a, as_day(due)
        elif what == 9:
            found.last_day = as_day(opens)
        else:
            found.near.append((a, c, d, e, f, (opens, since), x, y, bool(flag)))
    return found
