"""Long work in the worker, step by step, each under a lease."""

from __future__ import annotations

from datetime import timedelta

from kinerja.clock import real_now
from kinerja.contracts import Refusal
from kinerja.kernel import Kernel
from kinerja.models import Job
from kinerja.sentences import say
from kinerja_work.imports import forget, preview, take_over
from kinerja_work.several import SEVERAL, take_several

LEASE = timedelta(minutes=10)
"""How long one worker may hold a job before another may take it over; taking an import over twice changes nothing."""


def run_due(kernel: Kernel, lease: timedelta = LEASE) -> int:
    """Do the next step of every job that waits, under a lease; returns how many. A job that fails says so and stops."""
    done = 0
    for job in list(Job.select().where(Job.state.in_(["waiting", "confirmed"])).order_by(Job.created_at)):
        free = Job.lease_until.is_null() | (Job.lease_until < real_now())
        mine = (Job.id == job.id) & (Job.state == job.state)  # who cancelled it meanwhile has cancelled it
        if not Job.update(lease_until=real_now() + lease).where(mine & free).execute():
            continue
        step = take_several if job.kind == SEVERAL else preview if job.state == "waiting" else take_over
        answer = kernel.host.guarded(job.plugin, job.kind, lambda step=step, job=job: step(kernel, job))  # type: ignore[misc]  # bound as defaults
        if answer.problem is not None and job.kind == SEVERAL:
            continue  # what was taken is kept; under the same keys the rest is taken when the lease is over
        if answer.problem is not None:
            why = str(answer.problem) if isinstance(answer.problem, Refusal) else say("job-failed")
            Job.update(state="failed", result={"problems": [[0, "", why, True]]}).where(mine).execute()
        Job.update(lease_until=None).where(Job.id == job.id).execute()
        forget(kernel, job.id)
        done += 1
    return done
