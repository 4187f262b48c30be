"""Units as values, with their line of ancestors: what pages and the office hold in place of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kinerja.models import Unit


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit and the ids from the root down to itself."""

    id: int
    code: str
    name: str
    kind: str
    zone: str
    npsn: str | None
    line: tuple[int, ...]

    @property
    def depth(self) -> int:
        return len(self.line) - 1

    @property
    def parent_id(self) -> int | None:
        return self.line[-2] if self.depth else None


def as_value(row: Unit) -> UnitLine:
    """A row of the table as a value."""
    of: Any = row
    return UnitLine(of.id, of.code, of.name, of.kind, of.zone, of.npsn, tuple(row.line))


def find(id: int) -> UnitLine | None:
    """The unit of an id."""
    return _one(Unit.id == id)


def root() -> UnitLine | None:
    """The unit above all others; None in an installation that is still empty."""
    return _one(Unit.parent.is_null())


def by_npsn(npsn: str) -> UnitLine | None:
    """The school of a number; what is known of schools in public."""
    return _one(Unit.npsn == npsn)


def named(text: str) -> Unit | None:
    """The row of an NPSN or a code, as files and people write one or the other."""
    return Unit.get_or_none((Unit.npsn == text) | (Unit.code == text))


def _one(where: Any) -> UnitLine | None:
    row = Unit.get_or_none(where)
    return as_value(row) if row is not None else None
