"""Make items, facts, states and tasks from what is in force: pure functions of plugins, written in one go.

Everything here is replaced whenever the case changes, so nothing in these tables is ever the only copy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from kinerja import cases, conditions, people
from kinerja.cases import Loaded
from kinerja.contracts import (
    SUBJECT,
    Fact,
    Flow,
    Form,
    Item,
    Json,
    Member,
    Need,
    Stage,
    StageContext,
    StageProjection,
    StageRule,
    State,
    Step,
    StepContext,
    StepProjection,
    StepState,
    Task,
    Transition,
    Window,
)
from kinerja.kernel import Kernel
from kinerja.models import FactChange, FactRow, ItemRow, Progress, TaskRow
from kinerja.schemes import window_days
from kinerja.sentences import say


def step_context(
    kernel: Kernel,
    seen: Loaded,
    rule: StageRule,
    step: str,
    parts: Mapping[str, Mapping[str, Json]],
    items: tuple[Item, ...] = (),
    facts: Mapping[str, Fact] | None = None,
) -> StepContext:
    """All that a step may know, given the answers the viewer sees by step. A part begun before the contents of its
    period were renewed goes on with those it was begun with."""
    near = cases.related(kernel, seen)
    part = seen.part(rule.id, step)
    pinned = kernel.snapshot(part.snapshot) if part else seen.snapshot
    today = kernel.clock.today(seen.view.unit.zone)
    return StepContext(
        case=seen.view,
        stage=rule.id,
        options=pinned.scheme.rules(rule.id, step),
        words=pinned.scheme.words,
        content=pinned.chosen(seen.content),
        facts=seen.facts if facts is None else facts,
        items=items,
        parts=parts,
        previous=near["previous"],
        children=near["children"],
        unit=near["unit"],
        scheme=pinned.scheme,
        today=today,
        members=_members(kernel, seen, today),
        grants=seen.grants.get(step, 0),
        contents=pinned.contents,
    )


def _members(kernel: Kernel, seen: Loaded, today: date) -> tuple[Member, ...]:
    """Who holds a role at the unit, for a unit's own case; read once a page."""
    if seen.subject != "unit":
        return ()
    if "members" not in seen.related:
        seen.related["members"] = people.members(kernel, seen.view.unit, today)
    found: tuple[Member, ...] = seen.related["members"]
    return found


def seen_by_author(
    kernel: Kernel, seen: Loaded, rule: StageRule, author: int, drawn: str = ""
) -> tuple[dict[str, Mapping[str, Json]], tuple[Item, ...], dict[str, Fact]]:
    """What one author sees of a stage: their drafts over what others handed in or is in force, and the items and facts
    these make, but for the facts of the step that is being drawn: its form asks of what was so before."""
    parts: dict[str, Mapping[str, Json]] = {}
    for part in sorted(seen.parts, key=lambda part: part.author == author):
        if part.author == author:
            parts[part.step] = part.answers
        elif part.handed is not None or part.effective is not None:
            parts[part.step] = part.handed or part.effective or {}
    items: list[Item] = []
    facts = dict(seen.facts)
    for name in rule.steps:
        step = kernel.host.registry.steps.get(name)
        if step is None or (name not in parts and not step.summary):
            continue
        context = step_context(kernel, seen, rule, name, parts, tuple(items), facts)
        made = kernel.guarded(name, partial(_project, step, context, parts.get(name, {})), StepProjection)
        if made is not None:
            items.extend(made.items)
            facts.update({fact.name: fact for fact in made.facts if name != drawn})
    return parts, tuple(items), facts


def form_of(kernel: Kernel, seen: Loaded, rule: StageRule, step: Step, author: int) -> Form:
    """A step's form as its author sees it. A step that fails, or cannot read what it wrote, answers with a blocked
    form that names it."""
    part = seen.part(rule.id, step.id)
    if part is not None and part.unread:
        return Form(step.label, blocked=say("step-failed", step=step.label))
    parts, items, facts = seen_by_author(kernel, seen, rule, author, step.id)
    context = step_context(kernel, seen, rule, step.id, parts, items, facts)
    made = kernel.guarded(step.id, lambda: step.form(context), Form)
    return made if made is not None else Form(step.label, blocked=say("step-failed", step=step.label))


