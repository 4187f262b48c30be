"""A unit switches a plugin on or off, locks it, suspends it, or sets it up, with a reason that is logged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kinerja import database, log
from kinerja.clock import real_now
from kinerja.contracts import Json
from kinerja.kernel import Kernel
from kinerja.models import Choice, Timer, Unit
from kinerja.sentences import refuse_if, say
from kinerja.settings import OWN, state, touch
from kinerja.units import UnitLine


def set_choice(
    kernel: Kernel,
    unit: Unit | UnitLine,
    plugin: str,
    by: int | None,
    *,
    on: bool | None = None,
    locked: bool | None = None,
    settings: Mapping[str, Json] | None = None,
    suspended_until: datetime | None = None,
    reason: str = "",
) -> None:
    """Switch a plugin on or off at a unit, or set its settings there, logged with the person.

    Refused where a unit above locked it, where it may only be chosen at the root, and where an open period of this
    unit or below uses a stage, step or handler of it: the refusal names the periods.
    """
    manifest = kernel.host.manifests.get(plugin)
    refuse_if(plugin != OWN and manifest is None, "unknown")
    refuse_if(state(kernel, unit.line, plugin).locked, "locked")
    switched = on is not None or locked is not None or suspended_until is not None
    refuse_if(manifest and manifest.restricted and unit.parent_id is not None and switched, "restricted")
    if on is False:
        used = periods_using(kernel, unit, plugin)
        refuse_if(used, "in-use", periods=", ".join(used))
    with database.proxy.atomic():
        choice = Choice.get_or_none((Choice.unit == unit.id) & (Choice.plugin == plugin))
        own = None if settings is None else {**(choice.settings if choice else {}), **settings}
        told = {"on": on, "locked": locked, "settings": own, "suspended_until": suspended_until}
        values: dict[str, Any] = {key: value for key, value in told.items() if value is not None}
        values |= {"by": by, "at": real_now()}
        Choice.insert(unit=unit.id, plugin=plugin, **values).on_conflict(
            conflict_target=[Choice.unit, Choice.plugin], update=values
        ).execute()
        code = {True: "choice-on", False: "choice-off", None: "choice-set"}[on]
        text = say(code, what=manifest.name if manifest else say("choice-own"), why=reason).strip()
        log.write(kernel, unit.id, "plugin", by, "", text, values)
        touch()
        if on and (choice is None or not choice.on):
            Timer.create(name="switched-on", data={"unit": unit.id}, due_at=kernel.clock.now())
    kernel.sync()


def periods_using(kernel: Kernel, unit: Unit | UnitLine, plugin: str) -> list[str]:
    """The labels of open periods, here or below, whose cases need a scheme, stage, step or handler of this plugin."""
    registry = kernel.host.registry
    owned = {key for key, owner in registry.owner.items() if owner == plugin}
    found: dict[str, None] = {}
    for snapshot, label in database.rows(
        f"SELECT DISTINCT p.snapshot, p.label FROM period p JOIN unit u ON u.id = p.unit_id "
        f"JOIN cases c ON c.period_id = p.id WHERE p.state = 'open' AND c.a{unit.depth} = ?",
        unit.id,
    ):
        scheme = kernel.snapshot(snapshot).scheme
        uses = {("schemes", scheme.id)} | {("handlers", rule.handler) for rule in scheme.evidence}
        for stage in scheme.stages:
            uses |= {("stages", stage.id), *(("steps", step) for step in stage.steps)}
        if uses & owned:
            found[label] = None
    return list(found)
