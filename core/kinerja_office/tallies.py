"""How many cases stand where, for units too wide to list them: counted anew every hour, piece by piece, and shown with the
time of the count. Nothing is added up as changes come, so that no change waits for a number and none drifts.

Which kinds of unit are counted is data (`hitung` in their list). Of each is counted what lies at and below it, but for what
lies below a counted unit under it; what lies above is summed from these few rows (`kinerja_read.tallies`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from kinerja import database
from kinerja.kernel import Kernel
from kinerja.models import Case, Tally, Timer, Unit
from kinerja_office import pieces


def plan(kernel: Kernel, at: datetime) -> None:
    """Have all counted units counted every hour from now on. By the worker."""
    recount(kernel, at)
    Timer.create(name="tally", due_at=at + timedelta(hours=1))


def recount(kernel: Kernel, at: datetime) -> None:
    """Have all counted units counted at a moment. Where a period opens that is a little later, after its pieces."""
    pieces.spread(
        "tally-units", None, [one.id for one in Unit.select().where(Unit.kind.in_(_kinds(kernel)))],
        at,
    )  # fmt: skip


def _kinds(kernel: Kernel) -> list[str]:
    return [one.id for one in kernel.entries("unit_kinds") if one.data.get("hitung")]


def count(kernel: Kernel, unit: Unit, at: datetime) -> None:
    """Count the open cases of a unit, by period and by the kind of state they are in."""
    children = Unit.select(Unit.id).where((Unit.parent == unit) & Unit.kind.not_in(_kinds(kernel)))
    numbers: Any = (
        Case.select(Case.period, Case.at_kind, fn.count(Case.id))
        .where(Case.closed_at.is_null() & Case.person.is_null(False))
        .where((Case.unit == unit) | getattr(Case, f"a{unit.depth + 1}").in_(children))
        .group_by(Case.period, Case.at_kind)
    )
    with database.proxy.atomic():
        Tally.delete().where(Tally.unit == unit).execute()
        for period, kind, number in numbers.tuples():
            Tally.create(unit=unit, period=period, kind=kind, number=number, at=at)