def window_of(seen: Loaded, rule: StageRule) -> tuple[Window, date, date] | None:
    """The first window of a stage whose condition holds for this case, with its days in the period's year. For one who
    leaves before it would open it is open from the period's first day, so that nobody leaves unjudged."""
    fields = seen.fields()
    for window in rule.windows:
        if conditions.holds(window.applies, fields):
            opens, closes = window_days(window, seen.view.period.year)
            leaves = seen.last_day is not None and seen.last_day < opens
            return window, min(opens, seen.view.period.starts) if leaves else opens, closes
    return None


def run(kernel: Kernel, seen: Loaded, moved: Mapping[str, tuple[State, bool, bool]], at: datetime) -> Loaded:
    """Project every stage of a case anew and write what came of it; returns the case as it now stands.

    `moved` holds the states a transition just moved stages to, with whether something was adjusted and whether
    something in it warns. Call inside the transaction, with *seen* read after the parts were written.
    """
    zone_day = kernel.clock.today(seen.view.unit.zone)
    facts: dict[str, Fact] = {name: fact for name, fact in seen.facts.items() if _lasting(kernel, name)}
    items: list[tuple[str, str, Item]] = []
    tasks: list[tuple[str, Task]] = []
    progress: dict[str, cases.ProgressView] = {}
    stuck, spared = blocked(kernel, seen), _spared(kernel, seen)
    now = replace_seen(seen, facts={})
    for order, rule in enumerate(seen.rules()):
        stage = kernel.host.registry.stages.get(rule.id)
        old = seen.progress.get(rule.id)
        if stage is None or rule.flow not in stage.flows:
            if old is not None:
                progress[rule.id] = old
            continue
        flow = stage.flows[rule.flow]
        before = next(
            (one for one in flow.states if old and one.id == old.state.id), old.state if old else flow.states[0]
        )
        state, adjusted, warned = moved.get(rule.id, (before, bool(old and old.adjusted), bool(old and old.warned)))
        _project_steps(kernel, now, rule, facts, items)
        found = window_of(replace_seen(now, facts=facts), rule)
        due = min(filter(None, (found[2] if found else seen.view.period.ends, seen.last_day)))
        context = _stage_context(kernel, now, rule, state, adjusted, due, facts, zone_day)
        made = kernel.guarded(rule.id, partial(_stand, stage, context), StageProjection) or StageProjection()
        state = made.state or state
        facts.update({fact.name: fact for fact in made.facts})
        turns: Sequence[Task] = made.tasks
        waiting = _waiting(kernel, now, rule, facts, found, zone_day, stuck) if state.kind != "selesai" else None
        if waiting is not None:
            turns = waiting
            if waiting and all(task.kind == "macet" for task in waiting):
                state = replace(state, kind="macet", tone="wait")
        fields = replace_seen(now, facts=facts).fields()
        row = None if waiting is not None or warned else _several(flow, rule, fields, state, adjusted)
        tasks.extend(
            (rule.id, _turn(seen, task, due, row))
            for task in turns
            if task.relation != SUBJECT or not spared
        )
        since = old.since if old and old.state.id == state.id else at
        progress[rule.id] = cases.ProgressView(
            rule.id, rule.label, state, since, due, adjusted, 1, found[1] if found else None, warned
        )
        if progress[rule.id] != old:
            _write_progress(seen.view.id, order, progress[rule.id])
    _write_facts(seen, facts, at)
    _write_items(seen, items, at)
    views = _write_tasks(seen, tasks, at)
    return replace_seen(seen, facts=facts, progress=progress, tasks=views, items=tuple(item for _, _, item in items))


