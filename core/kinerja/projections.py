"""Make items, facts, states and tasks from what is in force: pure functions of plugins, written in one go.

Everything here is replaced whenever the case changes, so nothing in these tables is ever the only copy.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import chain

from kinerja import access, database, flows, loaded, places, signing, turns
from kinerja.clock import ahead, day_text
from kinerja.contracts import (
    PROOFS,
    SUBJECT,
    UNIT_PROOFS,
    Fact,
    Item,
    Stage,
    StageContext,
    StageProjection,
    StageRule,
    State,
    StepState,
    Task,
    Transition,
    Window,
)
from kinerja.kernel import Kernel
from kinerja.limits import blocked, unmet_needs, window_of
from kinerja.loaded import Loaded, replace_seen
from kinerja.models import FactRow, ItemRow
from kinerja.sentences import say
from kinerja.steps import project, step_context

PLACE = (
    "UPDATE cases SET at_name = ?, at_label = ?, at_plain = ?, at_told = ?, at_tone = ?, at_kind = ?, at_due = ?, begun = ? "
    "WHERE id = ?"
)
PROGRESS = (
    "INSERT INTO progress (case_id, stage, cycle, ord, name, state, label, tone, kind, adjusted, since, due, opens, warned, "
    "plain, told) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (case_id, stage, cycle) DO UPDATE SET "
    "ord = excluded.ord, name = excluded.name, state = excluded.state, label = excluded.label, tone = excluded.tone, "
    "kind = excluded.kind, adjusted = excluded.adjusted, since = excluded.since, due = excluded.due, "
    "opens = excluded.opens, warned = excluded.warned, plain = excluded.plain, told = excluded.told"
)
TASKS = (
    "INSERT INTO task (case_id, cycle, stage, step, what, relation, label, kind, sentence, since, due, opens, count, "
    "total, asked, several, hard) VALUES "
)


def run(kernel: Kernel, seen: Loaded, moved: Mapping[str, tuple[State, bool, bool]], at: datetime) -> Loaded:
    """Project every stage of a case anew and write what came of it; returns the case as it now stands.

    `moved` holds the states a transition just moved stages to, with whether something was adjusted and whether
    something in it warns. Call inside the transaction, with *seen* read after the parts were written.
    """
    zone_day = kernel.clock.today(seen.view.unit.zone)
    facts: dict[str, Fact] = {name: fact for name, fact in seen.facts.items() if _lasting(kernel, name)}
    items: list[tuple[str, str, Item]] = []
    tasks: list[tuple[str, Task]] = []
    progress: dict[str, loaded.ProgressView] = {}
    stuck, spared, concluded = blocked(kernel, seen), _spared(kernel, seen), False
    filled, said = turns.beside(seen)
    hard: set[str] = set()
    now = replace_seen(seen, facts={})
    for order, rule in enumerate(seen.rules()):
        here = flows.flow_of(kernel, rule)
        old = seen.progress.get(rule.id)
        if here is None:
            if old is not None:
                progress[rule.id] = old
            continue
        stage, flow = here
        before = next(
            (one for one in flow.states if old and one.id == old.state.id), old.state if old else flow.states[0]
        )
        state, adjusted, warned = moved.get(rule.id, (before, bool(old and old.adjusted), bool(old and old.warned)))
        _project_steps(kernel, now, rule, facts, items)
        found = window_of(replace_seen(now, facts=facts), rule)
        if found is not None and found[0].hard:
            hard.add(rule.id)
        due = min(filter(None, (found[2] if found else seen.view.period.ends, seen.last_day)))
        wanted = places.of(replace_seen(now, facts=facts, items=tuple(item for _, _, item in items)))
        decided = stage.concludes and state.kind == "selesai"
        context = replace(
            _stage_context(kernel, now, rule, state, adjusted, due, facts, zone_day),
            case=signing.as_signed(now.view, "stage", rule.id) if decided else now.view,
            given=sum(one.where in filled for one in wanted), places=len(wanted),
        )  # fmt: skip
        made = _stand(kernel, stage, context)
        state = made.state or state
        facts.update({fact.name: fact for fact in made.facts})
        told = [task for task in made.tasks if task.asked]
        waiting = _waiting(kernel, now, rule, facts, found, zone_day, stuck, told) if state.kind != "selesai" else None
        if waiting is not None:
            told = waiting
            if waiting and all(task.kind == "macet" for task in waiting):
                state = replace(state, kind="macet", tone="wait")
        fields = replace_seen(now, facts=facts).fields()
        row = None if waiting is not None or warned else flows.several_row(flow, rule, fields, state, adjusted)
        if stage.concludes and state.kind == "selesai":
            tasks, concluded = [one for one in tasks if not one[1].asked], True
        told += [task for task in made.tasks if not task.asked]
        told += turns.news(kernel, now, rule, flow, state, said, told)
        tasks.extend((rule.id, _turn(seen, task, due, row)) for task in told)
        since = old.since if old and old.state.id == state.id else at
        plain = access.plain_label(kernel, rule, state)
        progress[rule.id] = loaded.ProgressView(
            rule.id, rule.label, state, since, due, adjusted, 1, found[1] if found else None, warned, plain,
            access.readers_of_result(kernel, now, rule) if plain else (),
        )  # fmt: skip
        if progress[rule.id] != old:
            _write_progress(seen.view.id, order, progress[rule.id])
    _write_place(seen.view.id, list(progress.values()), zone_day)
    _write_facts(seen, facts, at)
    _write_items(seen, items, at)
    wanted = places.of(replace_seen(now, facts=facts, items=tuple(item for _, _, item in items)))
    if not concluded:
        tasks.extend(("", task) for task in turns.evidence(kernel, now, wanted, filled))
    called = [
        one
        for one in tasks
        if not (one[1].asked and (seen.answer == "tidak" or (spared and one[1].relation == SUBJECT)))
    ]
    views = _write_tasks(seen, called, at, hard)
    return replace_seen(seen, facts=facts, progress=progress, tasks=views, items=tuple(item for _, _, item in items))


def _turn(seen: Loaded, task: Task, due: date, row: Transition | None) -> Task:
    """A stage's task with its day, and the row that may be taken for many such cases at once. A turn that nobody could
    take is that of whoever arranges posts."""
    if not task.asked:
        return task
    scheme, holders = seen.snapshot.scheme, seen.view.holders
    if task.relation not in (SUBJECT, *holders) and scheme.vacant in holders:
        word = scheme.word(task.relation)
        return Task(
            scheme.vacant, say("vacant", what=word), kind="macet", sentence=say("vacant-why", what=word),
            opens=task.opens,
        )  # fmt: skip
    several = row.id if row is not None and row.by == task.relation and not task.step else ""
    return replace(task, due=task.due or (due if task.kind != "macet" else None), several=several)


def _spared(kernel: Kernel, seen: Loaded) -> bool:
    """Whether the person has no turns now: away by a condition under which nobody is reminded, or gone from here."""
    gone = seen.last_day is not None and seen.last_day < kernel.clock.today(seen.view.unit.zone)
    return gone or bool(seen.standing and kernel.trait("conditions", seen.standing, "diam", False))


def _lasting(kernel: Kernel, name: str) -> bool:
    """Facts that no step or stage of this installation gives come from elsewhere and stay until replaced there."""
    return name not in kernel.host.registry.given()


def _project_steps(
    kernel: Kernel, seen: Loaded, rule: StageRule, facts: dict[str, Fact], items: list[tuple[str, str, Item]]
) -> None:
    """Items and facts of what is in force, step by step; of several authors of a step the newest comes last and may
    see in the facts what the others said."""
    parts = [part for part in seen.parts if part.effective is not None and not part.unread]
    answers = {part.step: part.effective or {} for part in parts}
    for step in kernel.host.registry.steps_of(rule):
        for part in [one for one in parts if one.step == step.id and one.stage == rule.id]:
            context = step_context(kernel, seen, rule, step.id, answers, tuple(item for _, _, item in items), facts)
            made = project(kernel, step, context, part.effective or {})
            fresh = {item.key for item in made.items}
            items[:] = [one for one in items if one[2].key not in fresh]
            items.extend((rule.id, step.id, item) for item in made.items)
            facts.update({fact.name: fact for fact in made.facts})


def _stage_context(
    kernel: Kernel,
    seen: Loaded,
    rule: StageRule,
    state: State,
    adjusted: bool,
    due: date | None,
    facts: Mapping[str, Fact],
    today: date,
) -> StageContext:
    return StageContext(
        case=seen.view,
        stage=rule.id,
        label=rule.label,
        state=state,
        switches=rule.switches,
        steps=tuple(_step_state(kernel, seen, rule, name) for name in rule.steps),
        facts=facts,
        children=seen.near.children,
        unit=seen.near.unit,
        adjusted=adjusted,
        due=due,
        today=today,
        contents=seen.snapshot.contents,
    )


def _step_state(kernel: Kernel, seen: Loaded, rule: StageRule, name: str) -> StepState:
    step, part = kernel.host.registry.steps.get(name), seen.part(rule.id, name)
    return StepState(
        name, flows.step_label(kernel, seen, rule.id, name), step.author if step else "",
        part.state if part else "none", bool(step and step.together),
    )  # fmt: skip


def _waiting(
    kernel: Kernel,
    seen: Loaded,
    rule: StageRule,
    facts: Mapping[str, Fact],
    found: tuple[Window, date, date] | None,
    today: date,
    stuck: str,
    own: Sequence[Task],
) -> list[Task] | None:
    """The tasks that stand in place of the stage's own; None when the stage may go on with its own. Those of a stage
    whose day is still to come are there from that day on."""
    early = found is not None and today < found[1]
    if stuck:
        return [Task(SUBJECT, rule.label, kind="macet", sentence=stuck)] * (rule == seen.rules()[0] and not early)
    unmet = unmet_needs(replace_seen(seen, facts=facts), rule)
    if unmet:
        need = next((one for one in unmet if one.owner), unmet[0])
        known = need.owner in seen.view.holders or (need.of == "unit" and not need.owner)
        if early or any(one.of == "case" for one in unmet) or not known:
            return []
        opens = turns.mended_from(kernel, seen, need, today)
        words = need.early.replace("{hari}", day_text(opens, False)) if opens and need.early else need.message
        return [Task(need.owner or SUBJECT, need.message, kind="macet", sentence=words, opens=opens)]
    return [replace(task, opens=found[1]) for task in own] if early and found is not None else None


def _stand(kernel: Kernel, stage: Stage, context: StageContext) -> StageProjection:
    """What a stage makes of its case; nothing where its plugin fails."""
    return kernel.guarded(stage.id, lambda: stage.project(context), StageProjection) or StageProjection()


def _write_progress(case: str, order: int, one: loaded.ProgressView) -> None:
    state = one.state
    database.run(
        PROGRESS, case, one.stage, order, one.name, state.id, state.label, state.tone, state.kind, one.adjusted,
        database.stored(one.since), database.stored_day(one.due), database.stored_day(one.opens), one.warned, one.plain,
        _spaced(one.told),
    )  # fmt: skip


def _write_place(case: str, progress: Sequence[loaded.ProgressView], day: date) -> None:
    """Say on the case's own row where it stands on a day: at the first stage that is not done and whose day has come, else
    at the last that is done."""
    later = [one for one in progress if ahead(one.opens, one.state.kind, day)]

    def rank(place: tuple[int, loaded.ProgressView]) -> tuple[int, int]:
        n, one = place
        waits = 3 if one.state.kind == "macet" else 4 if one in later else 0
        return (2, -n) if one.state.kind in ("selesai", "ditutup") else (waits, n)

    _, at = min(enumerate(progress), key=rank, default=(0, None))
    if at is not None:
        database.run(
            PLACE, at.name, at.state.label, at.plain, _spaced(at.told), at.state.tone, at.state.kind,
            database.stored_day(at.due), len(later) < len(progress), case,
        )  # fmt: skip


def _spaced(told: Collection[str]) -> str:
    """Relations as a text in which each can be found between two spaces."""
    return f" {' '.join(told)} " if told else ""


def _write_facts(seen: Loaded, facts: Mapping[str, Fact], at: datetime) -> None:
    for name in seen.facts.keys() - facts.keys():
        FactRow.delete().where((FactRow.case == seen.view.id) & (FactRow.name == name)).execute()
    for name, fact in facts.items():
        if seen.facts.get(name) != fact:
            values = {"value": fact.value, "label": fact.label, "source": "", "as_of": at}
            FactRow.insert(case=seen.view.id, name=name, **values).on_conflict(
                conflict_target=[FactRow.case, FactRow.name], update=values
            ).execute()


def _write_items(seen: Loaded, items: list[tuple[str, str, Item]], at: datetime) -> None:
    kept = {item.key: step for _, step, item in items}
    if tuple(item for _, _, item in items) == seen.items and kept.items() <= seen.made_by.items():
        return
    for order, (stage, step, item) in enumerate(items):
        values = {
            "stage": stage, "step": step, "kind": item.kind, "label": item.label, "detail": [list(pair) for pair in item.detail],
            "count": item.count, "ord": order, "retired_at": None,
        }  # fmt: skip
        ItemRow.insert(case=seen.view.id, key=item.key, **values).on_conflict(
            conflict_target=[ItemRow.case, ItemRow.key], update=values
        ).execute()
    gone = [item.key for item in seen.items if item.key not in kept]
    if gone:
        ItemRow.update(retired_at=at).where((ItemRow.case == seen.view.id) & ItemRow.key.in_(gone)).execute()


def _write_tasks(
    seen: Loaded, tasks: list[tuple[str, Task]], at: datetime, hard: Collection[str]
) -> tuple[loaded.TaskView, ...]:
    """One row for each stage, sort of turn and relation; what stays the same keeps the moment since when it is. *hard*
    are the stages in which nothing is handed in after the last day."""
    old = {_same(one.stage, one.task): one.since for one in seen.tasks}
    rows: dict[tuple[str, str, str], Task] = {}
    for stage, task in tasks:
        first = rows.setdefault((stage, task.what, task.relation), task)
        if first is not task:
            rows[stage, task.what, task.relation] = replace(first, count=first.count + task.count)
    views = tuple(
        loaded.TaskView(stage, task, task.since or old.get(_same(stage, task), at))
        for (stage, _, _), task in rows.items()
    )
    made = [
        (
            seen.view.id, 1, one.stage, one.task.step, one.task.what, one.task.relation, one.task.label, one.task.kind,
            one.task.sentence, database.stored(one.since), database.stored_day(one.task.due),
            database.stored_day(one.task.opens), one.task.count, one.task.total, one.task.asked, one.task.several,
            one.stage in hard,
        )
        for one in views
    ]  # fmt: skip
    database.run("DELETE FROM task WHERE case_id = ?", seen.view.id)
    if made:
        database.run(TASKS + ", ".join([f"({', '.join('?' * len(made[0]))})"] * len(made)), *chain.from_iterable(made))
    return views


def _same(stage: str, task: Task) -> tuple[str, ...]:
    """What makes a turn the one it was before: its words too, but where they only count, and the day it waits for."""
    return (
        stage,
        task.what,
        task.relation,
        task.step,
        str(task.opens),
        "" if task.what in (PROOFS, UNIT_PROOFS) else task.label,
    )
