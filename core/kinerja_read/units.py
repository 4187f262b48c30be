"""Units for pages: one by its id for those who may do something there, by what it is called, and what lies below it."""

from __future__ import annotations

from collections.abc import Iterable

from kinerja import database, units
from kinerja.access import Viewer, oversees
from kinerja.models import Unit
from kinerja.units import UnitLine


def unit(viewer: Viewer, id: int, permission: str) -> UnitLine | None:
    """The unit of an id, for those whose capacity grants this permission there; None for all others."""
    found = units.find(id)
    return found if found is not None and viewer.may(permission, found.line) else None


def overseen(viewer: Viewer, id: int) -> UnitLine | None:
    """The unit of an id, for those who see where the cases there stand; None for all others."""
    found = units.find(id)
    return found if found is not None and oversees(viewer, found.line) else None


def units_named(viewer: Viewer, text: str, limit: int = 6) -> list[UnitLine]:
    """The one unit of an NPSN or code, wherever it is; else those with a text in their name at and below the viewer's."""
    text = text.strip()
    exact = units.named(text)
    if exact is not None:
        return [units.as_value(exact)]
    return [
        units.as_value(one)
        for one in Unit.select()
        .where((getattr(Unit, f"a{len(viewer.line) - 1}") == viewer.unit) & Unit.name.contains(text))
        .order_by(Unit.name)
        .limit(limit)
    ]


def units_below(viewer: Viewer, unit: UnitLine, limit: int = 100, after: int = 0) -> list[tuple[int, str]]:
    """The units one step below, by name, those *after* a unit among them: (id, name); nothing for those who do not see
    where cases there stand."""
    if not oversees(viewer, unit.line):
        return []
    return database.rows(
        "SELECT id, name FROM unit WHERE parent_id = ? AND (? = 0 OR (name, id) > (SELECT name, id FROM unit WHERE id = ?)) "
        f"ORDER BY name, id LIMIT {int(limit)}",
        unit.id, after, after,
    )  # fmt: skip


def unit_names(ids: Iterable[int]) -> dict[int, str]:
    """What units are called, which everybody may know, by id."""
    return {one.id: one.name for one in Unit.select(Unit.id, Unit.name).where(Unit.id.in_(list(ids)))}
