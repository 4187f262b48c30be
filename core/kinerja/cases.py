"""Read one case whole, in a few statements that do not grow with what it holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from kinerja import conditions, database, people
from kinerja.contracts import (
    SUBJECT,
    Actor,
    CaseView,
    Fact,
    Holder,
    Item,
    Json,
    PeriodView,
    PersonView,
    Refusal,
    Related,
    StageRule,
    State,
    Task,
    UnitView,
)
from kinerja.kernel import Kernel
from kinerja.models import LEVELS
from kinerja.snapshot import Snapshot

_LINE = ", ".join(f"c.a{n}" for n in range(LEVELS))


@dataclass(frozen=True, slots=True)
class PartView:
    """A part as it stands: the author's draft, what was handed in, what is in force, with their frozen views."""

    id: int
    stage: str
    step: str
    cycle: int
    author: int
    name: str
    revision: int
    draft: Mapping[str, Json] | None
    draft_at: datetime | None
    handed: Mapping[str, Json] | None
    handed_number: int | None
    handed_view: tuple[tuple[str, str], ...]
    effective: Mapping[str, Json] | None
    effective_number: int | None
    effective_view: tuple[tuple[str, str], ...]
    returned: bool
    snapshot: str
    unread: bool = False

    @property
    def state(self) -> str:
        if self.draft is not None:
            return "returned" if self.returned else "draft"
        if self.handed_number is not None and self.handed_number != self.effective_number:
            return "handed"
        return "effective" if self.effective_number is not None else "none"

    @property
    def answers(self) -> Mapping[str, Json]:
        """What the author sees as theirs: the draft, else what was handed in last."""
        for one in (self.draft, self.handed, self.effective):
            if one is not None:
                return one
        return {}


@dataclass(frozen=True, slots=True)
class ProgressView:
    """Where a stage stands, in the words written with the change."""

    stage: str
    name: str
    state: State
    since: datetime
    due: date | None
    adjusted: bool
    cycle: int
    opens: date | None = None
    warned: bool = False


@dataclass(frozen=True, slots=True)
class TaskView:
    stage: str
    task: Task
    since: datetime


@dataclass(slots=True)
class Loaded:
    """One case as it was when it was read; `version` is what a change must still find."""

    view: CaseView
    snapshot: Snapshot
    subject: str
    line: tuple[int, ...]
    answer: str
    content: Mapping[str, str]
    parent: str | None
    previous: str | None
    closed: bool
    opened_at: datetime
    period_state: str
    period_closes: date
    relations: tuple[tuple[str, int, int | None], ...]
    helpers: tuple[Holder, ...]
    parts: tuple[PartView, ...]
    progress: dict[str, ProgressView]
    facts: dict[str, Fact]
    items: tuple[Item, ...]
    retired: tuple[Item, ...]
    tasks: tuple[TaskView, ...]
    standing: str = ""
    last_day: date | None = None
    ending: Mapping[str, Json] = field(default_factory=dict)
    grants: Mapping[str, int] = field(default_factory=dict)
    related: dict[str, Any] = field(default_factory=dict)

    def rules(self) -> tuple[StageRule, ...]:
        """The stages of this case in the scheme's order, whether or not their plugins are here, each with the steps
        that are there for this case."""
        scheme, fields = self.snapshot.scheme, self.fields()

        def fitting(rule: StageRule) -> StageRule:
            there = tuple(
                step for step in rule.steps if conditions.holds(scheme.rules(rule.id, step).get("untuk", {}), fields)
            )
            return rule if there == rule.steps else replace(rule, steps=there)

        return tuple(fitting(rule) for rule in scheme.stages_of(self.view.period.key) if rule.subject == self.subject)

    def rule(self, stage: str) -> StageRule:
        found = next((rule for rule in self.rules() if rule.id == stage), None)
        if found is None:
            raise Refusal("missing", "Halaman ini tidak ada atau bukan untuk Anda.")
        return found

    def kinds_of(self, actor: Actor) -> frozenset[str]:
        """The relations in which this actor, in this capacity, stands to the case."""
        return frozenset(
            kind for kind, person, via in self.relations if person == actor.person and via == actor.assignment
        )

    def part(self, stage: str, step: str, author: int | None = None) -> PartView | None:
        found = [part for part in self.parts if part.stage == stage and part.step == step]
        if author is not None:
            found = [part for part in found if part.author == author]
        return found[-1] if found else None

    def fields(self) -> dict[str, Json]:
        """What conditions may ask of: the profile, traits of relations, facts, and the person's condition today."""
        values = conditions.fields_of(self.view, self.facts)
        if self.standing:
            values["kedudukan"] = self.standing
        return values


