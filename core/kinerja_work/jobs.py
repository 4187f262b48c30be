"""Long work in the worker, step by step, each under a lease."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kinerja.contracts import Refusal
from kinerja.kernel import Kernel
from kinerja.models import Job
from kinerja.sentences import say
from kinerja_work import leases
from kinerja_work.imports import forget, preview, take_over
from kinerja_work.leases import LEASE
from kinerja_work.several import SEVERAL, take_several


def due(kernel: Kernel, worker: str, lease: timedelta = LEASE) -> Iterator[str]:
    """Do the next step of every job that waits, under a lease; yields the id of each. A job that fails says so and
    stops."""
    waiting = Job.state.in_(["waiting", "confirmed"])
    while claimed := leases.claim(Job, waiting, (Job.created_at,), worker, lease):
        job = claimed[0]
        step = take_several if job.kind == SEVERAL else preview if job.state == "waiting" else take_over
        answer = kernel.host.guarded(job.plugin, job.kind, lambda step=step, job=job: step(kernel, job))  # type: ignore[misc]  # bound as defaults
        why = str(answer.problem) if isinstance(answer.problem, Refusal) else say("job-failed")
        if answer.problem is not None and job.kind == SEVERAL and job.tries < leases.MOST:
            leases.failed(
                Job, Job.id == job.id, job.tries, why
            )  # what was taken is kept; the rest later, by the same keys
            continue
        if answer.problem is not None:
            Job.update(state="failed", result={"problems": [[0, "", why, True]]}).where(
                (Job.id == job.id) & (Job.state == job.state)  # who cancelled it meanwhile has cancelled it
            ).execute()
        Job.update(lease_until=None, lease_by="").where((Job.id == job.id) & (Job.lease_by == worker)).execute()
        forget(kernel, job.id)
        yield job.id


def run_due(kernel: Kernel) -> int:
    """The same at once, for whoever waits for it; returns how many steps were done."""
    return sum(1 for _ in due(kernel, "now"))
