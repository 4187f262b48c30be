"""What a case asks of its visitor, on the pages of one case: the same rows that `kinerja_read.waits` lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import g

from kinerja import notes
from kinerja.contracts import PROOFS, UNIT_PROOFS, Task
from kinerja.loaded import Loaded, TaskView
from kinerja_web import look
from kinerja_web.htmx import request

GIVEN = (PROOFS, UNIT_PROOFS)


def asked(seen: Loaded, stage: str) -> list[TaskView]:
    """What a stage asks of anybody, now or from a day to come."""
    return [one for one in seen.tasks if one.stage == stage and one.task.asked]


def of_step(seen: Loaded, stage: str, step: str) -> Task | None:
    """What a step is asked of its visitor for, where it is."""
    mine = look.kinds(seen)
    return next((one.task for one in asked(seen, stage) if one.task.step == step and one.task.relation in mine), None)


def evidence(seen: Loaded) -> set[str]:
    """The relations that are asked for evidence of this case."""
    return {one.task.relation for one in seen.tasks if one.task.what in GIVEN}


def unread(seen: Loaded, stage: str, read: Mapping[str, datetime]) -> list[TaskView]:
    """What is new in a stage to this visitor."""
    mine, until = look.kinds(seen), read.get(stage)
    return [
        one
        for one in seen.tasks
        if one.stage == stage
        and not one.task.asked
        and one.task.relation in mine
        and (until is None or until < one.since)
    ]


def newest(news: Iterable[TaskView]) -> str:
    """The moment up to which a page with these news tells, for the form that says they are read."""
    found = [one.since for one in news]
    return max(found).isoformat() if found else ""


def note_read(case: str, stage: str) -> None:
    """Keep what the page that was sent had told as new; the caller has checked who may see it."""
    try:
        until = datetime.fromisoformat(request.form.get("sampai", ""))
    except ValueError:
        return
    if until.tzinfo is not None:
        notes.read_up_to(g.viewer.actor, case, stage, min(until, g.clock.now()))
