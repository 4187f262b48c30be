"""What of a settled case is due outside: connectors say it after each change, and again when more may be known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from kinerja import cases, database, outbox, people, settings, signing
from kinerja.contracts import CaseView, Due, Held, Message
from kinerja.kernel import Kernel
from kinerja.loaded import Loaded


def ask(kernel: Kernel, seen: Loaded) -> None:
    """Ask the connectors that are on at a case's unit and tell what is settled in it; keep the message, or why there is
    none. Call in a transaction, with the case locked. Asking again about the same is the same as once; of a connector
    that fails nothing is left, and it is named."""
    among = settings.enabled(kernel, seen.line)
    for connector in kernel.host.registry.connectors.values():
        plugin = kernel.host.registry.owner["connectors", connector.id]
        at = _settled(kernel, seen, connector.tells)
        if at is not None and plugin in among and connector.due is not None:
            then = cases.load(kernel, seen.view.id, at.astimezone(ZoneInfo(seen.view.unit.zone)).date())
            signed = signing.as_signed(then.view, "at", database.stored(at))
            due = Due(_named(kernel, signed), then.facts, at)
            kernel.host.guarded(plugin, "due", partial(_keep, kernel, plugin, connector.id, connector.due, due))


def _keep(kernel: Kernel, plugin: str, connector: str, say: Callable[[Due], Message | Held | None], due: Due) -> None:
    """One connector's turn, under a savepoint: where it fails, nothing is left of what it wrote."""
    with database.proxy.atomic():
        outbox.keep(kernel, plugin, connector, say(due), due.case.id, due.at)


def _settled(kernel: Kernel, seen: Loaded, tells: Collection[str]) -> datetime | None:
    """When the facts that a connector tells were decided; None while no stage that gives one of them is done."""
    return max(
        (
            moment
            for rule in seen.rules()
            if rule.id in seen.progress and seen.progress[rule.id].state.kind == "selesai"
            for spec, steps in kernel.host.registry.specs(rule)
            if spec.name in tells
            for moment in (seen.progress[rule.id].since, *_handed(seen, rule.id, steps))
        ),
        default=None,
    )


def _handed(seen: Loaded, stage: str, steps: Collection[str]) -> Iterator[datetime]:
    """When parts of these steps were handed in: what is decided anew in place leaves the stage where it was."""
    return (part.handed_at for part in seen.parts if part.stage == stage and part.step in steps and part.handed_at)


def _named(kernel: Kernel, view: CaseView) -> CaseView:
    """The same case with the external numbers of its people, which only messages need."""
    sides = {kind: one.person for kind, one in view.holders.items()}
    known = people.known(kernel, {one.id for one in (*sides.values(), view.person) if one is not None})
    holders = {
        kind: replace(one, person=replace(one.person, ids=known[one.person.id][0]))
        for kind, one in view.holders.items()
    }
    return replace(view, holders=holders, person=view.person and replace(view.person, ids=known[view.person.id][0]))
