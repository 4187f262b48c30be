"""The one way in for every change of a case: `apply`. The one fast path beside it: `save_draft`.

Guards are asked before the write transaction opens. Inside it the case's version is checked again; when it moved,
everything is judged anew. Then parts, projections, log, timers and outbox are written together, or nothing is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import peewee

from kinerja import cases, conditions, database, forms, log, outbox, people, projections, settings
from kinerja.cases import Loaded, PartView
from kinerja.clock import day_text
from kinerja.contracts import (
    AUTHOR,
    SYSTEM,
    Actor,
    Change,
    Flow,
    Form,
    Item,
    Json,
    Problem,
    Refusal,
    StageRule,
    Stale,
    State,
    Step,
    Transition,
)
from kinerja.hooks import after_transition, before_transition
from kinerja.kernel import Kernel
from kinerja.models import Applied, Case, Note, Part, Person, Request, Revision, Timer
from kinerja.sentences import bounded, needed, refuse, say
from kinerja.snapshot import canonical

TRIES = 5
"""How often a change is judged anew when the case moved between judging and writing."""
SYSTEM_STEPS = 5
"""How many rows the system itself may take after one change."""
LONGEST_NOTE = 10_000
"""Characters the note of a decision may have."""
LONGEST_DRAFT = 200_000
"""Characters of JSON a draft may have."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody wants done. `key` makes it safe to send twice; `seen` is the revision of each part they saw.

    `at` is the moment the request arrived: windows are judged by it, however long the work takes.
    """

    key: str
    case: str
    stage: str
    transition: str
    actor: Actor
    at: datetime
    seen: Mapping[str, int] = field(default_factory=dict)
    step: str = ""
    data: Mapping[str, Json] = field(default_factory=dict)
    note: str = ""

    @property
    def digest(self) -> str:
        told = [self.case, self.stage, self.transition, self.step, self.data, self.note]
        return hashlib.sha256(canonical(told).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it, the same again for the same key."""

    state: str
    label: str
    version: int
    past: str = ""
    repeated: bool = False


@dataclass(slots=True)
class _Plan:
    """A judged change: which row, and the answers of the parts it hands in."""

    rule: StageRule
    flow: Flow
    row: Transition
    before: State
    after: State
    handed: list[tuple[Step, PartView | None, Form, dict[str, Json]]] = field(default_factory=list)
    edited: tuple[Step, PartView, Form, dict[str, Json]] | None = None


def apply(kernel: Kernel, ask: Ask) -> Outcome:
    """Make a change, or raise a Refusal whose sentence can be shown as it is. Safe to repeat with the same key."""
    done = _already(ask)
    if done:
        return done
    for _ in range(TRIES):
        try:
            seen = cases.load(kernel, ask.case)
            plan = _judge(kernel, seen, ask)
            _ask_guards(kernel, seen, plan, ask)
        except Refusal:
            done = _already(ask)  # its twin may have been written since we looked
            if done:
                return done
            raise
        try:
            with database.proxy.atomic():
                version = database.locked(Case.select(Case.version).where(Case.id == ask.case)).get().version
                done = _already(ask)
                if done:
                    return done
                if version == seen.view.version:
                    return _write(kernel, seen, plan, ask)
        except peewee.IntegrityError:
            done = _already(ask)
            if done:
                return done
    raise refuse("busy")