def load(kernel: Kernel, id: str, day: date | None = None) -> Loaded:
    """Read a case by four statements; Refusal "missing" when there is none."""
    head = database.rows(
        f"SELECT c.id, c.subject, c.role, c.counts, c.version, c.profile, c.content, c.snapshot, c.answer, c.parent, "
        f"c.previous, c.closed_at, {_LINE}, p.id, p.scheme, p.key, p.year, p.label, p.starts, p.ends, p.state, p.closes, "
        "u.id, u.code, u.name, u.kind, u.zone, u.npsn, u.attributes, "
        "n.id, n.name, n.title_front, n.title_back, n.sex, n.employment, n.attributes, c.opened_at, c.ending "
        "FROM cases c JOIN period p ON p.id = c.period_id JOIN unit u ON u.id = c.unit_id "
        "LEFT JOIN person n ON n.id = c.person_id WHERE c.id = ?",
        id,
    )
    if not head:
        raise Refusal("missing", "Halaman ini tidak ada atau bukan untuk Anda.")
    row = head[0]
    line = tuple(one for one in row[12 : 12 + LEVELS] if one is not None)
    rest = row[12 + LEVELS :]
    unit = UnitView(rest[9], rest[10], rest[11], rest[12], rest[13], rest[14], json.loads(rest[15] or "{}"))
    person = None
    if rest[16] is not None:
        person = PersonView(
            rest[16],
            people.full_name(rest[17], rest[18], rest[19]),
            people.address(rest[17], rest[20]),
            {},
            rest[21],
            json.loads(rest[22] or "{}"),
        )
    profile = json.loads(row[5])
    day = day or kernel.clock.today(unit.zone)
    relations, holders, helpers = _relations(kernel, id, day, person)
    view = CaseView(
        id=row[0],
        period=PeriodView(rest[0], rest[1], rest[2], rest[3], rest[4], _day(rest[5]), _day(rest[6])),
        unit=unit,
        person=person,
        role=row[2],
        counts=bool(row[3]),
        version=row[4],
        profile=profile["fields"],
        labels=profile["labels"],
        holders=holders,
    )
    progress, facts, items, retired, tasks, near, beside = _projections(
        id, row[10] or "", rest[9], rest[0], rest[16] or 0, row[2]
    )
    standing, last_day = _now(beside, day)
    return Loaded(
        view=view,
        snapshot=kernel.snapshot(row[7]),
        subject=row[1],
        line=line,
        answer=row[8],
        content=json.loads(row[6]),
        parent=row[9],
        previous=row[10],
        closed=row[11] is not None,
        opened_at=_moment(rest[23]),
        period_state=rest[7],
        period_closes=_day(rest[8]),
        relations=relations,
        helpers=helpers,
        parts=_parts(kernel, id),
        progress=progress,
        facts=facts,
        items=items,
        retired=retired,
        tasks=tasks,
        standing=standing,
        last_day=last_day,
        ending=json.loads(rest[24] or "{}"),
        grants={step: count for kind, step, count in beside if kind == "grant"},
        related=_near(id, row[10], near, unit, {fact.name: fact for kind, _, fact in beside if kind == "fact"}),
    )


def _now(beside: list[tuple[str, str, Any]], day: date) -> tuple[str, date | None]:
    """What condition the person is in on a day, and the last day of what they do at the unit, where that is known."""
    standing, last = "", None
    for kind, name, (since, until) in [one for one in beside if one[0] in ("standing", "last")]:
        if kind == "last":
            last = until
        elif since <= day and (until is None or until >= day):
            standing = name
    return standing, last


def was_related(case: str, actor: Actor, at: datetime) -> bool:
    """Whether an actor once stood in a relation to a case through an assignment that has ended by a moment."""
    return bool(
        database.rows(
            "SELECT 1 FROM relation r JOIN assignment a ON a.id = r.assignment_id WHERE r.case_id = ? AND r.person_id = ? "
            "AND r.assignment_id = ? AND a.until < ?",
            case, actor.person, actor.assignment, database.stored_day(at.date()),
        )
    )  # fmt: skip


