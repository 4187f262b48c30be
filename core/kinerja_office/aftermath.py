"""What follows when people or their posts changed: cases end and open, relations and turns are set right."""

from __future__ import annotations

from kinerja import workflow
from kinerja.kernel import Kernel
from kinerja.models import Case, Period, Unit
from kinerja_office import endings, owing, periods, relations, requests


def after_people(kernel: Kernel, unit: Unit) -> None:
    """After people or assignments of a unit changed: end the cases of those who left, open the cases that are missing,
    set relations and turns right, close requests that are met, ask anew what is due outside. Called by a timer that is
    written with the change, and by the daily sweep; doing it twice is the same as once."""
    now = kernel.clock.now()
    endings.follow(kernel, unit, now)
    for period in Period.select().where((Period.state == "open") & Period.unit.in_(unit.line)):
        scheme = kernel.snapshot(period.snapshot).scheme
        if not any(rule.parent == period.key for rule in scheme.periods):
            below = [one.id for one in Unit.select(Unit.id).where(getattr(Unit, f"a{unit.depth}") == unit.id)]
            periods.open_cases(kernel, period, now, below)
    here = [case.id for case in Case.select(Case.id).where((Case.unit == unit) & Case.closed_at.is_null())]
    changed = set(relations.refresh_below(kernel, unit, now))
    for id in here:
        if id not in changed:
            workflow.reproject(kernel, id, now)
    requests.settle(kernel, unit, now)
    owing.again(kernel, owing.OF_PEOPLE, unit.id, unit.id)
