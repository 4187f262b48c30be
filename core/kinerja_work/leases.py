"""What a worker does, it takes under a lease: nobody else does it meanwhile, and what a dead worker held is taken by the next.

Timers, long work and messages are taken, held and given back by these few lines.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from kinerja import database
from kinerja.clock import real_now
from kinerja.models import Job, Outgoing, Timer

LEASE = timedelta(minutes=2)
"""How long one worker may hold what it took before another may take it over, unless it renews the lease."""
MOST = 5
"""How often is tried what fails, before it is put aside with its sentence and no worker takes it any more."""
PATIENCE = (10, 30, 60, 300, 900, 3600)
"""Seconds until the next try, by number of tries so far; the last holds from then on."""
TABLES: tuple[Any, ...] = (Timer, Job, Outgoing)


def claim(
    table: Any, waiting: Any, order: Sequence[Any], worker: str, lease: timedelta = LEASE, limit: int = 1
) -> list[Any]:
    """Take up to *limit* rows that wait and that nobody holds, the first in order. Looking into an empty queue locks
    nothing."""
    now = real_now()
    query = table.select().where(waiting & (table.lease_until.is_null() | (table.lease_until < now)))
    if not query.exists():
        return []
    with database.proxy.atomic():
        found = list(database.locked(query.order_by(*order).limit(limit), "FOR UPDATE SKIP LOCKED"))
        table.update(lease_until=now + lease, lease_by=worker).where(table.id.in_([one.id for one in found])).execute()
    return found


def renew(workers: Collection[str], lease: timedelta = LEASE) -> None:
    """Hold what these workers hold for a lease more. Called three times a lease."""
    for table in TABLES:
        table.update(lease_until=real_now() + lease).where(table.lease_by.in_(list(workers))).execute()


def release(workers: Collection[str]) -> None:
    """Give back what these workers hold, as it is. Called when they stop."""
    for table in TABLES:
        table.update(lease_until=None, lease_by="").where(table.lease_by.in_(list(workers))).execute()


def failed(table: Any, which: Any, tries: int, why: str, *, counts: bool = True) -> None:
    """Give back what failed, with a sentence, to be tried again later; where it *counts* it is put aside in the end, else
    it only waits for something."""
    wait = PATIENCE[min(tries, len(PATIENCE) - 1) if counts else 2]
    table.update(
        tries=table.tries + counts, lease_until=real_now() + timedelta(seconds=wait), lease_by="",
        sentence=why.replace("\0", "")[:500],
    ).where(which).execute()  # fmt: skip


def give_up(worker: str, why: str) -> None:
    """Give back what a worker holds that takes too long: a message for somebody to look at, all else as failed. What that
    worker brings later counts no more."""
    failed(Timer, Timer.lease_by == worker, 2, why)
    failed(Job, Job.lease_by == worker, 2, why)
    Outgoing.update(state="stop", done_at=real_now(), lease_by="", sentence=why).where(
        Outgoing.lease_by == worker
    ).execute()


def once_more() -> None:
    """Let what was put aside, or needs an operator, be tried once more. Called when somebody starts a worker: they may have
    mended what it failed of."""
    Timer.update(tries=MOST - 1, lease_until=None).where(Timer.done_at.is_null() & (Timer.tries >= MOST)).execute()
    Outgoing.update(state="again", done_at=None, due_at=real_now(), lease_until=None).where(
        Outgoing.state == "stop"
    ).execute()