def _turn(seen: Loaded, task: Task, due: date, row: Transition | None) -> Task:
    """A stage's task with its day, and the row that may be taken for many such cases at once. A turn that nobody could
    take is that of whoever arranges posts."""
    scheme, holders = seen.snapshot.scheme, seen.view.holders
    if task.relation not in (SUBJECT, *holders) and scheme.vacant in holders:
        word = scheme.word(task.relation)
        return Task(scheme.vacant, say("vacant", what=word), kind="macet", sentence=say("vacant-why", what=word))
    several = row.id if row is not None and row.by == task.relation and not task.step else ""
    return replace(task, due=task.due or (due if task.kind != "macet" else None), several=several)


def _several(
    flow: Flow, rule: StageRule, fields: Mapping[str, Json], state: State, adjusted: bool
) -> Transition | None:
    """The row of a stage that the scheme lets be taken for many cases at once."""
    for row in flow.transitions:
        condition = rule.switches.get(row.several) if row.several and row.source == state.id else None
        standing = isinstance(condition, Mapping) and stands(rule, row, adjusted, fields)
        if standing and conditions.holds(condition or {}, fields):
            return row
    return None


def stands(rule: StageRule, row: Transition, adjusted: bool, fields: Mapping[str, Json]) -> bool:
    """Whether the scheme's switches, what was adjusted and the case itself let a row stand in the table at all."""
    if row.switch is not None and rule.switches.get(row.switch[0]) not in row.switch[1]:
        return False
    return (row.adjusted is None or row.adjusted == adjusted) and conditions.holds(row.when, fields)


def _spared(kernel: Kernel, seen: Loaded) -> bool:
    """Whether the person has no turns now: away by a condition under which nobody is reminded, or gone from here."""
    gone = seen.last_day is not None and seen.last_day < kernel.clock.today(seen.view.unit.zone)
    return gone or bool(seen.standing and kernel.trait("conditions", seen.standing, "diam", False))


def replace_seen(seen: Loaded, **changes: object) -> Loaded:
    """A copy of a loaded case with some of it replaced."""
    return replace(seen, **changes)  # type: ignore[arg-type]  # names are checked by dataclasses


def blocked(kernel: Kernel, seen: Loaded) -> str:
    """Why a person's case cannot be worked on at all: a content it must have is missing or tied. Empty when it can."""
    for kind in seen.snapshot.scheme.required if seen.subject == "person" else ():
        if kind not in seen.content:
            word = seen.snapshot.scheme.word(kind)
            if f"?{kind}" in seen.content:
                return say("content-tie", what=word.lower(), names=seen.content[f"?{kind}"])
            return say("content-missing", what=word, role=seen.view.labels.get("peran", "").lower())
    return ""


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
    for name in rule.steps:
        step = kernel.host.registry.steps.get(name)
        if step is None:
            continue
        for part in [one for one in parts if one.step == name and one.stage == rule.id]:
            context = step_context(kernel, seen, rule, name, answers, tuple(item for _, _, item in items), facts)
            made = kernel.guarded(name, partial(_project, step, context, part.effective or {}), StepProjection)
            if made is not None:
                fresh = {item.key for item in made.items}
                items[:] = [one for one in items if one[2].key not in fresh]
                items.extend((rule.id, name, item) for item in made.items)
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
    near = cases.related(kernel, seen)
    steps = []
    for name in rule.steps:
        step = kernel.host.registry.steps.get(name)
        part = seen.part(rule.id, name)
        label = seen.snapshot.scheme.rules(rule.id, name).get("label") or (step.label if step else name)
        steps.append(
            StepState(
                name, label, step.author if step else "", part.state if part else "none", bool(step and step.together)
            )
        )
    return StageContext(
        case=seen.view,
        stage=rule.id,
        label=rule.label,
        state=state,
        switches=rule.switches,
        steps=tuple(steps),
        facts=facts,
        children=near["children"],
        unit=near["unit"],
        adjusted=adjusted,
        due=due,
        today=today,
        contents=seen.snapshot.contents,
    )


