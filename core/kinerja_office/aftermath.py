"""What follows when people or their posts changed: cases end and open, relations and turns are set right."""

from __future__ import annotations

from datetime import datetime, timedelta

from peewee import fn

from kinerja import days, workflow
from kinerja.clock import day_starts
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Period, PersonValue, Standing, Timer, Unit
from kinerja_office import endings, owing, periods, profiles, relations, requests, values


def after_people(kernel: Kernel, unit: Unit) -> None:
    """After people or assignments of a unit changed: end the cases of those who left, open the cases that are missing,
    set relations and turns right, close requests that are met, ask anew what is due outside. Called by a timer that is
    written with the change, and by the daily sweep; doing it twice is the same as once."""
    now, today = kernel.clock.now(), kernel.clock.today(unit.zone)
    endings.follow(kernel, unit, now)
    for one in (unit, *relations.homes_elsewhere(unit, today)):
        _open_missing(kernel, one, now)  # who left ends here, before anybody else is made to decide on them
    values.arrive(
        kernel, PersonValue.person.in_(Assignment.select(Assignment.person).where(Assignment.unit == unit)), today
    )
    profiles.follow(kernel, unit, now)
    coming = Case.id.in_(relations.refresh_below(kernel, unit, now))  # these by a timer each
    for case in list(Case.select(Case.id).where((Case.unit == unit) & Case.closed_at.is_null() & ~coming)):
        workflow.reproject(kernel, case.id, now)
    requests.settle(kernel, unit, now)
    owing.again(kernel, owing.OF_PEOPLE, unit.id, unit.id)
    _come_again(kernel, unit)


def _open_missing(kernel: Kernel, unit: Unit, at: datetime) -> None:
    for period in list(Period.select().where((Period.state == "open") & Period.unit.in_(unit.line))):
        if not kernel.snapshot(period.snapshot).scheme.is_frame(period.key):
            below = [one.id for one in Unit.select(Unit.id).where(getattr(Unit, f"a{unit.depth}") == unit.id)]
            periods.open_cases(kernel, period, at, below)


def _come_again(kernel: Kernel, unit: Unit) -> None:
    """Write down a timer for the first moment of the next day on which something begins, or is over, of a post at a unit
    or of somebody who has one: rights turn at midnight there, and the daily sweep is only a net."""
    today, turning = kernel.clock.today(unit.zone), []
    here = Assignment.select(Assignment.person).where((Assignment.unit == unit) & days.lasting(Assignment, today))
    for table, ours in (
        (Assignment, Assignment.unit == unit),
        (Standing, Standing.person.in_(here)),
        (PersonValue, PersonValue.person.in_(here)),
    ):
        begins = table.select(fn.min(table.since)).where(ours & (table.since > today)).scalar()
        ends = table.select(fn.min(table.until)).where(ours & (table.until >= today)).scalar()
        turning += [begins, ends and ends + timedelta(days=1)]
    day = min(filter(None, turning), default=None)
    if day is not None:
        Timer.get_or_create(  # type: ignore[no-untyped-call]  # peewee's stub is untyped here
            name="people-changed", data={"unit": unit.id}, due_at=day_starts(day, unit.zone), done_at=None
        )