def save_draft(
    kernel: Kernel, actor: Actor, case: str, stage: str, step: str, seen: int, data: Mapping[str, Json], at: datetime
) -> int:
    """Keep what an author is typing in their own draft; returns its new revision. No hooks, no log, one statement.

    `at` is in the zone of the author's unit: its day decides whether a relation still holds. Raises Stale when the
    draft was changed elsewhere after revision *seen*; then nothing is overwritten.
    """
    text = json.dumps(data, ensure_ascii=False)
    if len(text) > LONGEST_DRAFT:
        raise refuse("too-long")
    known = kernel.host.registry.steps.get(step)
    via = "IS NULL" if actor.assignment is None else "= ?"
    day = database.stored_day(at.date())
    values: list[Any] = [text, database.stored(at), known.format if known else 1, case, stage, step, actor.person, seen]
    values += [day, actor.person, day, day, day]
    if actor.assignment is not None:
        values.append(actor.assignment)
    touched = database.run(
        "UPDATE part SET draft = ?, draft_at = ?, format = ?, revision = revision + 1 WHERE case_id = ? AND stage = ? "
        "AND step = ? AND author = ? AND revision = ? AND draft IS NOT NULL AND EXISTS (SELECT 1 FROM relation r "
        "JOIN cases c ON c.id = r.case_id JOIN period p ON p.id = c.period_id WHERE r.case_id = part.case_id "
        "AND c.closed_at IS NULL AND p.closes >= ? AND r.person_id = ? "
        "AND r.since <= ? AND (r.until IS NULL OR r.until >= ?) AND (r.assignment_id IS NULL OR EXISTS (SELECT 1 "
        "FROM assignment a WHERE a.id = r.assignment_id AND (a.until IS NULL OR a.until >= ?))) "
        f"AND r.assignment_id {via})",
        *values,
    )
    if touched:
        return seen + 1
    return _draft_slowly(kernel, actor, case, stage, step, seen, data, at)


def begin(
    kernel: Kernel, actor: Actor, case: str, stage: str, step: str, at: datetime, *, carry: bool = False
) -> PartView:
    """Open a step for writing: makes its part with the form's first answers, and takes the stage's beginning row.

    With `carry`, or where the scheme's step says `bawa`, the answers of the previous period's case come filled in.
    Does nothing to a part that is open already.
    """
    seen = cases.load(kernel, case)
    rule, step_value = _writable(kernel, seen, actor, stage, step, at)
    part = seen.part(stage, step, actor.person)
    if part is not None and part.draft is not None:
        return part
    if part is not None:
        return _again(kernel, seen, rule, step_value, part, at)
    _check_open(kernel, seen, rule, at)
    form = projections.form_of(kernel, seen, rule, step_value, actor.person or 0)
    data: Mapping[str, Json] = form.initial
    if step_value.carry and (carry or seen.snapshot.scheme.rules(stage, step).get("bawa")):
        previous = cases.related(kernel, seen, parts=True)["previous"]
        if previous is not None and step in previous.parts:
            data = {**data, **previous.parts[step]}
    found = projections.flow_of(kernel, rule)
    if found is not None:
        state = seen.progress[stage].state.id if stage in seen.progress else found[1].states[0].id
        row = next((one for one in found[1].transitions if one.begins and one.source == state), None)
        if row is not None:
            _take_beginning(
                kernel,
                Ask(f"mulai:{case}:{stage}:{step}:{seen.view.version}", case, stage, row.id, actor, at, step=step),
            )
    Part.insert(
        case=case, stage=stage, step=step, author=actor.person, name=_label(seen, rule, step_value),
        format=step_value.format, snapshot=seen.snapshot.hash, revision=1, draft=data, draft_at=at,
    ).on_conflict_ignore().execute()  # fmt: skip
    opened = cases.load(kernel, case).part(stage, step, actor.person)
    assert opened is not None
    return opened


def _again(kernel: Kernel, seen: Loaded, rule: StageRule, step: Step, part: PartView, at: datetime) -> PartView:
    """Open a lone step once more where the stage's table lets it be handed in again from where it stands now; what is
    in force stays in force meanwhile."""
    if not may_redo(kernel, seen, rule, step):
        raise refuse("handed")
    again = {"draft": part.answers, "draft_at": at, "revision": Part.revision + 1, "format": step.format}
    Part.update(**again).where((Part.id == part.id) & Part.draft.is_null()).execute()
    opened = cases.load(kernel, seen.view.id).part(rule.id, step.id, part.author)
    assert opened is not None
    return opened


def may_redo(kernel: Kernel, seen: Loaded, rule: StageRule, step: Step) -> bool:
    """Whether a lone step that was handed in may be again: its stage is done, and the table has a row from there."""
    found, old = projections.flow_of(kernel, rule), seen.progress.get(rule.id)
    if found is None or old is None or step.together or not found[1].lone:
        return False
    fields = seen.fields()
    return any(
        row.id == found[1].lone and row.source == old.state.id and projections.stands(rule, row, old.adjusted, fields)
        for row in found[1].transitions
    )


