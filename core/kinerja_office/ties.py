"""Several contents fit a case equally well: the region chooses one, and the cases that waited for it go on."""

from __future__ import annotations

from datetime import datetime

from kinerja import database, projections, settings
from kinerja.cases import load
from kinerja.kernel import Kernel
from kinerja.models import Case, Timer, Unit
from kinerja.units import UnitLine
from kinerja_office import choosing, periods


def answer(kernel: Kernel, unit: UnitLine, kind: str, content: str, by: int, at: datetime) -> None:
    """Choose a content for a unit and all below it; the worker then lets the cases go on that waited for it."""
    chosen = settings.own(kernel, unit.line, "isi", {})
    choosing.set_choice(kernel, unit, settings.OWN, by, settings={"isi": {**chosen, kind: content}})
    Timer.create(name="settle-ties", data={"unit": unit.id}, due_at=at)


def settle(kernel: Kernel, unit: Unit, at: datetime) -> None:
    """Decide anew for the open cases below a unit that wait for a choice of content."""
    for case in list(Case.select().where((getattr(Case, f"a{unit.depth}") == unit.id) & Case.closed_at.is_null())):
        if case.content["ties"]:
            content = periods.decide_content(kernel, case.period, case.unit, case.profile["fields"]).raw()
            if content != case.content:
                Case.update(content=content, version=Case.version + 1).where(Case.id == case.id).execute()
                with database.proxy.atomic():
                    projections.run(kernel, load(kernel, case.id), {}, at)
