"""What an author is typing: opened once, saved by one statement, never judged by a plugin."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from kinerja import access, cases, database, days, flows, moves, steps
from kinerja.changes import Ask
from kinerja.contracts import Actor, Json, Refusal, Stale, Step
from kinerja.judging import writing
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded, PartView
from kinerja.models import Part
from kinerja.sentences import refuse_if, say
from kinerja.workflow import apply

LONGEST_DRAFT = 200_000
"""Characters of JSON a draft may have."""

BEGUN = 1
"""The revision of a part that was just opened: whoever found none has seen no other."""


def save_draft(
    kernel: Kernel, actor: Actor, case: str, stage: str, step: str, seen: int, data: Mapping[str, Json], at: datetime
) -> int:
    """Keep what an author is typing in their own draft; returns its new revision. No hooks, no log, one statement.

    `at` is in the zone of the author's unit: its day decides whether a relation still holds. Raises Stale when the
    draft was changed elsewhere after revision *seen*, then nothing is overwritten; where what is kept is what is sent,
    nothing was, and its revision comes back.
    """
    text = json.dumps(data, ensure_ascii=False)
    refuse_if(len(text) > LONGEST_DRAFT, "too-long")
    known = kernel.host.registry.steps.get(step)
    day = database.stored_day(at.date())
    touched = database.run(
        "UPDATE part SET draft = ?, draft_at = ?, format = ?, revision = revision + 1 WHERE case_id = ? AND stage = ? "
        "AND step = ? AND author = ? AND revision = ? AND draft IS NOT NULL AND EXISTS (SELECT 1 FROM relation r "
        "JOIN cases c ON c.id = r.case_id JOIN period p ON p.id = c.period_id WHERE r.case_id = part.case_id "
        f"AND c.closed_at IS NULL AND p.closes >= ? AND {access.acts('r')} AND r.kind = ? AND {days.relating('r')})",
        text, database.stored(at), known.format if known else 1, case, stage, step, actor.person, seen,
        day, actor.person, actor.assignment or 0, known.author if known else "", day,
    )  # fmt: skip
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
    here, step_value = writing(kernel, seen, actor, stage, step, at)
    part = seen.part(stage, step, actor.person)
    if part is not None and part.draft is not None:
        return part
    if part is not None:  # it was handed in alone; what is in force stays in force meanwhile
        Part.update(
            draft=part.answers, draft_at=at, revision=Part.revision + 1, format=step_value.format
        ).where((Part.id == part.id) & Part.draft.is_null()).execute()  # fmt: skip
    else:
        _first(kernel, seen, here, step_value, at, carry)
    opened = cases.load(kernel, case).part(stage, step, actor.person)
    assert opened is not None
    return opened


def _first(kernel: Kernel, seen: Loaded, here: moves.Stage, step: Step, at: datetime, carry: bool) -> None:
    """Open a step that nobody opened yet."""
    stage = here.rule.id
    data = steps.form_of(kernel, seen, here.rule, step, here.actor.person or 0).initial
    previous = seen.near.previous
    if previous is not None and step.carry and (carry or seen.snapshot.scheme.rules(stage, step.id).get("bawa")):
        data = {**data, **cases.answers_in_force(kernel, previous.case).get(step.id, {})}
    begins = [one.row for one in moves.stage_moves(here) if one.act == "begin" and one.step in ("", step.id)]
    if begins and begins[0] is not None:
        key = f"mulai:{seen.view.id}:{stage}:{step.id}:{seen.view.version}"
        _take_beginning(kernel, Ask(key, seen.view.id, stage, begins[0].id, here.actor, at, step=step.id))
    Part.insert(
        case=seen.view.id, stage=stage, step=step.id, author=here.actor.person, format=step.format,
        name=flows.step_label(kernel, seen, stage, step.id), snapshot=seen.snapshot.hash, revision=BEGUN, draft=data,
        draft_at=at,
    ).on_conflict_ignore().execute()  # fmt: skip


def _take_beginning(kernel: Kernel, ask: Ask) -> None:
    """Take a stage's beginning row; another tab that was faster has done the same."""
    try:
        apply(kernel, ask)
    except Refusal as refusal:
        if refusal.code != "not-now":
            raise


def _draft_slowly(
    kernel: Kernel, actor: Actor, case: str, stage: str, step: str, seen: int, data: Mapping[str, Json], at: datetime
) -> int:
    """Find out why the fast path touched nothing: not begun, changed elsewhere, handed in, closed, or not allowed."""
    found = cases.load(kernel, case)
    writing(kernel, found, actor, stage, step, at)
    part = found.part(stage, step, actor.person)
    if part is None or (part.draft is None and seen == part.revision):
        opened = begin(kernel, actor, case, stage, step, at)
        return save_draft(kernel, actor, case, stage, step, BEGUN if part is None else opened.revision, data, at)
    refuse_if(part.draft is None, "handed")
    local = at.astimezone(ZoneInfo(found.view.unit.zone))
    if part.revision == seen and local.date() != at.date():
        return save_draft(kernel, actor, case, stage, step, seen, data, local)
    if part.draft == data:
        return part.revision
    raise Stale(say("stale"), part.answers, data, part.revision)