def _take_beginning(kernel: Kernel, ask: Ask) -> None:
    """Take a stage's beginning row; another tab that was faster has done the same."""
    try:
        apply(kernel, ask)
    except Refusal as refusal:
        if refusal.code != "not-now":
            raise


def reproject(kernel: Kernel, case: str, at: datetime) -> None:
    """Make a case's projections anew, when something outside it changed; takes the system's own rows that now hold."""
    with database.proxy.atomic():
        database.locked(Case.select(Case.version).where(Case.id == case)).get()
        seen = cases.load(kernel, case)
        if seen.closed:
            return
        now = projections.run(kernel, seen, {}, at)
        _system_rows(kernel, now, at)
        Case.update(version=Case.version + 1).where(Case.id == case).execute()


# --- judging ------------------------------------------------------------------------------------


def _already(ask: Ask) -> Outcome | None:
    found = Applied.get_or_none(Applied.key == ask.key)
    if found is None:
        return None
    if found.digest != ask.digest or found.actor != ask.actor.person:
        raise refuse("key-reused")
    return Outcome(**found.result, repeated=True)


def _judge(kernel: Kernel, seen: Loaded, ask: Ask) -> _Plan:
    rule = seen.rule(ask.stage)
    mine = seen.kinds_of(ask.actor) if ask.actor.person is not None else frozenset({SYSTEM})
    if not mine:
        raise refuse("held-in-office" if cases.was_related(ask.case, ask.actor, ask.at) else "missing")
    found = projections.flow_of(kernel, rule)
    if found is None:
        raise refuse("plugin-missing", what=rule.label)
    flow = found[1]
    if is_closed(seen, ask.at):
        raise refuse("closed", period=seen.view.period.label)
    old = seen.progress.get(ask.stage)
    state = old.state if old else flow.states[0]
    row = _row(kernel, seen, rule, flow, state, bool(old and old.adjusted), ask, mine)
    plan = _Plan(rule, flow, row, state, flow.state(row.target))
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
    named = [
        row for row in flow.transitions if row.id == ask.transition and projections.stands(rule, row, adjusted, fields)
    ]
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
    _check_open(kernel, seen, rule, ask.at)
    found = projections.window_of(seen, rule)
    last = min(filter(None, (found[2], seen.last_day))) if found is not None else None
    hard = found is not None and found[0].hard and row.window
    if hard and last is not None and _local_day(ask.at, seen.view.unit.zone) > last:
        raise refuse("too-late", stage=rule.label, day=day_text(last))


def _check_open(kernel: Kernel, seen: Loaded, rule: StageRule, at: datetime) -> None:
    """Refuse what comes before a stage can be worked on: a content is missing, a need is not met, its day is to come."""
    stuck = projections.blocked(kernel, seen)
    if stuck:
        raise refuse("waits", stage=rule.label, why=stuck)
    unmet = projections.unmet_needs(kernel, seen, rule, seen.facts)
    if unmet:
        why = next((need.message for need in unmet if need.message), say_needs(kernel, unmet[0].fact))
        raise refuse("waits", stage=rule.label, why=why)
    found = projections.window_of(seen, rule)
    if found is not None and _local_day(at, seen.view.unit.zone) < found[1]:
        raise refuse("too-early", stage=rule.label, day=day_text(found[1]))


def say_needs(kernel: Kernel, fact: str) -> str:
    """«Menunggu: …», with the label under which a fact was declared."""
    spec = {**kernel.host.registry.given(), **kernel.host.registry.received()}.get(fact)
    return f"Menunggu: {spec.label if spec else fact}."


def _local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def _check_seen(seen: Loaded, ask: Ask) -> None:
    """Somebody decides on exactly the parts they saw."""
    for part in seen.parts:
        if part.stage == ask.stage and part.handed_number is not None:
            number = ask.seen.get(part.step)
            if number is not None and number != part.handed_number:
                raise refuse("changed-while-reading")


def _collect(kernel: Kernel, seen: Loaded, plan: _Plan, ask: Ask) -> None:
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
        form = projections.form_of(kernel, _with(seen, part, answers, lone), plan.rule, step, author)
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
    return projections.replace_seen(seen, parts=tuple(changed if one is part else one for one in seen.parts))


