"""The worker: jobs, what time does, and the outbox, in that order, again and again. Any number may run side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import islice

from kinerja import database
from kinerja.kernel import Kernel
from kinerja_work import delivery, jobs, timers
from kinerja_work.leases import LEASE

Act = Callable[[Kernel, str, timedelta], Iterator[str]]
LANES: dict[str, Act] = {
    "jobs": jobs.due,
    "time": partial(timers.due, pieces=False),
    "pieces": partial(timers.due, pieces=True),
    "sending": delivery.due,
}
"""What is done side by side, each by name of its own: none waits for another."""


def run_once(kernel: Kernel, worker: str = "worker", lease: timedelta = LEASE) -> int:
    """Do all that is due now, one lane after the other and one piece of long work at a time; returns how many things were
    done. Tests and commands call this directly."""
    done = 0
    with database.connection():
        while True:
            kernel.sync()
            step = [
                what
                for name, act in LANES.items()
                for what in islice(act(kernel, worker, lease), 1 if name == "pieces" else None)
            ]
            done += len(step)
            if not step:
                return done
