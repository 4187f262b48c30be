"""What is done with a whole period, piece by piece: no piece takes long, any worker takes the next, and all else goes on
between them. Each piece is a timer with a few units; doing one twice is the same as once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import peewee

from kinerja import database, log, settings, workflow
from kinerja.kernel import Kernel
from kinerja.models import Case, Period, Timer
from kinerja.sentences import say

PIECE = 5
"""How many units one piece takes: about a second where each is a school."""


def spread(name: str, period: Period | None, units: Sequence[int], at: datetime) -> None:
    """Write down what is to be done at units, of a period or of none. Call in the transaction that decides it."""
    made = [
        {"name": name, "period": period, "data": {"units": list(some)}, "due_at": at}
        for some in peewee.chunked(units, PIECE)
    ]
    for some in peewee.chunked(made, 1000):
        Timer.insert_many(some).execute()


def spread_open(name: str, period: Period, at: datetime) -> None:
    """The same at all units with open cases of a period: to project them anew on a day on which its windows turn, or to
    have them take its snapshot of now."""
    spread(name, period, _units(_open(period)), at)


def reproject_cases(kernel: Kernel, period: Period, unit: int, at: datetime) -> Iterator[None]:
    """Project the open cases of a period at a unit anew, one after the other."""
    ids = [one.id for one in _open(period).where(Case.unit == unit).select(Case.id)]
    yield from map(partial(workflow.reproject, kernel, at=at), ids)


def close_period(kernel: Kernel, period: Period, at: datetime) -> None:
    """Close a period for writing, and have its cases closed; all stays readable. Rights end by the clock alone."""
    with database.proxy.atomic():
        Period.update(state="closed").where(Period.id == period.id).execute()
        spread("close-units", period, _units(Case.select(Case.unit).where(Case.period == period.id)), at)
        log.write(
            kernel, period.unit_id, "period-closed", None, "", say("period-closed", period=period.label),
            {"cases": _open(period).count()},
        )  # fmt: skip
        settings.touch()


def close_cases(period: Period, unit: int, at: datetime) -> None:
    """Close the cases of a closed period at a unit, and drop their turns and the keys under which they, and those that
    ended before, were changed."""
    with database.proxy.atomic():
        Case.update(closed_at=at, version=Case.version + 1).where(
            (Case.period == period.id) & (Case.unit == unit) & Case.closed_at.is_null()
        ).execute()
        for what in ("task WHERE asked AND", "applied WHERE"):
            database.run(
                f"DELETE FROM {what} case_id IN (SELECT id FROM cases WHERE period_id = ? AND unit_id = ?)",
                period.id,
                unit,
            )


def renew_cases(period: Period, unit: int) -> None:
    """Let the open cases of a period at a unit take its snapshot."""
    Case.update(snapshot=period.snapshot, version=Case.version + 1).where(
        (Case.period == period.id) & (Case.unit == unit) & Case.closed_at.is_null()
    ).execute()


def _open(period: Period) -> Any:
    return Case.select(Case.unit).where((Case.period == period.id) & Case.closed_at.is_null())


def _units(cases: Any) -> list[int]:
    """The units at which cases are."""
    return [one.unit_id for one in cases.distinct().order_by(Case.unit)]
