"""What may be done in a case, by whom and when: the judging that `workflow.apply` rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from kinerja import cases, flows, forms, limits, loaded, steps
from kinerja.changes import Ask, Plan
from kinerja.clock import day_text
from kinerja.contracts import (
    AUTHOR,
    SYSTEM,
    Actor,
    Flow,
    Form,
    Json,
    Problem,
    StageRule,
    Stale,
    State,
    Step,
    Transition,
)
from kinerja.kernel import Kernel
from kinerja.limits import is_closed, local_day, say_needs
from kinerja.loaded import Loaded, PartView
from kinerja.sentences import bounded, refuse, say

LONGEST_NOTE = 10_000
"""Characters the note of a decision may have."""


def may_redo(kernel: Kernel, seen: Loaded, rule: StageRule, step: Step) -> bool:
    """Whether a lone step that was handed in may be again: its stage is done, and the table has a row from there."""
    found, old = flows.flow_of(kernel, rule), seen.progress.get(rule.id)
    if found is None or old is None or step.together or not found[1].lone:
        return False
    fields = seen.fields()
    return any(
        row.id == found[1].lone and row.source == old.state.id and flows.stands(rule, row, old.adjusted, fields)
        for row in found[1].transitions
    )


def judge(kernel: Kernel, seen: Loaded, ask: Ask) -> Plan:
    rule = seen.rule(ask.stage)
    mine = seen.kinds_of(ask.actor) if ask.actor.person is not None else frozenset({SYSTEM})
    if not mine:
        raise refuse("held-in-office" if cases.was_related(ask.case, ask.actor, ask.at) else "missing")
    found = flows.flow_of(kernel, rule)
    if found is None:
        raise refuse("plugin-missing", what=rule.label)
    flow = found[1]
    if is_closed(seen, ask.at):
        raise refuse("closed", period=seen.view.period.label)
    old = seen.progress.get(ask.stage)
    state = old.state if old else flow.states[0]
    row = _row(kernel, seen, rule, flow, state, bool(old and old.adjusted), ask, mine)
    plan = Plan(rule, flow, row, state, flow.state(row.target))
    if ask.actor.person is not None:
        _check_time(kernel, seen, rule, row, ask)
    bounded(ask.note, LONGEST_NOTE)
    if row.note == "must" and not ask.note.strip():
        raise refuse("note-needed", Problem("catatan", say("note-needed")))
    if row.hand_in:
        _collect(kernel, seen, plan, ask)
    elif row.edits:
        plan.edited = _edit(kernel, seen, plan, ask, mine)
    elif ask.actor.person is not None and not row.begins:
        _check_seen(seen, ask)
    return plan


def _row(
    kernel: Kernel,
    seen: Loaded,
    rule: StageRule,
    flow: Flow,
    state: State,
    adjusted: bool,
    ask: Ask,
    mine: frozenset[str],
) -> Transition:
    fields = seen.fields()
    named = [row for row in flow.transitions if row.id == ask.transition and flows.stands(rule, row, adjusted, fields)]
    if not named:
        raise refuse("missing")
    here = [row for row in named if row.source == state.id]
    if not here:
        raise refuse("not-now", stage=rule.label, state=state.label)
    step = kernel.host.registry.steps.get(ask.step)
    for row in here:
        by = step.author if row.by == AUTHOR and step else row.by
        if by in mine:
            return row
    wanted = step.author if here[0].by == AUTHOR and step else here[0].by
    holder = seen.view.holders.get(wanted)
    who = holder.person.address if holder else seen.snapshot.scheme.word(wanted)
    raise refuse("not-yours", who=who)


def _check_time(kernel: Kernel, seen: Loaded, rule: StageRule, row: Transition, ask: Ask) -> None:
    check_open(kernel, seen, rule, ask.at)
    found = limits.window_of(seen, rule)
    last = min(filter(None, (found[2], seen.last_day))) if found is not None else None
    hard = found is not None and found[0].hard and row.window
    if hard and last is not None and local_day(ask.at, seen.view.unit.zone) > last:
        raise refuse("too-late", stage=rule.label, day=day_text(last))


def check_open(kernel: Kernel, seen: Loaded, rule: StageRule, at: datetime) -> None:
    """Refuse what comes before a stage can be worked on: a content is missing, a need is not met, its day is to come."""
    stuck = limits.blocked(kernel, seen)
    if stuck:
        raise refuse("waits", stage=rule.label, why=stuck)
    unmet = limits.unmet_needs(kernel, seen, rule, seen.facts)
    if unmet:
        why = next((need.message for need in unmet if need.message), say_needs(kernel, unmet[0].fact))
        raise refuse("waits", stage=rule.label, why=why)
    found = limits.window_of(seen, rule)
    if found is not None and local_day(at, seen.view.unit.zone) < found[1]:
        raise refuse("too-early", stage=rule.label, day=day_text(found[1]))


def _check_seen(seen: Loaded, ask: Ask) -> None:
    """Somebody decides on exactly the parts they saw."""
    for part in seen.parts:
        if part.stage == ask.stage and part.handed_number is not None:
            number = ask.seen.get(part.step)
            if number is not None and number != part.handed_number:
                raise refuse("changed-while-reading")


def _collect(kernel: Kernel, seen: Loaded, plan: Plan, ask: Ask) -> None:
    """Gather and check every part this hand-in submits; one Refusal names all that is missing, by step and field."""
    author = ask.actor.person or 0
    lone = plan.row.id == plan.flow.lone
    problems: list[Problem] = []
    for name in [ask.step] if lone else plan.rule.steps:
        step = kernel.host.registry.steps.get(name)
        if step is None:
            raise refuse("plugin-missing", what=name)
        if not lone and not step.together:
            continue
        if lone and (step.together or name not in plan.rule.steps):
            raise refuse("missing")
        if lone and plan.flow.ordered:
            _check_order(seen, plan, name)
        part = seen.part(ask.stage, name, author)
        _check_part_seen(kernel, seen, plan, step, part, ask, lone)
        answers = ask.data if lone else (part.answers if part else {})
        form = steps.form_of(kernel, _with(seen, part, answers, lone), plan.rule, step, author)
        if form.blocked:
            problems.append(Problem(f"{name}:", form.blocked))
            continue
        clean, wrong = forms.check(form, answers)
        problems.extend(Problem(f"{name}:{one.field}", one.message, one.label) for one in wrong)
        plan.handed.append((step, part, form, clean))
    if problems:
        raise refuse("incomplete", *problems, n=len(problems))


def _with(seen: Loaded, part: PartView | None, answers: Mapping[str, Json], lone: bool) -> Loaded:
    """The case as it would be with answers that are being sent right now."""
    if not lone or part is None:
        return seen
    changed = replace(part, draft=answers)
    return loaded.replace_seen(seen, parts=tuple(changed if one is part else one for one in seen.parts))


def _check_order(seen: Loaded, plan: Plan, name: str) -> None:
    for before in plan.rule.steps[: plan.rule.steps.index(name)]:
        part = seen.part(plan.rule.id, before)
        if part is None or part.effective_number is None:
            raise refuse("waits-before", step=seen.step_label(plan.rule.id, before) or before)


def _check_part_seen(
    kernel: Kernel, seen: Loaded, plan: Plan, step: Step, part: PartView | None, ask: Ask, lone: bool
) -> None:
    number = ask.seen.get(step.id)
    if part is not None and number is not None and number != part.revision:
        raise Stale(say("stale"), part.answers, ask.data if lone else part.answers, part.revision)


def _edit(
    kernel: Kernel, seen: Loaded, plan: Plan, ask: Ask, mine: frozenset[str]
) -> tuple[Step, PartView, Form, dict[str, Json]]:
    step = kernel.host.registry.steps.get(ask.step)
    part = seen.part(ask.stage, ask.step)
    if step is None or part is None or part.handed is None:
        raise refuse("missing")
    if not mine & set(step.editors):
        raise refuse("not-yours", who=seen.view.person.address if seen.view.person else "")
    number = ask.seen.get(step.id)
    if number is not None and number != part.handed_number:
        raise Stale(say("stale"), part.handed, ask.data, part.handed_number or 0)
    form = steps.form_of(kernel, seen, plan.rule, step, part.author)
    clean, wrong = forms.check(form, ask.data)
    if wrong:
        told = (Problem(f"{step.id}:{one.field}", one.message, one.label) for one in wrong)
        raise refuse("incomplete", *told, n=len(wrong))
    return step, part, form, clean


def check_writable(
    kernel: Kernel, seen: Loaded, actor: Actor, stage: str, step: str, at: datetime
) -> tuple[StageRule, Step]:
    """The rule and step when this actor may write there; a Refusal otherwise."""
    rule = seen.rule(stage)
    mine = seen.kinds_of(actor)
    if not mine or step not in rule.steps:
        raise refuse("missing")
    value = kernel.host.registry.steps.get(step)
    if value is None:
        raise refuse("plugin-missing", what=rule.label)
    if value.author not in mine:
        holder = seen.view.holders.get(value.author)
        person = holder.person if holder else seen.view.person
        raise refuse("not-yours", who=person.address if person else seen.snapshot.scheme.word(value.author))
    if is_closed(seen, at):
        raise refuse("closed", period=seen.view.period.label)
    return rule, value