def related(kernel: Kernel, seen: Loaded, *, parts: bool = False) -> dict[str, Any]:
    """The previous case, the children and the unit's case with their facts, which `load` read along with the rest.

    With `parts`, also the previous case's effective answers, for starting from them.
    """
    if parts and seen.related["previous"] is not None and not seen.related["previous"].parts:
        old: Related = seen.related["previous"]
        answers = {part.step: part.effective for part in _parts(kernel, old.case) if part.effective is not None}
        seen.related["previous"] = Related(old.case, old.period_key, old.label, old.facts, answers)
    return seen.related


def _near(
    id: str, previous: str | None, rows: list[tuple[Any, ...]], unit: UnitView, brought: dict[str, Fact]
) -> dict[str, Any]:
    """Put the rows of neighbouring cases together: the previous one, the children by time, the unit's with the facts
    that imports brought for it."""
    found: dict[str, dict[str, Any]] = {}
    for case, key, label, parent, subject, name, _, value, text, ended in sorted(rows, key=lambda row: str(row[6])):
        one = found.setdefault(
            case, {"key": key, "label": label, "parent": parent, "subject": subject, "facts": {}, "ended": ended}
        )
        if name:
            one["facts"][name] = Fact(name, json.loads(value) if value is not None else None, text)
    made = {
        case: Related(case, one["key"], one["label"], one["facts"], ended=one["ended"]) for case, one in found.items()
    }
    school = next((made[case] for case, one in found.items() if one["subject"] == "unit" and one["parent"] != id), None)
    if brought:
        school = replace(
            school or Related("", "", unit.name, {}), facts={**brought, **(school.facts if school else {})}
        )
    return {
        "previous": made.get(previous or ""),
        "children": tuple(made[case] for case, one in found.items() if one["parent"] == id),
        "unit": school,
    }


def _day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _moment(value: Any) -> datetime:
    found = database.moment(value)
    assert found is not None
    return found


def _relations(
    kernel: Kernel, id: str, day: date, subject: PersonView | None
) -> tuple[tuple[tuple[str, int, int | None], ...], dict[str, Holder], tuple[Holder, ...]]:
    relations: list[tuple[str, int, int | None]] = []
    holders: dict[str, Holder] = {}
    everyone: list[Holder] = []
    for kind, via, person, name, front, back, sex, employment, role, how, unit, unit_kind in database.rows(
        "SELECT r.kind, r.assignment_id, n.id, n.name, n.title_front, n.title_back, n.sex, n.employment, "
        "a.role, a.kind, u.name, u.kind FROM relation r JOIN person n ON n.id = r.person_id "
        "LEFT JOIN assignment a ON a.id = r.assignment_id LEFT JOIN unit u ON u.id = a.unit_id "
        "WHERE r.case_id = ? AND r.since <= ? AND (r.until IS NULL OR r.until >= ?) "
        "AND (r.assignment_id IS NULL OR a.until IS NULL OR a.until >= ?) ORDER BY r.id",
        id,
        *[database.stored_day(day)] * 3,
    ):
        relations.append((kind, person, via))
        holder = Holder(
            person=PersonView(person, people.full_name(name, front, back), people.address(name, sex), {}, employment),
            relation=kind,
            role=role or "",
            role_label=people.role_label(kernel, role, how, unit_kind) if role else "",
            kind=how or "",
            acting=bool(how and kernel.trait("assignment_kinds", how, "acting", False)),
            unit=unit or "",
        )
        everyone.append(holder)
        if kind != SUBJECT:
            holders.setdefault(kind, holder)
    return tuple(relations), holders, tuple(everyone)


def _pairs(text: str | None) -> tuple[tuple[str, str], ...]:
    return tuple((label, value) for label, value in json.loads(text)) if text else ()


