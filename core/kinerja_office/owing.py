"""Ask connectors again about what they hold, or never were asked about: what it waited for may have come."""

from __future__ import annotations

from kinerja import cases, database, owed, settings
from kinerja.kernel import Kernel
from kinerja.models import LEVELS, Case

HELD = "c.id IN (SELECT case_id FROM outgoing WHERE state = 'held')"
"""Everything that is held, as a condition for `again`."""
OF_PEOPLE = (
    "(c.unit_id = ? OR c.id IN "
    "(SELECT r.case_id FROM relation r JOIN assignment a ON a.person_id = r.person_id WHERE a.unit_id = ?))"
)
"""The cases at a unit, and those elsewhere to which its people stand in a relation."""
_OPEN = (
    f"SELECT c.id, {', '.join(f'c.a{n}' for n in range(LEVELS))} FROM cases c WHERE EXISTS "
    "(SELECT 1 FROM fact f WHERE f.case_id = c.id AND f.name IN ({names})) AND (c.closed_at IS NULL OR coalesce("
    "(SELECT o.state FROM outgoing o WHERE o.case_id = c.id AND o.connector = ? AND o.state <> 'replaced' "
    "ORDER BY o.id DESC LIMIT 1), '') NOT IN ('accepted', 'unsent')) AND "
)
"""The cases that have a fact a connector tells, but closed ones of which nothing is open: its newest row says so."""


def again(kernel: Kernel, where: str, *values: object) -> None:
    """Ask about the settled cases of a condition, closed ones too, where the connector's plugin is on. What was accepted,
    or is not to be sent, of a closed case stays so. Doing it twice is the same as once."""
    registry = kernel.host.registry
    found = {
        id
        for one in registry.connectors.values()
        for id, *line in database.rows(
            _OPEN.format(names=", ".join("?" * len(one.tells)) or "NULL") + where, *one.tells, one.id, *values
        )
        if registry.owner["connectors", one.id] in settings.enabled(kernel, [unit for unit in line if unit is not None])
    }
    for id in sorted(found):
        with database.proxy.atomic():
            database.locked(Case.select(Case.version).where(Case.id == id)).get()
            owed.ask(kernel, cases.load(kernel, id))
