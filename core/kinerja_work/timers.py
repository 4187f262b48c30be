"""What time itself does, applied by the worker. A late timer changes no right: rights are judged by the clock alone."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from kinerja import database, once, workflow
from kinerja.clock import real_now
from kinerja.contracts import Refusal
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Charge, Period, Standing, Timer, Unit
from kinerja_office import aftermath, endings, owing, periods, pieces, sessions, ties
from kinerja_work import imports

log = logging.getLogger(__name__)
PIECES = "-units"
"""How the names of pieces of long work end: all else that is due goes before the next of them."""
KEPT = timedelta(days=30)
"""How long what time did is kept, for who looks into what happened."""


def run_due(kernel: Kernel, lease: timedelta, limit: int = 200) -> int:
    """Do every timer that is due by the case clock, oldest first, each under a lease; returns how many were done.

    One that cannot be done (a plugin is missing) stays, is named in the log and tried again when its lease is over;
    the others go on. What is called can be repeated, so a worker that dies in the middle harms nothing.
    """
    now = kernel.clock.now()
    done = 0
    if not Timer.select().where((Timer.name == "sweep") & Timer.done_at.is_null()).exists():
        plan_sweep(now, None)
    while done < limit:
        free = Timer.lease_until.is_null() | (Timer.lease_until < real_now())
        waiting = Timer.done_at.is_null() & (Timer.due_at <= now) & free
        first = Timer.select().where(waiting).order_by(Timer.due_at, Timer.id)
        timer = first.where(~Timer.name.endswith(PIECES)).first() or first.first()
        if timer is None:
            return done
        if not Timer.update(lease_until=real_now() + lease).where((Timer.id == timer.id) & waiting).execute():
            continue
        wishes = _alike(timer, now)
        try:
            _ACTS[timer.name](kernel, wishes)
        except Refusal as refusal:
            log.warning("timer %s %s: %s", timer.id, timer.name, refusal.sentence)
            continue
        Timer.update(done_at=real_now()).where(Timer.id.in_([one.id for one in wishes])).execute()
        done += 1
        if timer.name.endswith(PIECES):
            break  # what else waits goes first
    return done


def _alike(timer: Timer, now: datetime) -> list[Timer]:
    """A timer, and after it all others that are due and wish the same: doing it once answers every wish for it that was
    there before it began."""
    return [timer, *Timer.select().where(
        (Timer.name == timer.name) & (Timer.case == timer.case_id) & (Timer.period == timer.period_id)
        & (Timer.data == timer.data) & Timer.done_at.is_null() & (Timer.due_at <= now) & (Timer.id != timer.id)
    )]  # fmt: skip


def _period(wishes: Sequence[Timer]) -> Period:
    return wishes[0].period  # type: ignore[return-value]  # these timers name one


def _close(kernel: Kernel, period: Period, now: datetime) -> None:
    """Close a period, or come again when it is over also in a zone further west than all there were before."""
    over = periods.over_at(period)
    if over > now:
        Timer.get_or_create(name="close-period", period=period, due_at=over)  # type: ignore[no-untyped-call]  # peewee
    else:
        pieces.close_period(kernel, period, now)


def _reproject_period(kernel: Kernel, wishes: Sequence[Timer]) -> None:
    period = _period(wishes)
    pieces.reproject_all(period, kernel.clock.now())
    for one in wishes:
        periods.reproject_on(period, date.fromisoformat(one.data["day"]))


def _sweep(kernel: Kernel, wishes: Sequence[Timer]) -> None:
    """Once a day: follow the assignments that began or ended since the last time, then come again tomorrow.

    Nothing decided before is undone: who held the relation then stays on record with its days.
    """
    now = kernel.clock.now()
    told = wishes[0].data.get("since")
    since = date.fromisoformat(told) if told else now.date() - timedelta(days=400)
    today = now.date() + timedelta(days=1)
    changed = (Assignment.since.between(since, today)) | (Assignment.until.between(since - timedelta(days=1), today))
    moved = list(Unit.select().where(Unit.id.in_(Assignment.select(Assignment.unit).where(changed))).order_by(Unit.id))
    for unit in moved:  # everybody leaves before anybody arrives: a new case starts from the one just closed
        endings.follow(kernel, unit, now)
    standing = Standing.since.between(since, today) | Standing.until.between(since - timedelta(days=1), today)
    people = Standing.select(Standing.person).where(standing)
    beside = Unit.id.in_(Assignment.select(Assignment.unit).where(Assignment.person.in_(people)))
    charged = Unit.id.in_(Charge.select(Charge.unit).join(Assignment).where(changed))
    for unit in [*moved, *Unit.select().where(beside), *Unit.select().where(charged)]:
        Timer.create(name="people-changed", data={"unit": unit.id}, due_at=now)
    owing.again(kernel, owing.HELD)  # a net: a suspension ends, and a number comes, by ways that set no timer
    once.forget(now)
    sessions.forget(real_now())
    Timer.delete().where(Timer.done_at < real_now() - KEPT).execute()
    imports.forget_old(kernel, real_now())
    plan_sweep(now + timedelta(days=1), now.date())


def plan_sweep(due: datetime, since: date | None = None) -> None:
    """Write down the next daily sweep."""
    Timer.create(name="sweep", data={"since": since.isoformat()} if since else {}, due_at=due)


def _at_units(act: Callable[[Kernel, Unit], object]) -> Callable[[Kernel, Sequence[Timer]], object]:
    """What is done at the unit a timer names; nothing where that is gone."""
    return lambda kernel, wishes: [act(kernel, one) for one in Unit.select().where(Unit.id == wishes[0].data["unit"])]


def _each(
    act: Callable[[Kernel, Period, int], object],
) -> Callable[[Kernel, Sequence[Timer]], None]:
    """What is done with some units of a period, one after the other. SQLite has one writer: the others write meanwhile for
    as long as a unit took."""

    def run(kernel: Kernel, wishes: Sequence[Timer]) -> None:
        for unit in wishes[0].data["units"]:
            began = time.monotonic()
            act(kernel, _period(wishes), unit)
            time.sleep(time.monotonic() - began if database.is_sqlite() else 0)

    return run


_ACTS: Mapping[str, Callable[[Kernel, Sequence[Timer]], object]] = {
    "open-period": lambda kernel, wishes: periods.open_period(kernel, _period(wishes), kernel.clock.now()),
    "close-period": lambda kernel, wishes: _close(kernel, _period(wishes), kernel.clock.now()),
    "reproject": lambda kernel, wishes: workflow.reproject(kernel, wishes[0].case_id, kernel.clock.now()),
    "reproject-period": _reproject_period,
    "people-changed": _at_units(aftermath.after_people),
    "switched-on": _at_units(lambda kernel, unit: owing.again(kernel, f"c.a{unit.depth} = ?", unit.id)),
    "settle-ties": _at_units(lambda kernel, unit: ties.settle(kernel, unit, kernel.clock.now())),
    "sweep": _sweep,
    "open-units": _each(lambda kernel, period, unit: periods.open_cases(kernel, period, kernel.clock.now(), [unit])),
    "close-units": _each(lambda kernel, period, unit: pieces.close_cases(period, unit, kernel.clock.now())),
    "reproject-units": _each(
        lambda kernel, period, unit: pieces.reproject_cases(kernel, period, unit, kernel.clock.now())
    ),
}
