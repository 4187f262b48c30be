"""Facts of a unit that come from elsewhere, such as a school's report that an import brought."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kinerja.contracts import Connector, Fact
from kinerja.models import UnitFact
from kinerja_read.entry import fits


def declared(connector: Connector, name: str) -> bool:
    """Whether a connector said that it gives a fact of this name."""
    return any(fits(spec, name) for spec in connector.gives)


def put(unit: int, source: str, facts: Iterable[Fact], as_of: datetime) -> None:
    """Keep the facts one source has of a unit; what it brought before and brings no more is gone. In a transaction."""
    UnitFact.delete().where((UnitFact.unit == unit) & (UnitFact.source == source)).execute()
    for fact in facts:
        values = {"value": fact.value, "label": fact.label, "source": source, "as_of": as_of}
        UnitFact.insert(unit=unit, name=fact.name, **values).on_conflict(
            conflict_target=[UnitFact.unit, UnitFact.name], update=values
        ).execute()


def brought(unit: int) -> list[tuple[str, str, str]]:
    """What is known of a unit from elsewhere: (name, label, source)."""
    return [
        (one.name, one.label, one.source)
        for one in UnitFact.select().where(UnitFact.unit == unit).order_by(UnitFact.name)
    ]