def _check_order(seen: Loaded, plan: _Plan, name: str) -> None:
    for before in plan.rule.steps[: plan.rule.steps.index(name)]:
        part = seen.part(plan.rule.id, before)
        if part is None or part.effective_number is None:
            label = seen.snapshot.scheme.rules(plan.rule.id, before).get("label", before)
            raise refuse("waits-before", step=label)


def _check_part_seen(
    kernel: Kernel, seen: Loaded, plan: _Plan, step: Step, part: PartView | None, ask: Ask, lone: bool
) -> None:
    number = ask.seen.get(step.id)
    if part is not None and number is not None and number != part.revision:
        raise Stale(say("stale"), part.answers, ask.data if lone else part.answers, part.revision)


def _edit(
    kernel: Kernel, seen: Loaded, plan: _Plan, ask: Ask, mine: frozenset[str]
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
    form = projections.form_of(kernel, seen, plan.rule, step, part.author)
    clean, wrong = forms.check(form, ask.data)
    if wrong:
        told = (Problem(f"{step.id}:{one.field}", one.message, one.label) for one in wrong)
        raise refuse("incomplete", *told, n=len(wrong))
    return step, part, form, clean


def _ask_guards(kernel: Kernel, seen: Loaded, plan: _Plan, ask: Ask) -> None:
    among = settings.enabled(kernel, seen.line)
    change = _change(kernel, seen, plan, ask, plan.after)
    objections = []
    for answer in kernel.host.ask(before_transition, among, change=change):
        if answer.problem is None and not isinstance(answer.value, str):
            answer = kernel.host.guarded(answer.plugin, "before_transition", partial(_no_sentence, answer.value))
        if answer.problem is not None:
            objections.append(say("guard-failed", plugin=kernel.host.manifests[answer.plugin].name))
        elif answer.value:
            objections.append(answer.value)
    if objections:
        raise refuse("objected", *(Problem("", one) for one in objections), why=" ".join(objections))


def _no_sentence(value: object) -> str:
    raise TypeError(f"bukan kalimat: {type(value).__name__}")


def _change(kernel: Kernel, seen: Loaded, plan: _Plan, ask: Ask, after: State) -> Change:
    data: dict[str, Json] = {}
    for step, _, _, clean in plan.handed:
        data.update(clean if plan.row.id == plan.flow.lone else {step.id: clean})
    if plan.edited is not None:
        data = plan.edited[3]
    return Change(
        case=seen.view, stage=plan.rule.id, transition=plan.row.id, step=ask.step, actor=ask.actor, before=plan.before,
        after=after, data=data, facts=seen.facts, items=seen.items,
        children=cases.related(kernel, seen)["children"], at=ask.at, scheme=seen.snapshot.scheme,
    )  # fmt: skip


# --- writing ------------------------------------------------------------------------------------


def _write(kernel: Kernel, seen: Loaded, plan: _Plan, ask: Ask) -> Outcome:
    row = plan.row
    lone = row.id == plan.flow.lone
    name = _person_name(ask.actor)
    for step, part, form, clean in plan.handed:
        _hand_in(seen, plan, step, part, form, clean, ask, name, in_force=row.settles)
    if plan.edited is not None:
        _adjust(seen, plan.edited, ask, name)
    if row.settles and not lone:
        Part.update(effective=Part.handed).where(
            (Part.case == ask.case) & (Part.stage == ask.stage) & Part.handed.is_null(False)
        ).execute()
    if row.returns or row.reopens:
        _give_back(kernel, ask)
    if row.hand_in and not lone:
        _pass_over(kernel, ask)
    _use_grants(seen, plan, ask)
    if ask.note.strip():
        Note.create(case=ask.case, stage=ask.stage, by=ask.actor.person, by_name=name, text=ask.note.strip(), at=ask.at)
    old = None if row.hand_in and not lone else seen.progress.get(ask.stage)
    adjusted = bool(plan.edited) or bool(old and old.adjusted)
    fresh = cases.load(kernel, ask.case)
    moved = {ask.stage: (plan.after, adjusted, bool(old and old.warned) or _warns(plan, lone))}
    now = projections.run(kernel, fresh, moved, ask.at)
    _tell(kernel, now, plan, ask, name)
    now = _system_rows(kernel, now, ask.at)
    _effects(kernel, now, row, ask.at)
    _neighbours(kernel, seen, now, ask.at)
    Case.update(version=Case.version + 1).where(Case.id == ask.case).execute()
    state = now.progress[ask.stage].state
    result: dict[str, Any] = {
        "state": state.id, "label": state.label, "version": seen.view.version + 1, "past": _past(now, plan.rule, row, ask.step),
    }  # fmt: skip
    Applied.create(key=ask.key, actor=ask.actor.person, case=ask.case, digest=ask.digest, result=result, at=ask.at)
    return Outcome(**result)


def _hand_in(
    seen: Loaded,
    plan: _Plan,
    step: Step,
    part: PartView | None,
    form: Form,
    clean: Mapping[str, Json],
    ask: Ask,
    name: str,
    *,
    in_force: bool,
) -> None:
    number = (part.revision if part else 0) + 1
    pointers: dict[str, Any] = {
        "revision": number, "handed": number, "draft": None, "draft_at": None, "returned": False, "format": step.format,
        "snapshot": part.snapshot if part else seen.snapshot.hash,
    }  # fmt: skip
    if in_force:
        pointers["effective"] = number
    if part is None:
        label = _label(seen, plan.rule, step)
        id = Part.insert(
            case=ask.case, stage=ask.stage, step=step.id, author=ask.actor.person, name=label, **pointers
        ).execute()
    else:
        id = part.id
        touched = Part.update(**pointers).where((Part.id == id) & (Part.revision == part.revision)).execute()
        if not touched:
            raise Stale(say("stale"), part.answers, clean, part.revision)
    _keep(id, number, "diajukan", clean, form, step.format, pointers["snapshot"], ask, name)


def _adjust(seen: Loaded, edited: tuple[Step, PartView, Form, dict[str, Json]], ask: Ask, name: str) -> None:
    step, part, form, clean = edited
    number = part.revision + 1
    Part.update(revision=number, handed=number).where(Part.id == part.id).execute()
    _keep(part.id, number, "disesuaikan", clean, form, step.format, part.snapshot, ask, name)


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
) -> None:
    Revision.create(
        part=part, number=number, kind=kind, data=data, view=forms.view(form, data), format=format,
        snapshot=snapshot, by=ask.actor.person, by_name=name, at=ask.at,
    )  # fmt: skip


