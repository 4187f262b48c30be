"""How many cases stand where in the units below a wide one, as the worker counted them last."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from kinerja import database
from kinerja.access import Viewer, oversees
from kinerja.models import LEVELS
from kinerja.units import UnitLine


@dataclass(slots=True)
class Tally:
    """One unit in one period: how many open cases are at a stage of which kind of state (of no stage yet: ''), and when the
    oldest of these numbers was counted."""

    period: str
    unit: int
    name: str
    at: datetime
    numbers: dict[str, int] = field(default_factory=dict)


def tallies(viewer: Viewer, unit: UnitLine) -> list[Tally]:
    """The units one step below, and the unit itself where it was counted, newest period first and then by name, for those
    who see where cases stand there; nothing for others, nor where nothing was counted."""
    found: dict[tuple[str, int], Tally] = {}
    below = f"coalesce(u.a{min(unit.depth + 1, LEVELS - 1)}, u.id)"
    for period, id, name, kind, number, at in database.rows(
        "SELECT p.label, k.id, k.name, t.kind, sum(t.number), min(t.at) FROM tally t JOIN unit u ON u.id = t.unit_id "
        f"JOIN unit k ON k.id = {below} JOIN period p ON p.id = t.period_id WHERE u.a{unit.depth} = ? "
        "GROUP BY p.label, p.starts, p.ends, k.id, k.name, t.kind "
        "ORDER BY p.starts DESC, p.ends, p.label, k.name, k.id, min(t.at)",
        unit.id,
    ) if oversees(viewer, unit.line) else ():  # fmt: skip
        line = found.setdefault((period, id), Tally(period, id, name, database.moment(at)))
        line.numbers[kind] = int(number)
    return list(found.values())
