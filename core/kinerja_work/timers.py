"""What time itself does, applied by the worker. A late timer changes no right: rights are judged by the clock alone."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import peewee

from kinerja import database, once, workflow
from kinerja.clock import real_now
from kinerja.contracts import Refusal
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Charge, Period, Standing, Timer, Unit
from kinerja_office import aftermath, owing, periods, pieces, sessions, tallies, ties
from kinerja_work import imports, leases
from kinerja_work.leases import LEASE

log = logging.getLogger(__name__)
PIECES = "-units"
"""How the names of pieces of long work end: all else that is due goes before the next of them."""
KEPT = timedelta(days=30)
"""How long what time did is kept, for who looks into what happened."""


def due(kernel: Kernel, worker: str, lease: timedelta = LEASE, *, pieces: bool) -> Iterator[str]:
    """Do the timers that are due by the case clock, oldest first, each under a lease: the pieces of long work, or all
    else. Yields the name of each.

    What is called can be repeated, so a worker that dies in the middle harms nothing. One that fails is tried again
    later and put aside in the end; the others go on. One that is refused (a plugin is missing) is tried until it is not.
    """
    now = kernel.clock.now()
    if not (pieces or Timer.select().where((Timer.name == "sweep") & Timer.done_at.is_null()).exists()):
        plan_sweep(now, None)
        tallies.plan(kernel, now)
    waiting = (
        Timer.done_at.is_null() & (Timer.due_at <= now) & (Timer.tries < leases.MOST)
        & (Timer.name.endswith(PIECES) == pieces)
    )  # fmt: skip
    while claimed := leases.claim(Timer, waiting, (Timer.due_at, Timer.id), worker, lease):
        wishes = _alike(claimed[0], now)
        _do(kernel, wishes, Timer.id.in_([one.id for one in wishes]))
        yield claimed[0].name


def _do(kernel: Kernel, wishes: Sequence[Timer], which: Any) -> None:
    try:
        _ACTS[wishes[0].name](kernel, wishes)
    except peewee.OperationalError:
        raise  # the database is at fault, not what was to be done
    except Exception as problem:
        refused = isinstance(problem, Refusal)
        log.warning("timer %s %s: %s", wishes[0].id, wishes[0].name, problem, exc_info=not refused)
        leases.failed(Timer, which, wishes[0].tries, str(problem), counts=not refused)
    else:
        Timer.update(done_at=real_now(), lease_until=None, lease_by="").where(which).execute()


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
    pieces.spread_open("reproject-units", period, kernel.clock.now())
    for one in wishes:
        periods.reproject_on(period, date.fromisoformat(one.data["day"]))


def _sweep(kernel: Kernel, wishes: Sequence[Timer]) -> None:
    """Once a day: follow the assignments that began or ended since the last time, piece by piece, then come again
    tomorrow.

    Nothing decided before is undone: who held the relation then stays on record with its days.
    """
    now = kernel.clock.now()
    since = date.fromisoformat(wishes[0].data.get("since") or (now.date() - timedelta(days=400)).isoformat())
    today = now.date() + timedelta(days=1)
    changed = (Assignment.since.between(since, today)) | (Assignment.until.between(since - timedelta(days=1), today))
    standing = Standing.since.between(since, today) | Standing.until.between(since - timedelta(days=1), today)
    turned = changed | Assignment.person.in_(Standing.select(Standing.person).where(standing))
    charged = Charge.select(Charge.unit).join(Assignment).where(changed)
    here = Unit.id.in_(Assignment.select(Assignment.unit).where(turned)) | Unit.id.in_(charged)
    pieces.spread("follow-units", None, [one.id for one in Unit.select(Unit.id).where(here).order_by(Unit.id)], now)
    owing.again(kernel, owing.HELD)  # a net: a suspension ends, and a number comes, by ways that set no timer
    once.forget(now)
    sessions.forget(real_now())
    while (
        Timer.delete()
        .where(Timer.id.in_(Timer.select(Timer.id).where(Timer.done_at < real_now() - KEPT).limit(1000)))
        .execute()
    ):
        pass
    imports.forget_old(kernel, real_now())
    plan_sweep(now + timedelta(days=1), now.date())


def plan_sweep(due: datetime, since: date | None = None) -> None:
    """Write down the next daily sweep."""
    Timer.create(name="sweep", data={"since": since.isoformat()} if since else {}, due_at=due)


def _at_units(act: Callable[[Kernel, Unit], object]) -> Callable[[Kernel, Sequence[Timer]], object]:
    """What is done at the unit a timer names; nothing where that is gone."""
    return lambda kernel, wishes: [act(kernel, one) for one in Unit.select().where(Unit.id == wishes[0].data["unit"])]


def _each(act: Callable[[Kernel, Period, int], object]) -> Callable[[Kernel, Sequence[Timer]], None]:
    """What is done with some units of a period, one after the other, and with each in as many steps as it has. A unit at
    which it fails becomes a piece of its own, and the others go on. SQLite has one writer: the others write meanwhile for
    as long as a step took."""

    def run(kernel: Kernel, wishes: Sequence[Timer]) -> None:
        piece = wishes[0]
        for unit in piece.data["units"]:
            began = time.monotonic()
            try:
                done = act(kernel, _period(wishes), unit)
                for _ in done if isinstance(done, Iterator) else (done,):
                    time.sleep(time.monotonic() - began if database.is_sqlite() else 0)
                    began = time.monotonic()
            except Exception as problem:
                if len(piece.data["units"]) == 1 or isinstance(problem, peewee.OperationalError):
                    raise
                log.warning("%s at unit %s", piece.name, unit, exc_info=True)
                pieces.spread(piece.name, piece.period, [unit], piece.due_at)

    return run


_ACTS: Mapping[str, Callable[[Kernel, Sequence[Timer]], object]] = {
    "open-period": lambda kernel, wishes: periods.open_period(kernel, _period(wishes), kernel.clock.now()),
    "close-period": lambda kernel, wishes: _close(kernel, _period(wishes), kernel.clock.now()),
    "reproject": lambda kernel, wishes: workflow.reproject(kernel, wishes[0].case_id, kernel.clock.now()),
    "reproject-period": _reproject_period,
    "people-changed": _at_units(aftermath.after_people),
    "tally": lambda kernel, wishes: tallies.plan(kernel, kernel.clock.now()),
    "switched-on": _at_units(lambda kernel, unit: owing.again(kernel, f"c.a{unit.depth} = ?", unit.id)),
    "settle-ties": _at_units(lambda kernel, unit: ties.settle(kernel, unit, kernel.clock.now())),
    "sweep": _sweep,
    "tally-units": _each(lambda kernel, _, unit: tallies.count(kernel, Unit.get_by_id(unit), kernel.clock.now())),
    "follow-units": _each(lambda kernel, _, unit: aftermath.after_people(kernel, Unit.get_by_id(unit))),
    "renew-units": _each(lambda kernel, period, unit: pieces.renew_cases(period, unit)),
    "open-units": _each(lambda kernel, period, unit: periods.opening(kernel, period, kernel.clock.now(), [unit])),
    "close-units": _each(lambda kernel, period, unit: pieces.close_cases(period, unit, kernel.clock.now())),
    "reproject-units": _each(
        lambda kernel, period, unit: pieces.reproject_cases(kernel, period, unit, kernel.clock.now())
    ),
}
