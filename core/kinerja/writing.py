"""Write one judged change whole: parts, revisions, projections, log, messages, and the system's own rows after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kinerja import cases, database, flows, forms, log, owed, projections, signing
from kinerja.changes import Ask, Outcome, Plan, person_name
from kinerja.contracts import Actor, Flow, Form, Json, StageRule, Stale, Step, Transition
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded, PartView
from kinerja.models import Applied, Case, Note, Part, Request, Revision, Timer
from kinerja.sentences import say

SYSTEM_STEPS = 5
"""How many rows the system itself may take after one change."""


def write(kernel: Kernel, seen: Loaded, plan: Plan, ask: Ask) -> Outcome:
    row = plan.row
    lone = row.id == plan.flow.lone
    name = person_name(ask.actor)
    signature = signing.sign(kernel, seen, plan, ask)
    for step, part, form, clean in plan.handed:
        _hand_in(kernel, seen, plan, step, part, form, clean, ask, name, signature)
    if plan.edited is not None:
        _adjust(plan.edited, ask, name, signature)
    if row.returns or row.reopens:
        _give_back(kernel, ask)
    if row.hand_in and not lone:
        _pass_over(kernel, ask)
    _use_grants(seen, plan, ask)
    if ask.note.strip():
        Note.create(case=ask.case, stage=ask.stage, by=ask.actor.person, by_name=name, text=ask.note.strip(), at=ask.at)
    old = None if row.hand_in and not lone else seen.progress.get(ask.stage)
    adjusted = bool(plan.edited) or bool(old and old.adjusted)
    now = _move(kernel, plan, ask, name, signature, adjusted, bool(old and old.warned) or _warns(plan, lone))
    now = system_rows(kernel, now, ask.at)
    _neighbours(kernel, seen, now, ask.at)
    cases.bump(ask.case)
    state = now.progress[ask.stage].state
    result: dict[str, Any] = {
        "state": state.id, "label": state.label, "version": seen.view.version + 1, "past": _past(kernel, now, plan.rule, row, ask.step),
    }  # fmt: skip
    database.insert(
        Applied, key=ask.key, actor=ask.actor.person, case=ask.case, digest=ask.digest, result=result, at=ask.at
    )
    return Outcome(**result)


def _move(kernel: Kernel, plan: Plan, ask: Ask, name: str, signature: int, adjusted: bool, warned: bool) -> Loaded:
    """Let the stage stand where a row leads it, write that in the log, and ask what is due outside after it; what the row
    settles is in force and an edition."""
    settles = plan.row.settles and plan.row.id != plan.flow.lone
    if settles:
        Part.update(effective=Part.handed).where(
            (Part.case == ask.case) & (Part.stage == ask.stage) & Part.handed.is_null(False)
        ).execute()
    moved = {ask.stage: (plan.after, adjusted, warned)}
    now = projections.run(kernel, cases.load(kernel, ask.case), moved, ask.at)
    if settles:
        signing.settle(now, ask, signature)
    if not plan.row.quiet:
        text = f"{name} {_past(kernel, now, plan.rule, plan.row, ask.step)}"
        log.write(
            kernel, now.view.unit.id, plan.row.id, ask.actor.person, ask.case, text,
            {"stage": ask.stage, "step": ask.step, "digest": ask.digest}, ask.at,
        )  # fmt: skip
    owed.ask(kernel, now)
    return now


def _hand_in(
    kernel: Kernel,
    seen: Loaded,
    plan: Plan,
    step: Step,
    part: PartView | None,
    form: Form,
    clean: Mapping[str, Json],
    ask: Ask,
    name: str,
    signature: int,
) -> None:
    number = (part.revision if part else 0) + 1
    pointers: dict[str, Any] = {
        "revision": number, "handed": number, "draft": None, "draft_at": None, "returned": False, "format": step.format,
        "snapshot": part.snapshot if part else seen.snapshot.hash, **({"effective": number} if plan.row.settles else {}),
    }  # fmt: skip
    if part is None:
        id = Part.insert(
            case=ask.case, stage=ask.stage, step=step.id, author=ask.actor.person,
            name=flows.step_label(kernel, seen, plan.rule.id, step.id), **pointers,
        ).execute()  # fmt: skip
    else:
        id = part.id
        if not database.update(Part, {"id": id, "revision": part.revision}, **pointers):
            raise Stale(say("stale"), part.answers, clean, part.revision)
    _keep(id, number, "diajukan", clean, form, step.format, pointers["snapshot"], ask, name, signature)


def _adjust(edited: tuple[Step, PartView, Form, dict[str, Json]], ask: Ask, name: str, signature: int) -> None:
    step, part, form, clean = edited
    number = part.revision + 1
    database.update(Part, {"id": part.id}, revision=number, handed=number)
    _keep(part.id, number, "disesuaikan", clean, form, step.format, part.snapshot, ask, name, signature)


def _keep(
    part: int,
    number: int,
    kind: str,
    data: Mapping[str, Json],
    form: Form,
    format: int,
    snapshot: str,
    ask: Ask,
    name: str,
    signature: int,
) -> None:
    database.insert(
        Revision, part=part, number=number, kind=kind, data=data, view=forms.view(form, data), format=format,
        snapshot=snapshot, by=ask.actor.person, by_name=name, signature=signature,
        at=ask.at,
    )  # fmt: skip


def _warns(plan: Plan, lone: bool) -> bool:
    """Whether something in what is handed in together, or adjusted, is allowed but should be talked about."""
    told = [(form, clean) for _, _, form, clean in plan.handed] if not lone else []
    if plan.edited is not None:
        told.append((plan.edited[2], plan.edited[3]))
    return any(forms.warnings(form, clean) for form, clean in told)


def _pass_over(kernel: Kernel, ask: Ask) -> None:
    """What others said of the plan as it was before falls when it is handed in anew."""
    passing = [step.id for step in kernel.host.registry.steps.values() if step.passing]
    database.run(
        "UPDATE part SET handed = NULL, effective = NULL WHERE case_id = ? AND stage = ? "
        f"AND step IN ({','.join('?' * len(passing)) or 'NULL'})",
        ask.case, ask.stage, *passing,
    )  # fmt: skip


def _use_grants(seen: Loaded, plan: Plan, ask: Ask) -> None:
    """An unlocking is used up by the hand-in it was asked for."""
    steps = [step.id for step, _, _, _ in plan.handed if seen.grants.get(step.id)]
    if steps:
        Request.update(state="used").where(
            (Request.case == ask.case) & (Request.state == "granted") & Request.field.in_(steps)
        ).execute()


def _give_back(kernel: Kernel, ask: Ask) -> None:
    """Turn what was handed in together (or is in force) into its author's draft again; what is in force stays so."""
    for part in Part.select().where((Part.case == ask.case) & (Part.stage == ask.stage) & Part.handed.is_null(False)):
        step = kernel.host.registry.steps.get(part.step)
        if step is not None and not step.together:
            continue
        kept = Revision.get((Revision.part == part.id) & (Revision.number == part.handed))
        Part.update(
            draft=kept.data, draft_at=ask.at, revision=Part.revision + 1, format=kept.format,
            returned=part.author != ask.actor.person,
        ).where(Part.id == part.id).execute()  # fmt: skip


