"""Send the messages of the outbox: at least once, in order by person, each under a lease."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import peewee

from kinerja import people, settings
from kinerja.clock import real_now
from kinerja.contracts import Message, Receipt
from kinerja.kernel import Kernel
from kinerja.models import Case, Outgoing
from kinerja.sentences import say
from kinerja_office import requests
from kinerja_work import leases
from kinerja_work.leases import LEASE, PATIENCE

log = logging.getLogger(__name__)
ASIDE = 3600
"""Seconds until a message is looked at again whose plugin is off or not installed."""
MOST = 24
"""How often a message is tried of which its connector fails, about a day, before somebody has to look at it."""


def due(kernel: Kernel, worker: str, lease: timedelta = LEASE) -> Iterator[str]:
    """Send the messages that are due, each claimed alone; yields the key of each. Any number may do so side by side."""
    while claimed := claim(worker, 1, lease):
        deliver(kernel, claimed[0], worker)
        yield claimed[0].key


def claim(worker: str, limit: int = 10, lease: timedelta = LEASE) -> list[Outgoing]:
    """Take up to *limit* due messages under a lease; of one person only the oldest that is not done."""
    older, mine, other = Outgoing.alias(), Case.alias(), Case.alias()
    theirs = other.select(other.id).join(mine, on=(other.person == mine.person)).where(mine.id == Outgoing.case)
    first = older.select(older.id).where(
        ((older.case == Outgoing.case) | older.case.in_(theirs)) & (older.connector == Outgoing.connector) & (older.case != "")
        & older.done_at.is_null() & older.state.in_(["waiting", "again"]) & (older.id < Outgoing.id)
    )  # fmt: skip
    waiting = (
        Outgoing.done_at.is_null()  # as the index over what is open says it
        & Outgoing.state.in_(["waiting", "again"]) & (Outgoing.due_at <= real_now()) & ~peewee.fn.EXISTS(first)
    )  # fmt: skip
    return leases.claim(Outgoing, waiting, (Outgoing.due_at, Outgoing.id), worker, lease, limit)


def deliver(kernel: Kernel, message: Outgoing, worker: str) -> Receipt:
    """Send one claimed message through its connector and keep what came of it. The call itself is outside any
    transaction; a connector that fails is tried again later."""
    try:
        receipt = _sent(kernel, message)
        _keep(message, receipt, worker)
    except Exception:
        log.exception("message %s", message.id)
        receipt = _failed(message)
        _keep(message, receipt, worker)
    return receipt


def _failed(message: Outgoing) -> Receipt:
    """The connector is at fault: tried again later, and in the end left for somebody to look at."""
    return (
        Receipt("again", say("sending-failed")) if message.tries + 1 < MOST else Receipt("stop", say("sending-stopped"))
    )


def _sent(kernel: Kernel, message: Outgoing) -> Receipt:
    connector = kernel.host.registry.connectors.get(message.connector)
    case = Case.get_or_none(Case.id == message.case)
    line = case.unit.line if case is not None else []
    if connector is None or connector.send is None:
        return Receipt("again", say("connector-missing", connector=message.connector), wait=ASIDE)
    if message.plugin not in settings.enabled(kernel, line):
        return Receipt("again", say("sending-off"), wait=ASIDE)
    person = case.person_id or 0 if case is not None else 0
    waiting = [one.label for one in requests.open_values(person)]
    if waiting:
        return Receipt("again", say("request-holds", what=", ".join(dict.fromkeys(waiting))), wait=ASIDE)
    values = settings.state(kernel, line, message.plugin).settings
    secrets = {name: os.environ.get(name, "") for name in connector.secrets}
    payload = {**message.payload, "ids": people.known(kernel, [person])[person][0]}
    told = Message(message.key, message.connector, message.kind, payload)
    answer = kernel.host.guarded(message.plugin, "send", partial(connector.send, told, values, secrets), Receipt)
    return answer.value or _failed(message)


def _keep(message: Outgoing, receipt: Receipt, worker: str) -> None:
    tries = message.tries + 1
    values: dict[str, Any] = {
        "state": receipt.outcome, "tries": tries, "sentence": receipt.sentence.replace("\0", ""), "lease_until": None, "lease_by": "",
        "reference": (receipt.reference or message.reference).replace("\0", "")[:255],
    }  # fmt: skip
    if receipt.outcome == "again":
        values["due_at"] = real_now() + timedelta(seconds=receipt.wait or PATIENCE[min(tries, len(PATIENCE)) - 1])
    else:
        values["done_at"] = real_now()
    Outgoing.update(**values).where((Outgoing.id == message.id) & (Outgoing.lease_by == worker)).execute()
