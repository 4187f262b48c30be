"""Which plugins are on at a unit, with which settings, and where each answer comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kinerja import database, log
from kinerja.clock import real_now
from kinerja.contracts import Json
from kinerja.kernel import Kernel
from kinerja.models import Choice, Unit
from kinerja.sentences import refuse, say
from kinerja.units import UnitLine

OWN = "kinerja"
"""The name under which the kernel keeps a unit's own settings, such as its answer to a tie of contents."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A plugin's state at a unit. `unit` is where it was decided (None: the default); `locked` above this unit, `locks`
    by this unit for those below."""

    plugin: str
    on: bool
    unit: int | None
    locked: bool
    suspended: bool
    settings: Mapping[str, Json]
    sources: Mapping[str, int]
    locks: bool = False


def touch() -> None:
    """Move the version stamp, so that every process drops what it keeps. Call inside the change's transaction."""
    database.run("UPDATE setting SET value = value + 1 WHERE name = 'stamp'")


def enabled(kernel: Kernel, line: Sequence[int]) -> frozenset[str]:
    """The ids of the plugins that are on for a unit, given its line of ancestors from the root to itself."""
    kept, key = kernel.kept, ("enabled", tuple(line))
    found: frozenset[str] | None = kept.get(key)
    if found is None:
        origins = [state(kernel, line, plugin) for plugin in kernel.host.manifests]
        found = frozenset(origin.plugin for origin in origins if origin.on and not origin.suspended)
        if not any(origin.suspended for origin in origins):  # a suspension ends by itself, so it is not kept
            kept[key] = found
    return found


def enabled_below(unit: Unit) -> frozenset[str]:
    """The plugins that somebody below a unit switched on there, whatever holds at the unit itself."""
    below = getattr(Unit, f"a{unit.depth}") == unit.id
    return frozenset(one.plugin for one in Choice.select().join(Unit).where(below & (Choice.on == True)))  # noqa: E712  # SQL


def state(kernel: Kernel, line: Sequence[int], plugin: str) -> Origin:
    """Where a plugin stands at a unit: the highest locked choice wins, else the nearest; where nobody chose, what the
    plugin's own manifest says."""
    choices = _choices(kernel)
    manifest = kernel.host.manifests.get(plugin)
    on, decided, locked, suspended = manifest is None or manifest.on, None, False, False
    values: dict[str, Json] = {}
    sources: dict[str, int] = {}
    for unit in line:
        choice = choices.get((unit, plugin))
        if choice is None:
            continue
        if not locked:
            if choice[0] is not None:
                on, decided = bool(choice[0]), unit
            for name, value in choice[2].items():
                values[name], sources[name] = value, unit
        locked = locked or bool(choice[1])
        suspended = suspended or (choice[3] is not None and choice[3] > real_now())
    above = any(choices.get((unit, plugin), (None, False))[1] for unit in line[:-1])
    here = bool(line) and bool(choices.get((line[-1], plugin), (None, False))[1])
    return Origin(plugin, on, decided, above, suspended, values, sources, here)


def own(kernel: Kernel, line: Sequence[int], name: str, default: Json = None) -> Json:
    """A setting of the kernel itself at a unit, nearest first."""
    return state(kernel, line, OWN).settings.get(name, default)


def _choices(kernel: Kernel) -> dict[tuple[int, str], tuple[Any, ...]]:
    kept = kernel.kept  # another thread may put a fresh one in its place meanwhile
    found: dict[tuple[int, str], tuple[Any, ...]] | None = kept.get("choices")
    if found is None:
        found = {
            (one.unit_id, one.plugin): (one.on, one.locked, one.settings or {}, one.suspended_until)
            for one in Choice.select()
        }
        kept["choices"] = found
    return found


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
    if plugin != OWN and manifest is None:
        raise refuse("unknown")
    if state(kernel, unit.line, plugin).locked:
        raise refuse("locked")
    switched = on is not None or locked is not None or suspended_until is not None
    if manifest and manifest.restricted and unit.parent_id is not None and switched:
        raise refuse("restricted")
    if on is False:
        used = periods_using(kernel, unit, plugin)
        if used:
            raise refuse("in-use", periods=", ".join(used))
    with database.proxy.atomic():
        choice = Choice.get_or_none((Choice.unit == unit.id) & (Choice.plugin == plugin))
        values: dict[str, Any] = {"by": by, "at": real_now()}
        if on is not None:
            values["on"] = on
        if locked is not None:
            values["locked"] = locked
        if settings is not None:
            values["settings"] = {**(choice.settings if choice else {}), **settings}
        if suspended_until is not None:
            values["suspended_until"] = suspended_until
        if choice is None:
            Choice.create(unit=unit.id, plugin=plugin, **values)
        else:
            Choice.update(**values).where((Choice.unit == unit.id) & (Choice.plugin == plugin)).execute()
        code = {True: "choice-on", False: "choice-off", None: "choice-set"}[on]
        text = say(code, what=manifest.name if manifest else say("choice-own"), why=reason).strip()
        log.write(kernel, unit.id, "plugin", by, "", text, values)
        touch()
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
