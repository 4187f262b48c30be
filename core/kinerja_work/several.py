"""One row for several cases as a job, one case after the other."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

import kinerja_read as read
from kinerja import changes, people, workflow
from kinerja.access import Viewer
from kinerja.clock import real_now
from kinerja.contracts import Actor, Refusal
from kinerja.kernel import Kernel
from kinerja.models import Case, Job, Part, Progress, TaskRow, Unit
from kinerja.once import digest_of, once
from kinerja.sentences import refuse_if

SEVERAL = "several"
"""The kind of a job that takes one row for several cases."""
MOST = 1000
"""How many turns one such job may take."""


def start_several(
    kernel: Kernel,
    viewer: Viewer,
    stage: str,
    row: str,
    cases: Iterable[str],
    label: str,
    unit: Unit | int,
    key: str = "",
) -> str:
    """Take one row for several cases in the worker; returns the job's id, the same again for the same key. Only turns
    of the viewer that the scheme lets be taken together are taken, each judged for itself again as it stands then."""
    ticked = set(cases)
    return str(
        once(
            f"several:{key or secrets.token_hex(8)}", digest_of(stage, row, sorted(ticked)), viewer.person,
            lambda: _begin(kernel, viewer, stage, row, ticked, label, unit), kernel.clock.now(),
        )
    )  # fmt: skip


def _begin(kernel: Kernel, viewer: Viewer, stage: str, row: str, ticked: set[str], label: str, unit: Unit | int) -> str:
    mine = read.turns(viewer, kernel.clock.today(viewer.zone), MOST)
    chosen = {line.case for line in mine if line.several == row and line.stage == stage} & ticked
    refuse_if(not chosen, "several-none")
    seen: dict[str, dict[str, int]] = {case: {} for case in sorted(chosen)}
    for part in Part.select().where(Part.case.in_(list(chosen)) & (Part.stage == stage) & Part.handed.is_null(False)):
        seen[part.case_id][part.step] = part.handed or 0
    id = secrets.token_hex(8)
    Job.create(
        id=id, kind=SEVERAL, unit=unit, by=viewer.person, label=label, total=len(chosen), created_at=real_now(),
        input={
            "stage": stage, "row": row, "seen": seen, "person": viewer.person, "assignment": viewer.assignment,
            "at": kernel.clock.now().isoformat(),
        },
        force_insert=True,
    )  # fmt: skip
    return id


def take_several(kernel: Kernel, job: Job) -> None:
    """Take the row for one case after the other, telling how far it is; what is refused is named and left as it is."""
    told, problems, done = job.input, [], 0
    actor, at = Actor(told["person"], told["assignment"]), datetime.fromisoformat(told["at"])
    for n, (id, seen) in enumerate(told["seen"].items(), 1):
        try:
            refuse_if(not _still(id, told["stage"], told["row"]), "several-warned")
            workflow.apply(
                kernel, changes.Ask(f"several:{job.id}:{id}", id, told["stage"], told["row"], actor, at, seen=seen)
            )
            done += 1
        except Refusal as refusal:
            problems.append([n, _name_of(id), refusal.sentence, True])
        Job.update(done=n, result={"problems": problems, "taken": done}).where(Job.id == job.id).execute()
    Job.update(state="done").where(Job.id == job.id).execute()


def _still(case: str, stage: str, row: str) -> bool:
    """Whether nothing in a case warns and its turn may still be taken with others; what was taken already passes."""
    turn = TaskRow.get_or_none((TaskRow.case == case) & (TaskRow.stage == stage) & (TaskRow.several == row))
    at = Progress.get_or_none((Progress.case == case) & (Progress.stage == stage))
    return turn is not None or (at is not None and at.kind == "selesai")


def _name_of(case: str) -> str:
    found = Case.get_or_none(Case.id == case)
    return people.full_name(found.person.name) if found is not None and found.person is not None else ""