def _warns(plan: _Plan, lone: bool) -> bool:
    """Whether something in what is handed in together, or adjusted, is allowed but should be talked about."""
    told = [(form, clean) for _, _, form, clean in plan.handed] if not lone else []
    if plan.edited is not None:
        told.append((plan.edited[2], plan.edited[3]))
    return any(forms.warnings(form, clean) for form, clean in told)


def _pass_over(kernel: Kernel, ask: Ask) -> None:
    """What others said of the plan as it was before falls when it is handed in anew."""
    passing = [step.id for step in kernel.host.registry.steps.values() if step.passing]
    Part.update(handed=None, effective=None).where(
        (Part.case == ask.case) & (Part.stage == ask.stage) & Part.step.in_(passing)
    ).execute()


def _use_grants(seen: Loaded, plan: _Plan, ask: Ask) -> None:
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
        returned = part.author != ask.actor.person
        Part.update(
            draft=kept.data, draft_at=ask.at, revision=Part.revision + 1, returned=returned, format=kept.format
        ).where(Part.id == part.id).execute()


def _tell(kernel: Kernel, now: Loaded, plan: _Plan, ask: Ask, name: str) -> None:
    """Write the log entry and the messages that plugins make of the change."""
    if not plan.row.quiet:
        text = f"{name} {_past(now, plan.rule, plan.row, ask.step)}"
        log.write(
            kernel, now.view.unit.id, plan.row.id, ask.actor.person, ask.case, text,
            {"stage": ask.stage, "step": ask.step, "digest": ask.digest}, ask.at,
        )  # fmt: skip
    change = _change(kernel, _named(now), plan, ask, now.progress[ask.stage].state)
    among = settings.enabled(kernel, now.line)
    for answer in kernel.host.ask(after_transition, among, change=change):
        try:
            outbox.add(kernel, answer.plugin, answer.value or (), ask.case, ask.at)
        except (TypeError, AttributeError) as problem:
            kernel.host.guarded(answer.plugin, "after_transition", lambda p=problem: (_ for _ in ()).throw(p))  # type: ignore[misc]  # noted as this plugin's fault