def _parts(kernel: Kernel, id: str) -> tuple[PartView, ...]:
    return tuple(
        _part(kernel, row)
        for row in database.rows(
            "SELECT t.id, t.stage, t.step, t.cycle, t.author, t.name, t.revision, t.draft, t.draft_at, t.handed, "
            "t.effective, t.returned, t.snapshot, h.data, h.view, e.data, e.view, t.format, h.format, e.format FROM part t "
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
    )  # fmt: skip


def _projections(
    id: str, previous: str, unit: int, period: int, person: int, role: str
) -> tuple[
    dict[str, ProgressView],
    dict[str, Fact],
    tuple[Item, ...],
    tuple[Item, ...],
    tuple[TaskView, ...],
    list[tuple[Any, ...]],
    list[tuple[str, str, Any]],
]:
    progress: dict[str, ProgressView] = {}
    facts: dict[str, Fact] = {}
    items: list[Item] = []
    retired: list[Item] = []
    tasks: list[TaskView] = []
    near: list[tuple[Any, ...]] = []
    beside: list[tuple[str, str, Any]] = []
    for what, a, b, c, d, e, f, _, since, due, flag, x, y, opens in sorted(
        database.rows(
            "SELECT 1, stage, name, state, label, tone, kind, ord, since, due, CASE WHEN adjusted THEN 1 ELSE 0 END, "
            "CASE WHEN warned THEN '1' ELSE '' END, '', opens FROM progress WHERE case_id = ? UNION ALL "
            "SELECT 2, name, value, label, '', '', '', 0, as_of, NULL, 0, '', '', NULL FROM fact WHERE case_id = ? "
            "UNION ALL SELECT 3, key, kind, label, detail, step, stage, ord, NULL, NULL, "
            "CASE WHEN retired_at IS NULL THEN count ELSE -1 END, '', '', NULL FROM item WHERE case_id = ? UNION ALL "
            "SELECT 4, stage, step, relation, label, kind, sentence, id, since, due, 0, several, '', NULL FROM task "
            "WHERE case_id = ? UNION ALL "
            "SELECT 6, name, value, label, '', '', '', 0, as_of, NULL, 0, '', '', NULL FROM unit_fact WHERE unit_id = ? "
            "UNION ALL SELECT 7, field, '', '', '', '', '', 0, NULL, NULL, count(*), '', '', NULL FROM request "
            "WHERE case_id = ? AND state = 'granted' GROUP BY field UNION ALL "
            "SELECT 8, kind, '', '', '', '', '', id, NULL, since, 0, '', '', until FROM standing WHERE person_id = ? UNION ALL "
            "SELECT 9, '', '', '', '', '', '', 0, NULL, NULL, 0, '', '', max(until) FROM assignment WHERE person_id = ? "
            "AND unit_id = ? AND role = ? HAVING count(*) = count(until) UNION ALL "
            "SELECT 5, c.id, p.key, p.label, coalesce(c.parent, ''), c.subject, coalesce(f.name, ''), 0, NULL, NULL, "
            "CASE WHEN c.ending <> '{}' THEN 1 ELSE 0 END, f.value, f.label, p.starts FROM cases c JOIN period p ON p.id = c.period_id "
            "LEFT JOIN fact f ON f.case_id = c.id WHERE c.id = ? OR c.parent = ? "
            "OR (c.subject = 'unit' AND c.unit_id = ? AND c.period_id = ? AND c.id <> ?)",
            id, id, id, id, unit, id, person, person, unit, role, previous, id, unit, period, id,
        ),
        key=lambda row: (row[0], row[7]),
    ):  # fmt: skip
        if what == 1:
            state = State(c, d, f, e)
            progress[a] = ProgressView(
                a, b, state, _moment(since), _day(due) if due else None, bool(flag), 1,
                _day(opens) if opens else None, x == "1",
            )  # fmt: skip
        elif what == 2:
            facts[a] = Fact(a, json.loads(b) if b is not None else None, c)
        elif what == 3:
            item = Item(a, b, c, tuple((label, text) for label, text in json.loads(d)), max(flag, 1))
            (retired if flag == -1 else items).append(item)
        elif what == 4:
            tasks.append(TaskView(a, Task(c, d, b, e, f, _day(due) if due else None, x), _moment(since)))
        elif what == 6:
            beside.append(("fact", a, Fact(a, json.loads(b) if b is not None else None, c)))
        elif what == 7:
            beside.append(("grant", a, flag))
        elif what == 8:
            beside.append(("standing", a, (_day(due), _day(opens) if opens else None)))
        elif what == 9:
            beside.append(("last", "", (None, _day(opens) if opens else None)))
        else:
            near.append((a, b, c, d, e, f, opens, x, y, bool(flag)))
    return progress, facts, tuple(items), tuple(retired), tuple(tasks), near, beside
