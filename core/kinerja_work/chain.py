"""Whether a unit's chain of log entries is whole."""

from __future__ import annotations

from kinerja import database
from kinerja.log import link
from kinerja.models import Chain, LogEntry


def broken(unit: int) -> int | None:
    """The number of the first entry of a unit's chain that does not fit, or None when all is whole."""
    previous = ""
    expected = 1
    for entry in LogEntry.select().where(LogEntry.unit == unit).order_by(LogEntry.number):
        whole = link(
            previous, entry.number, str(database.stored(entry.at)), entry.person, entry.case, entry.code, entry.digest
        )
        if entry.number != expected or entry.previous != previous or entry.hash != whole:
            return int(entry.number)
        previous, expected = entry.hash, expected + 1
    head = Chain.get_or_none(Chain.unit == unit)
    return None if head is None or head.hash == previous else expected