def _past(now: Loaded, rule: StageRule, row: Transition, step: str) -> str:
    """What was done, as histories and notices say it: «mengajukan rencana», «menyelesaikan: Refleksi»."""
    return f"{row.past}: {now.snapshot.scheme.rules(rule.id, step).get('label', step)}" if step else row.past


def _named(now: Loaded) -> Loaded:
    """The same case with the external numbers of its people, which only messages need."""
    persons = [holder.person for holder in now.view.holders.values()] + ([now.view.person] if now.view.person else [])
    numbers = people.ids_of({person.id for person in persons})
    holders = {
        kind: replace(holder, person=replace(holder.person, ids=numbers[holder.person.id]))
        for kind, holder in now.view.holders.items()
    }
    person = replace(now.view.person, ids=numbers[now.view.person.id]) if now.view.person else None
    return projections.replace_seen(now, view=replace(now.view, holders=holders, person=person))


def _system_rows(kernel: Kernel, now: Loaded, at: datetime) -> Loaded:
    """Take the rows the system itself may take, until none holds; at most SYSTEM_STEPS."""
    for _ in range(SYSTEM_STEPS):
        taken = _next_system_row(kernel, now)
        if taken is None:
            return now
        rule, flow, row = taken
        ask = Ask("", now.view.id, rule.id, row.id, Actor(None), at)
        plan = _Plan(rule, flow, row, now.progress[rule.id].state, flow.state(row.target))
        if row.settles:
            Part.update(effective=Part.handed).where(
                (Part.case == now.view.id) & (Part.stage == rule.id) & Part.handed.is_null(False)
            ).execute()
        fresh = cases.load(kernel, now.view.id)
        old = now.progress[rule.id]
        now = projections.run(kernel, fresh, {rule.id: (plan.after, old.adjusted, old.warned)}, at)
        _tell(kernel, now, plan, ask, say("system"))
    return now


def _next_system_row(kernel: Kernel, now: Loaded) -> tuple[StageRule, Flow, Transition] | None:
    fields = now.fields()
    for rule in now.rules():
        found = projections.flow_of(kernel, rule)
        if found is None or rule.id not in now.progress:
            continue
        for row in found[1].transitions:
            condition = rule.switches.get(row.auto) if row.auto else None
            if (
                row.by == SYSTEM
                and isinstance(condition, Mapping)
                and row.source == now.progress[rule.id].state.id
                and projections.stands(rule, row, now.progress[rule.id].adjusted, fields)
                and conditions.holds(condition, fields)
            ):
                return rule, found[1], row
    return None


def _effects(kernel: Kernel, now: Loaded, row: Transition, at: datetime) -> None:
    if "close_case" in row.effects:
        close(kernel, now.view.id, at)


def close(kernel: Kernel, case: str, at: datetime) -> None:
    """Close a case for writing; everything it holds stays readable."""
    Case.update(closed_at=at, version=Case.version + 1).where((Case.id == case) & Case.closed_at.is_null()).execute()
    database.run("DELETE FROM task WHERE case_id = ?", case)


def _neighbours(kernel: Kernel, seen: Loaded, now: Loaded, at: datetime) -> None:
    """Cases that read this one's facts are projected anew: the parent and the unit's people by the worker, soon."""
    if {name: fact.value for name, fact in seen.facts.items()} == {
        name: fact.value for name, fact in now.facts.items()
    }:
        return
    ids = [now.parent] if now.parent else []
    if now.subject == "unit":
        ids += [
            row[0]
            for row in database.rows(
                "SELECT id FROM cases WHERE unit_id = ? AND period_id = ? AND id <> ? AND closed_at IS NULL",
                now.view.unit.id, now.view.period.id, now.view.id,
            )
        ]  # fmt: skip
    for id in ids:
        Timer.create(name="reproject", case=id, due_at=at)
    if now.subject == "unit":  # a fact may name the people who stand in a relation to the cases here
        Timer.create(name="people-changed", data={"unit": now.view.unit.id}, due_at=at)


