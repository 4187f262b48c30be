"""A unit: the cases below it with where they stand, for those who see where cases stand."""

from __future__ import annotations

from flask import Blueprint, Response, g
from werkzeug.exceptions import NotFound

import kinerja_read as read
from kinerja import access
from kinerja.units import UnitLine
from kinerja_web import gate
from kinerja_web.htmx import page, request
from kinerja_web.views import home
from kinerja_web.words import number_text

pages = Blueprint("unit", __name__)

LIST, STUCK, CHILDREN = 100, 200, 60
"""How many cases, turns that are stuck, and units below are listed at once."""


def the_unit(id: int, permission: str) -> UnitLine:
    """The unit of a page, for those whose capacity grants this there; for all others it does not exist."""
    unit = read.unit(g.viewer, id, permission)
    if unit is None:
        raise NotFound
    return unit


COUNTED = {
    "": "belum dimulai", "belum": "belum dimulai", "dikerjakan": "dikerjakan", "dikembalikan": "dikembalikan",
    "menunggu": "menunggu", "macet": "tertahan", "selesai": "selesai", "ditutup": "ditutup",
}  # fmt: skip
"""How a page says of many cases where they stand, by the kind of state, in the order of the work."""


def _numbers(line: read.Tally) -> str:
    """«40 belum dimulai · 1.310 dikerjakan»; what nobody is at is not said."""
    summed: dict[str, int] = {}
    for kind, word in COUNTED.items():
        summed[word] = summed.get(word, 0) + line.numbers.get(kind, 0)
    return " · ".join(f"{number_text(number)} {word}" for word, number in summed.items() if number)


Counted = dict[str, list[tuple[int | None, str, int, str]]]
"""By period: a unit below (none: what lies right below this one), what it is called, how many cases, and where they stand."""


def _counted(lines: list[read.Tally], unit: UnitLine) -> Counted:
    found: Counted = {}
    for line in sorted(lines, key=lambda line: line.unit == unit.id):
        mine = line.unit == unit.id
        row = (
            None if mine else line.unit,
            "Satuan lain" if mine else line.name,
            sum(line.numbers.values()),
            _numbers(line),
        )
        found.setdefault(line.period, []).append(row)
    return found


@pages.get("/satuan/<int:id>")
def show(id: int) -> Response:
    unit = read.overseen(g.viewer, id)
    if unit is None:
        raise NotFound
    listed = bool(gate.the_kernel().trait("unit_kinds", unit.kind, "daftar", True))
    found = read.standings_below(g.viewer, unit.depth, unit.line, LIST, below=listed)
    waiting = read.stuck_below(g.viewer, unit.depth, unit.line, g.clock.today(g.viewer.zone), STUCK, near=listed)
    after = request.args.get("sesudah", 0, int)
    children = read.units_below(g.viewer, unit, CHILDREN + 1, after)
    tallies = read.tallies(g.viewer, unit)
    named = {line.unit for line in tallies}
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
        children=[one for one in children[:CHILDREN] if one[0] not in named],
        more_children=children[CHILDREN - 1][0] if len(children) > CHILDREN else None,
        after=after,
        counted=list(_counted(tallies, unit).items()),
        counted_at=min((line.at for line in tallies), default=None),
        up=unit.parent_id if unit.parent_id in unit.line and access.oversees(g.viewer, unit.line[:-1]) else None,
        may_plugins=g.viewer.may(access.PLUGINS, unit.line),
        may_import=g.viewer.may(access.IMPORT, unit.line),
    )
