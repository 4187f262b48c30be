"""Which plugins are on at a unit, with which settings, and where each answer comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from kinerja import database
from kinerja.clock import real_now
from kinerja.contracts import Json
from kinerja.kernel import Kernel
from kinerja.models import Choice, Unit

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
    on = Choice.select().join(Unit).where((Choice.on == True) & (getattr(Unit, f"a{unit.depth}") == unit.id))  # noqa: E712  # SQL
    return frozenset(one.plugin for one in on)


def state(kernel: Kernel, line: Sequence[int], plugin: str) -> Origin:
    """Where a plugin stands at a unit: the highest locked choice wins, else the nearest; where nobody chose, what the
    plugin's own manifest says."""
    choices = _choices(kernel)
    manifest = kernel.host.manifests.get(plugin)
    on, decided, locked = manifest is None or manifest.on, None, False
    values: dict[str, Json] = {}
    sources: dict[str, int] = {}
    chosen = [(unit, choices[unit, plugin]) for unit in line if (unit, plugin) in choices]
    for unit, choice in chosen:
        if not locked:
            if choice[0] is not None:
                on, decided = bool(choice[0]), unit
            for name, value in choice[2].items():
                values[name], sources[name] = value, unit
        locked = locked or bool(choice[1])
    locks = {unit for unit, choice in chosen if choice[1]}
    above, here = bool(locks.intersection(line[:-1])), bool(locks.intersection(line[-1:]))
    suspended = any(choice[3] is not None and choice[3] > real_now() for _, choice in chosen)
    return Origin(plugin, on, decided, above, suspended, values, sources, here)


def own(kernel: Kernel, line: Sequence[int], name: str, default: Json = None) -> Json:
    """A setting of the kernel itself at a unit, nearest first."""
    return state(kernel, line, OWN).settings.get(name, default)


def _choices(kernel: Kernel) -> dict[tuple[int, str], tuple[Any, ...]]:
    kept = kernel.kept  # another thread may put a fresh one in its place meanwhile
    if "choices" not in kept:
        kept["choices"] = {
            (one.unit_id, one.plugin): (one.on, one.locked, one.settings or {}, one.suspended_until)
            for one in Choice.select()
        }
    return cast(dict[tuple[int, str], tuple[Any, ...]], kept["choices"])