def note(kernel: Kernel, key: str, actor: Actor, case: str, stage: str, item: str, text: str, at: datetime) -> None:
    """Say something about an item of a case, as anybody related to it, while it is open. The same key says it once.

    `item` is the key of an item in force or of one that the plan as written would make; empty speaks of the stage.
    """
    seen = cases.load(kernel, case)
    rule = seen.rule(stage)
    if actor.person is None or not seen.kinds_of(actor):
        raise refuse("missing")
    if is_closed(seen, at):
        raise refuse("closed", period=seen.view.period.label)
    text = needed(text)
    if item and item not in {one.key for one in items_of(kernel, seen, rule)}:
        raise refuse("item-gone")
    name = _person_name(actor)
    with database.proxy.atomic():
        database.locked(Case.select(Case.version).where(Case.id == case)).get()
        digest = hashlib.sha256(canonical([case, stage, item, text]).encode()).hexdigest()
        done = Applied.get_or_none(Applied.key == key)
        if done is not None and (done.digest != digest or done.actor != actor.person):
            raise refuse("key-reused")
        if done is not None:
            return
        Note.create(case=case, stage=stage, item=item, by=actor.person, by_name=name, text=text, at=at)
        Applied.create(key=key, actor=actor.person, case=case, digest=digest, result={}, at=at)
        log.write(kernel, seen.view.unit.id, "note", actor.person, case, say("note-log", name=name), {"item": item}, at)


def items_of(kernel: Kernel, seen: Loaded, rule: StageRule) -> tuple[Item, ...]:
    """The items a stage's plan would make as it was handed in last; none before that."""
    authors = {part.author for part in seen.parts if part.stage == rule.id and part.handed_number is not None}
    handed = projections.replace_seen(seen, parts=tuple(replace(part, draft=None) for part in seen.parts))
    made: dict[str, Item] = {}
    for author in sorted(authors):
        _, items, _ = projections.seen_by_author(kernel, handed, rule, author)
        made |= {item.key: item for item in items}
    return tuple(made.values())


# --- drafts -------------------------------------------------------------------------------------


def _draft_slowly(
    kernel: Kernel, actor: Actor, case: str, stage: str, step: str, seen: int, data: Mapping[str, Json], at: datetime
) -> int:
    """Find out why the fast path touched nothing: not begun, changed elsewhere, handed in, closed, or not allowed."""
    found = cases.load(kernel, case)
    rule, _ = _writable(kernel, found, actor, stage, step, at)
    part = found.part(stage, step, actor.person)
    if part is None:
        opened = begin(kernel, actor, case, stage, step, at)
        return save_draft(kernel, actor, case, stage, step, opened.revision, data, at)
    if part.draft is None and seen == part.revision and may_redo(kernel, found, rule, kernel.host.registry.steps[step]):
        opened = begin(kernel, actor, case, stage, step, at)
        return save_draft(kernel, actor, case, stage, step, opened.revision, data, at)
    if part.draft is None:
        raise refuse("handed")
    local = at.astimezone(ZoneInfo(found.view.unit.zone))
    if part.revision == seen and local.date() != at.date():
        return save_draft(kernel, actor, case, stage, step, seen, data, local)
    raise Stale(say("stale"), part.draft, data, part.revision)


def is_closed(seen: Loaded, at: datetime) -> bool:
    """Whether nothing may be written any more at a moment: closed already, or past the period's last day, whether or
    not the timer that closes it has come round."""
    return seen.closed or seen.period_state != "open" or _local_day(at, seen.view.unit.zone) > seen.period_closes


def _writable(
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


def _label(seen: Loaded, rule: StageRule, step: Step) -> str:
    return str(seen.snapshot.scheme.rules(rule.id, step.id).get("label") or step.label)


def _person_name(actor: Actor) -> str:
    if actor.person is None:
        return say("system")
    person = Person.get_by_id(actor.person)
    return people.full_name(person.name, person.title_front, person.title_back)
