"""A unit: the cases below it with where they stand, for those who see where cases stand."""

from __future__ import annotations

from flask import Blueprint, Response, g
from werkzeug.exceptions import NotFound

import kinerja_read as read
from kinerja import access
from kinerja.units import UnitLine
from kinerja_web import gate
from kinerja_web.htmx import page
from kinerja_web.views import home

pages = Blueprint("unit", __name__)

LIST, STUCK = 100, 200
"""How many cases and how many turns that are stuck are listed at once."""


def the_unit(id: int, permission: str) -> UnitLine:
    """The unit of a page, for those whose capacity grants this there; for all others it does not exist."""
    unit = read.unit(g.viewer, id, permission)
    if unit is None:
        raise NotFound
    return unit


@pages.get("/satuan/<int:id>")
def show(id: int) -> Response:
    unit = read.overseen(g.viewer, id)
    if unit is None:
        raise NotFound
    listed = bool(gate.the_kernel().trait("unit_kinds", unit.kind, "daftar", True))
    found = read.standings_below(g.viewer, unit.depth, unit.line, LIST, below=listed)
    waiting = read.stuck_below(g.viewer, unit.depth, unit.line, g.clock.today(g.viewer.zone), STUCK, near=listed)
    by_period: dict[str, list[read.Standing]] = {}
    for case in found:
        by_period.setdefault(case.period, []).append(case)
    return page(
        "kinerja/satuan.html",
        unit=unit,
        listed=listed,
        count=len(found),
        periods=list(by_period.items()),
        stuck=home.stuck(waiting),
        waiting=len(waiting),
        more_stuck=len(waiting) >= STUCK,
        full=len(found) >= LIST,
        children=read.units_below(g.viewer, unit),
        up=unit.parent_id if unit.parent_id in unit.line and access.oversees(g.viewer, unit.line[:-1]) else None,
        may_plugins=g.viewer.may(access.PLUGINS, unit.line),
        may_import=g.viewer.may(access.IMPORT, unit.line),
    )