def _past(kernel: Kernel, now: Loaded, rule: StageRule, row: Transition, step: str) -> str:
    """What was done, as histories and notices say it: «mengajukan rencana», «menyelesaikan: Refleksi»."""
    return f"{row.past}: {flows.step_label(kernel, now, rule.id, step)}" if step else row.past


def system_rows(kernel: Kernel, now: Loaded, at: datetime) -> Loaded:
    """Take the rows the system itself may take, until none holds; at most SYSTEM_STEPS."""
    for _ in range(SYSTEM_STEPS):
        taken = _next_system_row(kernel, now)
        if taken is None:
            return now
        rule, flow, row = taken
        ask = Ask("", now.view.id, rule.id, row.id, Actor(None), at)
        old = now.progress[rule.id]
        plan = Plan(rule, flow, row, old.state, flow.state(row.target))
        signature = signing.sign(kernel, now, plan, ask)
        now = _move(kernel, plan, ask, say("system"), signature, old.adjusted, old.warned)
    return now


def _next_system_row(kernel: Kernel, now: Loaded) -> tuple[StageRule, Flow, Transition] | None:
    fields = now.fields()
    for rule in now.rules():
        found = flows.flow_of(kernel, rule)
        if found is None or rule.id not in now.progress:
            continue
        at = now.progress[rule.id]
        row = flows.system_row(found[1], rule, at.state.id, at.adjusted, fields)
        if row is not None:
            return rule, found[1], row
    return None


def close(kernel: Kernel, case: str, at: datetime) -> None:
    """Close a case for writing; everything it holds stays readable."""
    Case.update(closed_at=at, version=Case.version + 1).where((Case.id == case) & Case.closed_at.is_null()).execute()
    database.run("DELETE FROM task WHERE case_id = ? AND asked", case)


def _neighbours(kernel: Kernel, seen: Loaded, now: Loaded, at: datetime) -> None:
    """Cases that read this one's facts are projected anew: the parent and the unit's people by the worker, soon."""
    if {name: fact.value for name, fact in seen.facts.items()} == {
        name: fact.value for name, fact in now.facts.items()
    }:
        return
    whole_anew(now.view.id, at)
    if now.subject == "unit":
        beside_anew(now.view.id, at)  # and a fact may name the people who stand in a relation to the cases here
        Timer.create(name="people-changed", data={"unit": now.view.unit.id}, due_at=at)


def whole_anew(part: str, at: datetime) -> None:
    """Have the open case that a case is a part of projected anew, wherever its person works now, by the worker, soon."""
    for (id,) in database.rows(
        "SELECT w.id FROM cases w JOIN cases c ON c.chain = w.chain AND c.whole = w.part "
        "WHERE c.id = ? AND w.closed_at IS NULL",
        part,
    ):
        Timer.create(name="reproject", case=id, due_at=at)


def beside_anew(unit_case: str, at: datetime, but: str = "") -> None:
    """Have the open cases that read what lies with a unit's case projected anew, by the worker, soon."""
    for (id,) in database.rows(
        "SELECT c.id FROM cases c JOIN cases s ON s.unit_id = c.unit_id AND s.period_id = c.period_id "
        "WHERE s.id = ? AND c.id NOT IN (s.id, ?) AND c.closed_at IS NULL",
        unit_case, but,
    ):  # fmt: skip
        Timer.create(name="reproject", case=id, due_at=at)
