"""Long work as pages show it: imports of a unit, and what somebody let the worker do for several cases."""

from __future__ import annotations

from typing import Any

from kinerja.access import IMPORT, PLUGINS, Viewer, for_those_who
from kinerja.models import Job, Timer
from kinerja.units import UnitLine
from kinerja_read.lines import JobLine, Stopped


@for_those_who(IMPORT)
def imports_at(viewer: Viewer, unit: UnitLine, kind: str, id: str = "", limit: int = 10) -> list[JobLine]:
    """The imports of a unit, newest first, or the one of an id; nothing for those who may not import there."""
    here = (Job.unit == unit.id) & (Job.kind == kind)
    return _lines(here & (Job.id == id) if id else here, limit)


def own_job(viewer: Viewer, kind: str, id: str) -> JobLine | None:
    """Long work of a kind that the viewer began themselves."""
    return next(iter(_lines((Job.id == id) & (Job.kind == kind) & (Job.by == viewer.person), 1)), None)


def _lines(where: Any, limit: int) -> list[JobLine]:
    return [
        JobLine(one.id, one.label, one.state, one.done, one.total, one.result or {}, one.created_at)
        for one in Job.select().where(where).order_by(Job.created_at.desc()).limit(limit)
    ]


@for_those_who(PLUGINS)
def put_aside(viewer: Viewer, unit: UnitLine) -> list[Stopped]:
    """What the worker tries in vain, or put aside, oldest first, for those who keep the plugins of the whole tree; nothing
    of a unit further down, since much of it belongs to none."""
    return [
        Stopped(one.name, one.sentence, one.due_at, tuple(one.data.get("units") or ()))
        for one in Timer.select().where(Timer.done_at.is_null() & (Timer.tries > 0)).order_by(Timer.id).limit(50)
        if not unit.depth
    ]