def _waiting(
    kernel: Kernel,
    seen: Loaded,
    rule: StageRule,
    facts: Mapping[str, Fact],
    found: tuple[Window, date, date] | None,
    today: date,
    stuck: str,
) -> list[Task] | None:
    """The tasks that stand in place of the stage's own; None when the stage may go on with its own."""
    early = found is not None and today < found[1]
    if stuck:
        first = rule == seen.rules()[0] and not early
        return [Task(SUBJECT, rule.label, kind="macet", sentence=stuck)] if first else []
    if early:
        return []
    unmet = unmet_needs(kernel, seen, rule, facts)
    if unmet:
        need = next((one for one in unmet if one.owner), None)
        if need is None or any(one.of == "case" for one in unmet) or need.owner not in seen.view.holders:
            return []
        return [Task(need.owner, need.message, kind="macet", sentence=need.message)]
    return None


def unmet_needs(kernel: Kernel, seen: Loaded, rule: StageRule, facts: Mapping[str, Fact]) -> list[Need]:
    """The needs of a stage that do not hold yet, in the scheme's order."""
    near = cases.related(kernel, seen)
    values = {**seen.fields(), **{f"fakta.{fact.name}": fact.value for fact in facts.values()}}

    def met(need: Need) -> bool:
        if need.of == "case":
            return need.fact in facts
        if need.of == "children":
            lasting = [child for child in near["children"] if not child.ended]
            return bool(lasting) and all(need.fact in child.facts for child in lasting)
        other = near[need.of]
        return other is not None and need.fact in other.facts

    return [need for need in rule.needs if conditions.holds(need.when, values) and not met(need)]


def flow_of(kernel: Kernel, rule: StageRule) -> tuple[Stage, Flow] | None:
    """The installed stage and the flow a scheme's rule uses, or None when the plugin is not here."""
    stage = kernel.host.registry.stages.get(rule.id)
    return (stage, stage.flows[rule.flow]) if stage and rule.flow in stage.flows else None


def _project(step: Step, context: StepContext, answers: Mapping[str, Json]) -> StepProjection:
    """Called behind the guard, which also holds what is wrong with the function itself."""
    return step.project(context, answers)


def _stand(stage: Stage, context: StageContext) -> StageProjection:
    return stage.project(context)


def _write_progress(case: str, order: int, one: cases.ProgressView) -> None:
    values = {
        "ord": order, "name": one.name, "state": one.state.id, "label": one.state.label, "tone": one.state.tone,
        "kind": one.state.kind, "adjusted": one.adjusted, "since": one.since, "due": one.due, "opens": one.opens,
        "warned": one.warned,
    }  # fmt: skip
    Progress.insert(case=case, stage=one.stage, cycle=1, **values).on_conflict(
        conflict_target=[Progress.case, Progress.stage, Progress.cycle], update=values
    ).execute()


def _write_facts(seen: Loaded, facts: Mapping[str, Fact], at: datetime) -> None:
    for name, old in seen.facts.items():
        new = facts.get(name)
        if new is None or new.value != old.value:
            FactChange.create(case=seen.view.id, name=name, value=old.value, label=old.label, source="", until=at)
        if new is None:
            FactRow.delete().where((FactRow.case == seen.view.id) & (FactRow.name == name)).execute()
    for name, fact in facts.items():
        if seen.facts.get(name) != fact:
            values = {"value": fact.value, "label": fact.label, "source": "", "as_of": at}
            FactRow.insert(case=seen.view.id, name=name, **values).on_conflict(
                conflict_target=[FactRow.case, FactRow.name], update=values
            ).execute()


def _write_items(seen: Loaded, items: list[tuple[str, str, Item]], at: datetime) -> None:
    kept = {item.key for _, _, item in items}
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


def _write_tasks(seen: Loaded, tasks: list[tuple[str, Task]], at: datetime) -> tuple[cases.TaskView, ...]:
    old = {(one.stage, one.task.relation, one.task.label, one.task.step): one.since for one in seen.tasks}
    TaskRow.delete().where(TaskRow.case == seen.view.id).execute()
    views = []
    for stage, task in tasks:
        since = old.get((stage, task.relation, task.label, task.step), at)
        TaskRow.create(
            case=seen.view.id, stage=stage, step=task.step, relation=task.relation, label=task.label, kind=task.kind,
            sentence=task.sentence, since=since, due=task.due, several=task.several,
        )  # fmt: skip
        views.append(cases.TaskView(stage, task, since))
    return tuple(views)
