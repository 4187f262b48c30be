"""Judge one change that was asked for: its row from `moves`, its forms, and the versions its sender saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from kinerja import cases, forms, loaded, moves, steps
from kinerja.changes import Ask, Plan
from kinerja.contracts import (
    Actor,
    Form,
    Json,
    Problem,
    Stale,
    Step,
)
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded, PartView
from kinerja.sentences import Refused, bounded, refuse, refuse_as, refuse_if, say

LONGEST_NOTE = 10_000
"""Characters the note of a decision may have."""


def judge(kernel: Kernel, seen: Loaded, ask: Ask) -> Plan:
    """Take the row of a change from what its actor may do, and gather what it hands in or adjusts; a Refusal says why
    it cannot be."""
    rule = seen.rule(ask.stage)
    if ask.actor.person is not None and not seen.kinds_of(ask.actor):
        raise refuse("held-in-office" if cases.was_related(ask.case, ask.actor, ask.at) else "missing")
    stage = moves.stage_of(kernel, seen, rule, ask.actor, ask.at)
    if isinstance(stage, Refused):
        raise stage.refusal()
    refuse_as(stage.closed)
    row = _move(kernel, seen, stage, ask).row
    assert row is not None
    plan = Plan(rule, stage.flow, row, stage.state, stage.flow.state(row.target))
    bounded(ask.note, LONGEST_NOTE)
    refuse_if(row.note == "must" and not ask.note.strip(), "note-needed", Problem("catatan", say("note-needed")))
    if row.hand_in:
        _collect(kernel, seen, plan, ask)
    elif row.edits:
        plan.edited = _edit(kernel, seen, plan, ask)
    elif ask.actor.person is not None and not row.begins:
        _check_seen(seen, ask)
    return plan


def _move(kernel: Kernel, seen: Loaded, stage: moves.Stage, ask: Ask) -> moves.Move:
    """The move that a change asks for, where its actor has it and may make it now."""
    for one in moves.stage_moves(stage):
        if one.row is not None and one.row.id == ask.transition and not one.opened and one.step in ("", ask.step):
            refuse_as(one.refused)
            return one
    raise moves.not_there(kernel, seen, stage, ask.transition, ask.step)


def _check_seen(seen: Loaded, ask: Ask) -> None:
    """Somebody decides on exactly the parts they saw."""
    for part in seen.parts:
        if part.stage == ask.stage and part.handed_number is not None:
            number = ask.seen.get(part.step)
            refuse_if(number is not None and number != part.handed_number, "changed-while-reading")


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
        part = seen.part(ask.stage, name, author)
        _check_part_seen(step, part, ask, lone)
        answers = ask.data if lone else (part.answers if part else {})
        form = steps.form_of(kernel, _with(seen, part, answers, lone), plan.rule, step, author)
        if form.blocked:
            problems.append(Problem("", form.blocked, step=name))
            continue
        clean, wrong = forms.check(form, answers)
        problems.extend(replace(one, step=name) for one in wrong)
        plan.handed.append((step, part, form, clean))
    refuse_if(problems, "incomplete", *problems, n=len(problems))


def _with(seen: Loaded, part: PartView | None, answers: Mapping[str, Json], lone: bool) -> Loaded:
    """The case as it would be with answers that are being sent right now."""
    if not lone or part is None:
        return seen
    return loaded.replace_seen(
        seen, parts=tuple(replace(one, draft=answers) if one is part else one for one in seen.parts)
    )


def _check_part_seen(step: Step, part: PartView | None, ask: Ask, lone: bool) -> None:
    """A part is handed in as its sender saw it; a draft that holds just what is sent was changed by nobody else."""
    number = ask.seen.get(step.id)
    if part is not None and number is not None and number != part.revision and not (lone and part.draft == ask.data):
        raise Stale(say("stale"), part.answers, ask.data if lone else part.answers, part.revision)


def _edit(kernel: Kernel, seen: Loaded, plan: Plan, ask: Ask) -> tuple[Step, PartView, Form, dict[str, Json]]:
    step = kernel.host.registry.steps[ask.step]
    part = seen.part(ask.stage, ask.step)
    assert part is not None and part.handed is not None, "the move would not be there"
    number = ask.seen.get(step.id)
    if number is not None and number != part.handed_number:
        raise Stale(say("stale"), part.handed, ask.data, part.handed_number or 0)
    form = steps.form_of(kernel, seen, plan.rule, step, part.author)
    clean, wrong = forms.check(form, ask.data)
    refuse_if(wrong, "incomplete", *(replace(one, step=step.id) for one in wrong), n=len(wrong))
    return step, part, form, clean


def writing(
    kernel: Kernel, seen: Loaded, actor: Actor, stage: str, step: str, at: datetime
) -> tuple[moves.Stage, Step]:
    """The stage and step when this actor may type there now, opening it first where nobody has; a Refusal otherwise."""
    rule = seen.rule(stage)
    mine = seen.kinds_of(actor)
    refuse_if(not mine or step not in rule.steps, "missing")
    found = moves.stage_of(kernel, seen, rule, actor, at)
    if isinstance(found, Refused):
        raise found.refusal()
    value = kernel.host.registry.steps.get(step)
    if value is None:
        raise refuse("plugin-missing", what=rule.label)
    if value.author not in mine:
        raise moves.not_yours(seen, value.author).refusal()
    refuse_as(moves.write(found, value).refused)
    return found, value
